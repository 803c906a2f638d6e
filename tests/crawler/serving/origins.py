"""Apps served on a free port of loopback by the server that serves them to users."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

import uvicorn
from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Said:
    """What a server said; names of headers in lower case, the last of each."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Origin:
    """A server: its address without a slash at the end."""

    address: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> Said:
        """Send the path as it stands; underscores in names of headers stand for hyphens."""
        connection = HTTPConnection(self.address.removeprefix("http://"), timeout=30)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in given, skip_accept_encoding=True)
            for name, value in given.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, said, answer.read())
        finally:
            connection.close()


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


def address_of(bound: socket.socket) -> str:
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def served(app: ASGIApp, bound: socket.socket | None = None) -> Iterator[Origin]:
    """The app on `bound`, or on a port of its own."""
    if bound is None:
        with listening() as own, served(app, own) as origin:
            yield origin
        return
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive())
        yield Origin(address_of(bound))
    finally:
        server.should_exit = True
        thread.join(30)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
