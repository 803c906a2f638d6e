"""Runs the app and the origin of the archived pages beside it, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from archive.errors import TearsheetError

ADDRESS = "127.0.0.1"
_GRACE = 5  # seconds that answers under way get to end


class ServeError(TearsheetError):
    """The server can't be started as asked."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound port of this machine, and the origin that it is to a browser."""

    socket: socket.socket

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    @property
    def origin(self) -> str:
        return f"http://{ADDRESS}:{self.port}"


def listen(port: int) -> Listener:
    """Bind a port of the loopback interface; a free one for 0. Raises ServeError where it is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((ADDRESS, port))
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        reason = getattr(error, "strerror", None) or error
        raise ServeError(
            f"{ADDRESS}:{port} can't be listened on ({reason}); name another port with --port"
        ) from error
    return Listener(bound)


def listen_beside(port: int) -> tuple[Listener, Listener]:
    """Bind a port and the one after it, or two free ones for 0. Raises ServeError as `listen` does."""
    first = listen(port)
    try:
        return first, listen(port + 1 if port else 0)
    except ServeError:
        first.socket.close()
        raise


def run(served: Sequence[tuple[Listener, ASGIApp]]) -> None:
    """Serve each app on its port until SIGINT or SIGTERM; answers under way are ended first."""
    asyncio.run(_run(served))


async def _run(served: Sequence[tuple[Listener, ASGIApp]]) -> None:
    servers = [_Server(_config(app)) for _, app in served]

    def stop() -> None:
        for server in servers:
            server.force_exit = server.should_exit  # a second signal does not wait
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await asyncio.gather(
        *(server.serve([listener.socket]) for server, (listener, _) in zip(servers, served, strict=True))
    )


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=_GRACE,
        limit_concurrency=200,
    )


class _Server(uvicorn.Server):
    """One of several: signals are for all of them, so none takes them for itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
