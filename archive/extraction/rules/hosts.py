"""Which of the hosts that the rules name an address is at."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit


def known_host(url: str | None, known: Container[str]) -> str | None:
    """The entry of `known` that is the host of an address or stands for it, the longest; None if there is none.

    `www.example.com:81` is itself, `example.com:81`, and then without its port `www.example.com` and `example.com`.
    """
    netloc = urlsplit(url).netloc.rpartition("@")[2].lower() if url else ""
    for host in (netloc, netloc.rpartition(":")[0] or netloc):
        while host:
            if host in known:
                return host
            host = host.partition(".")[2]
    return None
