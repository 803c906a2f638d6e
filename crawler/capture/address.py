"""Keeps public pages from leading the crawler into a private network.

A redirect, a link or a DNS answer may point at the crawler's own network. What counts is the address that a
connection was really made to, so a name that resolves anew between check and use can't get round it.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from ipaddress import IPv6Address, ip_address

from scrapy.exceptions import IgnoreRequest


class RefusedAddress(IgnoreRequest):
    """The server's address is private or local, and the operator did not name its host."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (the registries of RFC 6890)."""
    value = ip_address(address.partition("%")[0])
    if isinstance(value, IPv6Address) and value.ipv4_mapped:
        value = value.ipv4_mapped
    return value.is_global and not value.is_multicast


def address_rule(host: str, named_hosts: Set[str]) -> Callable[[str], str | None]:
    """For a request to `host`: a function from a peer's address to the reason why it is refused, or None.

    `named_hosts` are the hosts that the operator named, on the command line or in an outlet file.
    """

    def refuse(peer: str) -> str | None:
        if host in named_hosts or is_public(peer):
            return None
        return (
            f"{host} is at {peer}, a private or local address; if you mean to fetch it, name its URL on the "
            "command line or its host in an outlet file"
        )

    return refuse
