"""Keeps public pages from leading the crawler into a private network.

A redirect, a link or a DNS answer may point at the crawler's own network. What counts is the address that a
connection was really made to, so a name that resolves anew between check and use can't get round it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from scrapy.exceptions import IgnoreRequest

_GIVEN_OUT = IPv6Network("2000::/3")
"""All that is routed on the internet (RFC 4291, 2.4). Outside of it lie site-local addresses (fec0::/10), those of a
network's own translator to IPv4 (64:ff9b:1::/48, RFC 8215) and others that Python's registry takes for global."""
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, younger than Python's registry
_NAT64 = bytes.fromhex("0064ff9b0000000000000000")
_PORT = re.compile(r":\d+$")


class RefusedAddress(IgnoreRequest):
    """The server's address is private or local, and the operator did not name its host."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (the registries of RFC 6890)."""
    value = ip_address(address.partition("%")[0])
    if isinstance(value, IPv6Address):
        embedded = _embedded(value)
        if embedded is None:
            return value in _GIVEN_OUT and value.is_global and value not in _DOCUMENTATION
        value = embedded
    return value.is_global and not value.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped or compatible (RFC 4291, 2.5.5), by NAT64 (RFC 6052, 2.1)
    or by 6to4 (RFC 3056)."""
    packed = address.packed
    if packed.startswith((bytes(12), _NAT64)) and packed[12:15] != bytes(3):
        return IPv4Address(packed[12:])
    return address.ipv4_mapped or address.sixtofour


def address_rule(host: str, named_hosts: Set[str]) -> Callable[[str], str | None]:
    """For a request to `host`: a function from a peer's address to the reason why it is refused, or None.

    `named_hosts` are the hosts that the operator named, on the command line or in an outlet file. Either has its port
    behind it if that is not the scheme's default; one that was named without stands for every port.
    """
    is_named = host in named_hosts or _PORT.sub("", host) in named_hosts

    def refuse(peer: str) -> str | None:
        if is_named or is_public(peer):
            return None
        return (
            f"{host} is at {peer}, a private or local address; if you mean to fetch it, name its URL on the "
            "command line or its host in an outlet file"
        )

    return refuse
