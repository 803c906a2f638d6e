from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from crawler.demo.server import NewsroomServer


@dataclass(frozen=True)
class Answer:
    """What a client saw: status, header with lower-case names, and the body with the framing undone."""

    status: int
    header: dict[str, str]
    body: bytes


Fetch = Callable[..., Answer]


@pytest.fixture
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


@pytest.fixture
def fetch() -> Fetch:
    def ask(url: str, method: str = "GET", **header: str) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in header.items()}
            connection.request(method, parts.path, headers=named)
            response = connection.getresponse()
            body = response.read()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, body
            )
        finally:
            connection.close()

    return ask
