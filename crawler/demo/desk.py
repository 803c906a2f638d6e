"""One outlet's HTTP/1.1 server, on loopback alone."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate, cycle, pairwise
from threading import Lock, Thread
from typing import Any

from crawler.demo.site import Reply

LOOPBACK = "127.0.0.1"
_CHUNK_SIZES = (1000, 1, 317, 2048)  # bytes; uneven, so that framing shows wherever it is not undone
_IDLE = 30.0  # seconds that a connection may stay silent
_POLL = 0.02  # seconds until a stop is noticed


class Desk(ThreadingHTTPServer):
    """The server of one outlet, on one port of a loopback address (0 takes any that is free).

    answer  percent-encoded path with its query -> what to send
    record  is told method, path and status of every request
    """

    daemon_threads = False  # so that server_close waits for them
    request_queue_size = 64

    def __init__(
        self,
        port: int,
        answer: Callable[[str], Reply],
        record: Callable[[str, str, int], None],
        address: str = LOOPBACK,
    ) -> None:
        self.answer = answer
        self.record = record
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._thread: Thread | None = None
        super().__init__((address, port), _Handler)

    def start(self) -> None:
        """Serve from a thread of its own until the context is left."""
        self._thread = Thread(target=self.serve_forever, args=(_POLL,), daemon=True)
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may leave whenever it likes
            super().handle_error(request, client_address)

    def __exit__(self, *_: object) -> None:
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RD)  # an idle keep-alive connection reads its end
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom/1"
    sys_version = ""
    timeout = _IDLE
    disable_nagle_algorithm = True  # header and body are two writes; Nagle would put 40 ms between them
    server: Desk

    def do_GET(self) -> None:
        reply = self.server.answer(self.path)
        coded = reply.gzip and "gzip" in self.headers.get("Accept-Encoding", "").lower()
        if self._is_current(reply, coded=coded):
            self._send_head(reply, HTTPStatus.NOT_MODIFIED, coded=coded)
            self.end_headers()
            return
        body = reply.coded_body() if coded else reply.body
        chunked = reply.chunked and self.request_version == "HTTP/1.1"
        self._send_head(reply, HTTPStatus(reply.status), coded=coded)
        self.send_header("Content-Type", reply.content_type)
        if reply.location:
            self.send_header("Location", reply.location)
        if reply.retry_after is not None:
            self.send_header("Retry-After", str(reply.retry_after))
        if coded:
            self.send_header("Content-Encoding", "gzip")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"".join(_chunks(body)) if chunked else body)

    def do_HEAD(self) -> None:
        """RFC 9110, 9.3.2: the same header, no body."""
        self.do_GET()

    def _send_head(self, reply: Reply, status: HTTPStatus, *, coded: bool) -> None:
        self.server.record(self.command, self.path, int(status))
        self.send_response(status)
        if reply.last_modified is not None:
            self.send_header("ETag", reply.etag(coded=coded))
            self.send_header("Last-Modified", _http_date(reply.last_modified))
        if reply.gzip:
            self.send_header("Vary", "Accept-Encoding")

    def _is_current(self, reply: Reply, *, coded: bool) -> bool:
        """RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
        if reply.last_modified is None:
            return False
        if (tags := self.headers.get("If-None-Match")) is not None:
            held = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in held or reply.etag(coded=coded) in held
        if (since := self.headers.get("If-Modified-Since")) is None:
            return False
        try:
            moment = parsedate_to_datetime(since)
        except ValueError:
            return False  # RFC 9110, 13.1.3: an invalid date is ignored
        return reply.last_modified.replace(microsecond=0) <= _aware(moment)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed; `record` is told of the requests."""


def _chunks(body: bytes) -> Iterator[bytes]:
    """RFC 9112, 7.1: the body in chunks of uneven size and the last chunk, without trailers."""
    sizes = cycle(_CHUNK_SIZES)
    ends = accumulate(sizes, initial=0)
    for start, end in pairwise(ends):
        piece = body[start:end]
        if not piece:
            break
        yield b"%X\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
