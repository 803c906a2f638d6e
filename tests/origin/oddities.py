"""The odd answers: each a thing that servers on the web really do, reduced to its bytes."""

from __future__ import annotations

import gzip

from tests.origin.server import Answer, Asked, Script, Wait

_PAGE = (
    b"<!doctype html><html><head><title>Ferry resumes</title></head><body><p>The ferry to the island "
    b"runs again, the harbour office said.</p></body></html>\n"
)
_HTML = b"Content-Type: text/html; charset=utf-8\r\n"
_PACKED = gzip.compress(_PAGE * 40, mtime=0)


def plain(body: bytes = _PAGE, head: bytes = b"", status: bytes = b"200 OK") -> bytes:
    """A response without any oddity but the given extra header lines."""
    return b"HTTP/1.1 %b\r\n%b%bContent-Length: %d\r\n\r\n%b" % (status, _HTML, head, len(body), body)


def chunked(*pieces: bytes, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    """A body in chunks, ended as it should be."""
    framed = b"".join(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece) for piece in pieces)
    return framed + b"0%b\r\n%b\r\n" % (extension, trailers)


def _then_fine(status: bytes) -> Script:
    def answer(asked: Asked) -> Answer:
        return Answer((plain(),) if asked.before else (plain(b"busy\n", status=status),))

    return answer


def _moved(status: bytes, to: str) -> Script:
    def answer(asked: Asked) -> Answer:
        head = b"Location: " + (asked.base + to).encode() + b"\r\n"
        return Answer((plain(b"moved\n", head=head, status=status),))

    return answer


WHOLE: dict[str, Script] = {
    "/plain": Answer((plain(),)),
    "/odd-case": Answer(
        (b"HTTP/1.1 200 Okay Dokay\r\ncOnTeNt-LENGTH: 3\r\nSERVER:x\r\nX-A:   b  \r\n\r\nabc",)
    ),
    "/no-phrase": Answer((b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",)),
    "/repeated": Answer((plain(head=b"Set-Cookie: b=2\r\nSet-Cookie: a=1\r\nVary: x\r\nvary: Y\r\n"),)),
    "/latin-1": Answer((plain(head=b"X-Name: caf\xe9 \xfcber\r\n"),)),
    "/gzip": Answer((plain(_PACKED, head=b"Content-Encoding: gzip\r\n"),)),
    "/chunked": Answer(
        (b"HTTP/1.1 200 OK\r\n" + _HTML + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(_PAGE, b"tail"),)
    ),
    "/chunked-odd": Answer(
        (
            b"HTTP/1.1 200 OK\r\n" + _HTML + b"transfer-encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n",
            chunked(_PAGE, _PAGE[:9], extension=b';name="value"', trailers=b"X-Sum: 9\r\nX-More: z\r\n"),
        )
    ),
    "/chunked-gzip": Answer(
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n" + _HTML + b"\r\n",
            chunked(_PACKED[:50], _PACKED[50:]),
        )
    ),
    "/chunked-empty": Answer((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",)),
    "/slow-pieces": Answer(
        (
            *(b"HTTP/1.1 2", Wait(0.05), b"00 OK\r\nContent-Le", Wait(0.05), b"ngth: 4\r", Wait(0.05)),
            *(b"\n\r\nab", Wait(0.05), b"cd"),
        )
    ),
    "/moved": _moved(b"301 Moved Permanently", "/plain"),
    "/found": _moved(b"302 Found", "/moved"),
    "/loop": _moved(b"302 Found", "/loop"),
    "/no-content": Answer((b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n",)),
    "/not-modified": Answer((b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',)),
    "/missing": Answer((plain(b"<p>nothing here</p>", status=b"404 Not Found"),)),
    "/gone": Answer((plain(b"<p>removed</p>", status=b"410 Gone"),)),
    "/busy": _then_fine(b"500 Internal Server Error"),
    "/early-hints": Answer(
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
            b"HTTP/1.1 103 Early Hints\r\nLink: </b.css>; rel=preload\r\n\r\n" + plain(),
        )
    ),
    "/folded": Answer((plain(head=b"X-Long: first\r\n  second\r\n\tthird\r\nX-Next: n\r\n"),)),
    "/colonless": Answer((plain(head=b"this line has no colon\r\nX-Next: n\r\n"),)),
    "/lf-only": Answer((b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 5\n\nlines",)),
    "/http-1.0": Answer((b"HTTP/1.0 200 OK\r\n" + _HTML + b"\r\n" + _PAGE,), "close"),
    "/until-close": Answer((b"HTTP/1.1 200 OK\r\n" + _HTML + b"\r\n" + _PAGE, Wait(0.05), _PAGE), "close"),
    "/empty": Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",)),
    "/junk-after": Answer((plain(),)),  # and junk, which the test knows of: see JUNK
}
"""Answers that are whole: what is archived equals what was sent, interim heads and junk left out."""

JUNK = b"\r\n<!-- junk after the body -->HTTP/1.1 200 OK\r\n"
INTERIM: dict[str, int] = {"/early-hints": len(WHOLE["/early-hints"].steps[0]) * 2}  # type: ignore[union-attr]

_LONG = b"HTTP/1.1 200 OK\r\n" + _HTML + b"Content-Length: 9000\r\n\r\n" + _PAGE
_FRAMED = b"HTTP/1.1 200 OK\r\n" + _HTML + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(_PAGE)[:-5]

CUT: dict[str, tuple[Answer, str]] = {
    "/body-cut": (Answer((_LONG,), "close"), "disconnect"),
    "/body-reset": (Answer((_LONG, Wait(0.2)), "reset"), "disconnect"),
    "/chunks-cut": (Answer((_FRAMED,), "close"), "disconnect"),
    "/chunk-cut": (Answer((_FRAMED + b"ff\r\nhalf a chunk",), "close"), "disconnect"),
    "/head-cut": (Answer((b"HTTP/1.1 200 OK\r\nContent-Type: text/h",), "close"), "disconnect"),
    "/until-reset": (
        Answer((b"HTTP/1.1 200 OK\r\n" + _HTML + b"\r\n" + _PAGE, Wait(0.2)), "reset"),
        "disconnect",
    ),
    "/body-hangs": (Answer((_LONG,), "hang"), "time"),
    "/chunks-hang": (Answer((_FRAMED,), "hang"), "time"),
    "/until-hangs": (Answer((b"HTTP/1.1 200 OK\r\n" + _HTML + b"\r\n" + _PAGE,), "hang"), "time"),
    "/head-hangs": (Answer((b"HTTP/1.1 200 OK\r\nContent-Type: te",), "hang"), "time"),
    "/not-http": (Answer((b"SSH-2.0-OpenSSH_9.6\r\nmore\r\n",), "hang"), "unspecified"),
    "/bad-chunk": (Answer((_FRAMED + b"zz\r\nno size\r\n",), "hang"), "unspecified"),
    "/two-lengths": (
        Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",), "hang"),
        "unspecified",
    ),
}
"""Answers that are never whole, with the reason of WARC-Truncated that they are archived under."""

SILENT: dict[str, Answer] = {
    "/silence": Answer((), "hang"),
    "/slammed": Answer((), "close"),
    "/only-hints": Answer((b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",), "close"),
}
"""Answers without a byte of a final response: there is nothing to archive, and the failure is told."""


def scripts() -> dict[str, Script]:
    """All of them, and `/robots.txt`, by path; any other path gets a 404."""
    everything: dict[str, Script] = {"*": Answer((plain(b"no such path", status=b"404 Not Found"),))}
    everything |= WHOLE
    everything["/junk-after"] = Answer((plain() + JUNK,))
    everything |= {path: answer for path, (answer, _) in CUT.items()}
    everything |= SILENT
    everything["/robots.txt"] = Answer((b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + _ROBOTS,))
    return everything


_RULES = b"User-agent: *\nDisallow: /private/\n"
_ROBOTS = b"Content-Length: %d\r\n\r\n%b" % (len(_RULES), _RULES)
