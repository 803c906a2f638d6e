"""The proxy of a page, spoken to as a browser does, and in ways that no browser would."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

from crawler.capture.address import address_rule
from crawler.rendering.gate import Gate, Refuse
from tests.crawler.rendering.site import answer
from tests.origin.server import Origin

_GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _through(refuse: Refuse, talk: Any, bound: int = 1 << 20) -> tuple[Any, Gate]:
    async def run() -> tuple[Any, Gate]:
        gate = Gate(refuse, bound)
        port = urlsplit(await gate.open()).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            conversation: Coroutine[Any, Any, Any] = talk(reader, writer)
            return await asyncio.wait_for(conversation, 10), gate
        finally:
            writer.close()
            await gate.close()

    return asyncio.run(run())


def _request(host: bytes, port: int) -> bytes:
    return b"\x05\x01\x00" + b"\x05\x01\x00\x03" + bytes([len(host)]) + host + port.to_bytes(2, "big")


def test_bytes_pass_as_they_are_to_an_address_that_is_allowed() -> None:
    with Origin({"*": answer("<p>text")}) as origin:

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
            writer.write(_request(b"localhost", origin.port) + _GET)
            assert await reader.readexactly(12) == b"\x05\x00" + b"\x05\x00\x00\x01" + bytes(6)
            return await reader.readuntil(b"<p>text")

        received, gate = _through(lambda host, peer: None, talk)

        assert received == origin.served[0].response
        assert gate.peers == {("localhost", origin.port): "127.0.0.1"}


def test_an_address_that_is_refused_is_not_connected_to() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(_request(b"localhost", origin.port) + _GET)
        return await reader.read(-1)

    with Origin({"*": answer("<p>text")}) as origin:
        received, gate = _through(lambda host, peer: f"{host} is at {peer}" if peer != "::1" else "six", talk)

        assert origin.connections == []
    assert received[:4] == b"\x05\x00\x05\x02"
    assert f"localhost:{origin.port} is at 127.0.0.1" in gate.refusals


def test_an_ipv6_address_is_asked_about_as_hosts_are_named() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        written = ipaddress.ip_address("::1").packed + (81).to_bytes(2, "big")
        writer.write(b"\x05\x01\x00" + b"\x05\x01\x00\x04" + written)
        return await reader.read(-1)

    named = {"[::1]:80"}
    received, gate = _through(lambda name, peer: address_rule(name, named)(peer), talk)
    assert received[:4] == b"\x05\x00\x05\x02"
    assert [reason.partition(" is at ")[0] for reason in gate.refusals] == ["[::1]:81"]


def test_a_page_gets_no_more_than_its_bound() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(_request(b"127.0.0.1", origin.port) + _GET)
        received = b""
        try:
            while piece := await reader.read(1000):
                received += piece
        except ConnectionResetError:
            pass
        return received

    with Origin({"*": answer(b"x" * 5_000_000)}) as origin:
        received, gate = _through(lambda host, peer: None, talk, bound=300_000)

    assert len(received) <= 300_012
    assert gate.exhausted


def test_what_is_no_request_to_connect_is_hung_up_on() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"\x05\x01\x00" + b"\x05\x02\x00\x01" + bytes(6))  # BIND
        try:
            return await reader.read(-1)
        except ConnectionResetError:
            return b""

    received, gate = _through(lambda host, peer: None, talk)

    assert received in (b"", b"\x05\x00")
    assert gate.peers == {}
