from __future__ import annotations

import pytest

from archive.extraction.rules.hosts import known_host

KNOWN = {"example.com", "arabic.example.com", "127.0.0.1:8001", "10.0.0.1"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.com/a", "example.com"),
        ("https://user@EXAMPLE.com:444/a", "example.com"),
        ("https://m.arabic.example.com/", "arabic.example.com"),
        ("http://127.0.0.1:8001/", "127.0.0.1:8001"),
        ("http://127.0.0.1:8002/", None),
        ("http://10.0.0.1:8002/", "10.0.0.1"),
        ("https://notexample.com/", None),
        ("file:///home/a.html", None),
        (None, None),
    ],
)
def test_the_longest_entry_that_stands_for_a_host_is_found(url: str | None, host: str | None) -> None:
    assert known_host(url, KNOWN) == host
