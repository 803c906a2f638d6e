"""A site with one of everything that a browser fetches."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Mapping

from tests.origin.server import Answer, Asked, Script


def answer(
    body: bytes | str = b"", kind: str = "text/html; charset=utf-8", status: str = "200 OK", *headers: str
) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers, "", ""]
    return Answer(("\r\n".join(head).encode() + data,))


def chunked(body: bytes, kind: str, *headers: str) -> Answer:
    """In pieces of a thousand bytes."""
    head = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", "Transfer-Encoding: chunked", *headers, "", ""]
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
    return Answer(("\r\n".join(head).encode() + framed,))


def empty(status: str, *headers: str) -> Answer:
    return Answer(("\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode(),))


def moved(to: str, status: str = "302 Found") -> Answer:
    return answer(b"", "text/plain", status, f"Location: {to}")


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x40\x80" * width for _ in range(height))
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def script(text: str, *headers: str) -> Answer:
    return answer(text, "text/javascript", "200 OK", *headers)


def revalidated(body: bytes, kind: str) -> Script:
    """Answers 304 to whoever has it."""

    def say(asked: Asked) -> Answer:
        if b"if-none-match" in asked.raw.lower():
            return empty("304 Not Modified", 'ETag: "one"')
        return answer(body, kind, "200 OK", 'ETag: "one"', "Cache-Control: no-cache")

    return say


def everything(other: str) -> Mapping[str, Script]:
    """Scripts by path; `other` is the origin of frames from elsewhere, such as "http://localhost:81"."""
    front = f"""<!doctype html><meta charset=utf-8><title>Front</title>
<link rel=icon href=/favicon.ico><link rel=stylesheet href=/style.css>
<style>@font-face {{ font-family: F; src: url(/font.woff2) }} h1 {{ font-family: F }}</style>
<h1>Everything</h1><p id=out></p><img src=/picture.png><img src=/moved.png>
<iframe src=/frame.html></iframe><iframe src={other}/elsewhere.html></iframe>
<script src=/classic.js></script><script type=module src=/module.js></script>"""
    classic = """
new Worker('/worker.js').postMessage(1);
new SharedWorker('/shared.js').port.start();
navigator.serviceWorker.register('/service.js');
fetch('/data.json').then(r => r.json()).then(d => document.getElementById('out').textContent = d.text);
fetch('/posted', {method: 'POST', body: 'name=value&umlaut=\\u00fc'});
fetch('/nothing');
fetch('/latin.txt').then(r => r.text());
const one = new XMLHttpRequest(); one.open('GET', '/again.txt');
one.onload = () => { const two = new XMLHttpRequest(); two.open('GET', '/again.txt'); two.send(); };
one.send();
fetch('/missing').catch(() => 0);
navigator.sendBeacon('/beacon', 'seen');
"""
    return {
        "/": moved("/hop"),
        "/hop": moved("/page", "301 Moved Permanently"),
        "/page": chunked(gzip.compress(front.encode()), "text/html; charset=utf-8", "Content-Encoding: gzip"),
        "/style.css": chunked(b"body { color: #111; background: url(/back.png) }" + b" " * 3000, "text/css"),
        "/back.png": answer(png(4, 4), "image/png"),
        "/font.woff2": answer(b"wOF2" + bytes(60), "font/woff2"),
        "/favicon.ico": answer(png(), "image/png"),
        "/picture.png": answer(png(3, 3), "image/png", "200 OK", "X-Repeated: one", "X-Repeated: two"),
        "/moved.png": moved("/picture2.png"),
        "/picture2.png": answer(png(5, 5), "image/png"),
        "/classic.js": script(classic),
        "/module.js": script("import {a} from '/imported.js'; document.body.dataset.a = a;"),
        "/imported.js": script("export const a = 1;"),
        "/data.json": chunked(
            gzip.compress(b'{"text": "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7"}'),
            "application/json",
            "Content-Encoding: gzip",
        ),
        "/posted": answer(b"{}", "application/json", "201 Created"),
        "/nothing": empty("204 No Content"),
        "/latin.txt": answer(b"caf\xe9 \xff\xfe", "text/plain; charset=iso-8859-1"),
        "/again.txt": revalidated(b"the same again", "text/plain"),
        "/beacon": empty("204 No Content"),
        "/frame.html": answer("<p>frame<script src=/in-frame.js></script>"),
        "/in-frame.js": script("1"),
        "/worker.js": script("importScripts('/part.js'); onmessage = () => fetch('/from-worker.json')"),
        "/part.js": script("2"),
        "/from-worker.json": answer(b"{}", "application/json"),
        "/shared.js": script("fetch('/from-shared.json')"),
        "/from-shared.json": answer(b"{}", "application/json"),
        "/service.js": script(
            "oninstall = e => e.waitUntil(caches.open('c').then(c => c.add('/cached.json')).then(() => skipWaiting()))"
        ),
        "/cached.json": answer(b"[]", "application/json"),
        "/elsewhere.html": answer("<p>elsewhere<script src=/in-elsewhere.js></script><img src=/there.png>"),
        "/in-elsewhere.js": script("fetch('/deep.json')"),
        "/deep.json": answer(b"[1]", "application/json"),
        "/there.png": answer(png(6, 6), "image/png"),
        "*": answer(b"no such page", "text/plain", "404 Not Found"),
    }
