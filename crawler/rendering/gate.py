"""The only way by which a page gets at the network: a SOCKS5 proxy (RFC 1928) on loopback, one to each page.

Refusing private addresses needs a say at the moment of connecting. What the DevTools protocol offers comes before the
browser has resolved a name (Fetch.requestPaused) or after it has sent the request (remoteIPAddress), and says nothing
of WebSockets, preconnects or a favicon's second try. With a proxy that gets the host's name, resolving and connecting
are done here, and by the same rule as for plain requests: the address that is checked is the one that is connected
to, so a name that resolves anew in between can't get round it. Guaranteed is therefore that no TCP connection of a
page, whatever made it, reaches an address that the rule refuses. WebRTC has no way around it (it may not use UDP
without a proxy), nor has QUIC, which needs a direct connection; pages come by HTTP/2 and 1.1.

Bytes pass as they are, TLS included: nothing is read or changed. They are counted, so a page has a bound; and when
the page is done its gate is shut, which ends streams that have no end.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

Refuse = Callable[[str, str], str | None]
"""From a host (with its port if that is neither 80 nor 443) and a peer's address: why it is refused, or None."""

_PIECE = 1 << 16
_CONNECT_WITHIN = 20.0
_GRANTED, _NOT_ALLOWED, _UNREACHABLE = 0, 2, 4


class Gate:
    """The connections of one page.

    refusals   why hosts were refused, a sentence each, each once
    asked      hosts and ports that were asked for, in order
    peers      address that was connected to, by host and port
    ended      when a server last ended a connection, by host and port, on the monotonic clock
    """

    def __init__(self, refuse: Refuse, bound: int) -> None:
        self._refuse = refuse
        self._left = bound
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._pinned: dict[tuple[str, int], asyncio.Task[list[str]]] = {}
        self.refusals: dict[str, None] = {}
        self.asked: list[tuple[str, int]] = []
        self.peers: dict[tuple[str, int], str] = {}
        self.ended: dict[tuple[str, int], float] = {}

    @property
    def exhausted(self) -> bool:
        """Whether the page had more to load than the bound."""
        return self._left < 0

    async def open(self) -> str:
        """Returns the proxy's URL."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_PIECE)
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        tasks = [*self._tasks, *self._pinned.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.IncompleteReadError, UnicodeDecodeError, struct.error):
            pass  # the browser or the server has hung up: the browser says so of its own accord
        except asyncio.CancelledError:
            pass  # the gate is being shut; asyncio.start_server logs a cancelled connection as an error
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = await _asked_for(reader, writer)
        self.asked.append((host, port))
        status, server = await self._connect(host, port)
        writer.write(bytes((5, status, 0, 1, 0, 0, 0, 0, 0, 0)))
        await writer.drain()
        if server is None:
            writer.close()
            return
        there, back = server
        try:
            await asyncio.gather(self._copy(reader, back, 0), self._receive(there, writer, (host, port)))
        finally:
            back.transport.abort()

    async def _connect(
        self, host: str, port: int
    ) -> tuple[int, tuple[asyncio.StreamReader, asyncio.StreamWriter] | None]:
        written = f"[{host}]" if ":" in host else host
        name = written if port in (80, 443) else f"{written}:{port}"
        status = _UNREACHABLE
        for address in await self._addresses(host, port):
            if reason := self._refuse(name, address):
                self.refusals[reason] = None
                status = _NOT_ALLOWED
                continue
            with suppress(OSError):
                async with asyncio.timeout(_CONNECT_WITHIN):
                    server = await asyncio.open_connection(address, port, limit=_PIECE)
                self.peers[(host, port)] = address
                return _GRANTED, server
        return status, None

    async def _addresses(self, host: str, port: int) -> Iterable[str]:
        """Resolved once to a page, so that all connections to a host go to the address that its records name."""
        key = (host, port)
        if key not in self._pinned:
            self._pinned[key] = asyncio.ensure_future(_resolved(host, port))
        addresses = await asyncio.shield(self._pinned[key])
        known = self.peers.get(key)
        return sorted(addresses, key=lambda address: address != known)

    async def _receive(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: tuple[str, int]
    ) -> None:
        try:
            await self._copy(reader, writer, 1)
        finally:
            self.ended[server] = time.monotonic()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, weight: int) -> None:
        while data := await reader.read(_PIECE):
            self._left -= len(data) * weight
            if self._left < 0:
                raise ConnectionAbortedError
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def place(url: str) -> tuple[str, int]:
    """The host and the port that a URL is asked of."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


async def _asked_for(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Greeting and request of RFC 1928, 3 and 4: the host and the port to connect to."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, command, _, kind = await reader.readexactly(4)
    if kind == 3:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii")
    else:
        host = str(ip_address(await reader.readexactly(4 if kind == 1 else 16)))
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    if command != 1:
        raise ConnectionAbortedError
    return host, port


async def _resolved(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
