"""Names to addresses of both kinds, IPv4 and IPv6, for the reactor."""

from __future__ import annotations

import socket
from typing import Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet._resolver import GAIResolver
from twisted.internet.base import ReactorBase


class Resolver(CachingHostnameResolver):
    """Scrapy's, whose lookups always come to an end.

    Twisted waits for ever where Python finds that a name can be no host's (a label that is empty or has more than 63
    letters, as links have at times), since that is another error than a name that nobody knows.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        # Twisted says by zope's interfaces, which mypy does not know, that these are what is asked for.
        self.original_resolver = GAIResolver(reactor, getaddrinfo=_addresses)  # type: ignore[arg-type, assignment]


def _addresses(host: str, *rest: Any) -> list[Any]:
    """As socket.getaddrinfo, which raises socket.gaierror here for a name that is none, too."""
    try:
        return socket.getaddrinfo(host, *rest)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is no name of a host") from error
