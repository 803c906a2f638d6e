"""Loads -> exchanges: HTTP messages in the form that WARC files hold.

Raw header text is what came over the wire, where the browser gives it (HTTP/1.1). HTTP/2 and 3 have no text: their
headers are written as those of HTTP/1.1, as is the custom, and WARC-Protocol says what was spoken. The browser hands
bodies over decoded, so the headers that described the coded body are renamed to `x-orig-...`, as other browser-based
crawlers do, and a Content-Length stands for the body that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urldefrag, urlsplit

from archive.exchange import Exchange, Truncation
from archive.spool import Spool
from crawler.rendering.gate import place
from crawler.rendering.loads import Load
from crawler.rendering.protocol import Event

_CODING = {"content-encoding", "transfer-encoding"}
_NO_BODY = frozenset({204, 304})
_PROTOCOLS = {"http/1.0": "http/1.0", "http/1.1": "http/1.1", "h2": "h2", "h3": "h3"}  # ids of ALPN
_PHRASES = {
    200: "OK",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    404: "Not Found",
}


def exchange_of(
    load: Load, *, page_id: str, main_frame: str, peers: Mapping[tuple[str, int], str]
) -> Exchange:
    """The exchange of a load that has a response."""
    url = urldefrag(load.url).url
    status = load.status
    assert status is not None
    response = Spool()
    response.write(_head(load, status))
    if status not in _NO_BODY:
        for piece in load.body.pieces():
            response.write(piece)
    return Exchange(
        url=url,
        request=_request(load),
        response=response,
        started=load.started,
        peer=peers.get(place(url)),
        truncated=_truncation(load, status),
        fields=(
            ("WARC-Protocol", _protocol(load)),
            ("WARC-Page-ID", page_id),
            ("WARC-Resource-Type", _kind(load, main_frame)),
        ),
    )


def has_exchange(load: Load) -> bool:
    """Whether an answer came over the wire. What a cache was told to be still valid (304) did."""
    return load.extra is not None if load.from_browser else (load.response or load.extra) is not None


def _protocol(load: Load) -> str:
    spoken = str((load.response or {}).get("protocol", "http/1.1")).lower()
    return _PROTOCOLS.get(spoken, "http/1.1")


def _kind(load: Load, main_frame: str) -> str:
    """The protocol's type in lower case, documents of frames told apart."""
    kind = load.kind.lower()
    return "subdocument" if kind == "document" and load.frame != main_frame else kind


def _request(load: Load) -> bytes:
    parts = urlsplit(load.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = load.request_headers if load.request_headers is not None else load.request["headers"]
    headers = list(_pairs(sent))
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", sent.get(":authority") or parts.netloc))
    lines = [f"{load.request['method']} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return _text(lines) + (load.post or b"")


def _pairs(headers: Event) -> Iterable[tuple[str, str]]:
    """Fields of the protocol's object, which joins repeats by line feeds; without HTTP/2's pseudo fields."""
    for name, value in headers.items():
        if not name.startswith(":"):
            for one in str(value).split("\n"):
                yield name, one


def _head(load: Load, status: int) -> bytes:
    line, fields = _received(load, status)
    if status in _NO_BODY:
        return _text([line, *(f"{name}: {value}" for name, value in fields)])
    size = str(load.body.size)
    coded = any(name.lower() in _CODING for name, _ in fields)
    lengths = [value.strip() for name, value in fields if name.lower() == "content-length"]
    changed = coded or lengths not in ([], [size])
    kept = []
    for name, value in fields:
        lower = name.lower()
        if lower in _CODING or (changed and lower == "content-length"):
            name = f"x-orig-{lower}"
        kept.append(f"{name}: {value}")
    if changed or not lengths:
        kept.append(f"Content-Length: {size}")
    return _text([line, *kept])


def _received(load: Load, status: int) -> tuple[str, list[tuple[str, str]]]:
    """Status line and fields as they came, or as near as the browser tells."""
    text = (load.extra or {}).get("headersText")
    if isinstance(text, str) and text.startswith("HTTP/"):
        line, *rest = text.rstrip("\r\n").split("\r\n")
        fields = [
            (name, value.lstrip(" \t"))
            for name, colon, value in (one.partition(":") for one in rest)
            if colon
        ]
        return line, fields
    headers = (load.extra or {}).get("headers") or (load.response or {}).get("headers") or {}
    phrase = str((load.response or {}).get("statusText") or _PHRASES.get(status, ""))
    return f"HTTP/1.1 {status} {phrase}".rstrip(), list(_pairs(headers))


def _truncation(load: Load, status: int) -> Truncation | None:
    if status in _NO_BODY:
        return None
    if load.cut is not None or load.whole or _promised(load) == load.body.size:
        return load.cut
    if load.broken_off:
        return "unspecified"
    return "disconnect" if load.ended else "time"


def _promised(load: Load) -> int | None:
    """Content-Length of a body that came as it is."""
    fields = {name.lower(): value for name, value in _received(load, load.status or 0)[1]}
    length = fields.get("content-length", "")
    return int(length) if length.isdecimal() and not _CODING & fields.keys() else None


def _text(lines: Iterable[str]) -> bytes:
    """Header text: the browser takes its bytes for ISO 8859-1 or, where they are that, UTF-8."""
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("utf-8", "surrogateescape")
