from __future__ import annotations

import socket
import ssl
import struct
from pathlib import Path

from tests.origin.certificate import make_certificate
from tests.origin.server import Answer, Origin


def _ask(connection: socket.socket, path: str) -> bytes:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection.recv(65536)


def test_what_is_asked_and_answered_is_noted_byte_for_byte() -> None:
    origin = Origin({"/a": Answer((b"one ", b"two"))})
    with origin, socket.create_connection(("127.0.0.1", origin.port)) as connection:
        first = _ask(connection, "/a")
        while len(first) < 7:
            first += connection.recv(65536)
        second = _ask(connection, "/a")
        while len(second) < 7:
            second += connection.recv(65536)
    assert (first, second) == (b"one two", b"one two")
    assert [(s.path, s.request, s.response, s.connection) for s in origin.served] == [
        ("/a", b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b"one two", 1)
    ] * 2


def test_tls_ends_with_close_notify_where_the_script_says_close(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    certificate = make_certificate(tmp_path / "origin.pem")
    context.load_verify_locations(certificate)
    origin = Origin({"/a": Answer((b"bye",), "close")}, certificate=certificate)
    with (
        origin,
        socket.create_connection(("127.0.0.1", origin.port)) as raw,
        context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False) as connection,
    ):
        assert _ask(connection, "/a") == b"bye"
        assert connection.recv(1) == b""


def test_a_client_that_is_gone_before_the_handshake_leaves_nothing_open(tmp_path: Path) -> None:
    # A socket left open is a ResourceWarning, and that an error.
    certificate = make_certificate(tmp_path / "origin.pem")
    with Origin({}, certificate=certificate) as origin:
        for _ in range(50):
            raw = socket.create_connection(("127.0.0.1", origin.port))
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
    assert origin.served == []
