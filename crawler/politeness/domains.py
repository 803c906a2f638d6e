"""What a run knows of each registered domain that it asks: how fast, not before when, and whether at all any more.

One owner's hosts count as one: `news.example.com` and `img.example.com` are mostly the same machines, and several
outlets may share them. So what is known is shared by all crawlers of this process. Nothing here knows Scrapy, and
nothing waits; times are seconds of a monotonic clock, given by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from crawler.discovery.urls import host_and_port, registered_domain

_REFUSALS = frozenset([429, 503])
_REFUSALS_THAT_NAME_A_TIME = frozenset([403, *range(500, 600)])


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a domain is borne with.

    refusals      refusals in a row after which it is left alone; 0 for never
    failures      connections of one host in a row that came to nothing, likewise
    first_pause   seconds after the first refusal or failure; each further one in a row waits twice as long
    longest_wait  seconds that are waited at the most; a server that asks for more is left alone
    """

    refusals: int
    failures: int
    first_pause: float
    longest_wait: float


@dataclass(slots=True)
class _Row:
    """Troubles in a row, and the addresses that met them: two of them at the most, as more are as good as two."""

    length: int = 0
    urls: set[str] = field(default_factory=set)

    def add(self, url: str) -> None:
        self.length += 1
        if len(self.urls) < 2:
            self.urls.add(url)


class Domain:
    """One registered domain; or one host and port, where there is none."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.least_delay = 0.0
        """Seconds between two requests that its robots.txt asks for."""
        self.not_before = 0.0
        """When it may be asked again."""
        self.last_request = 0.0
        self._well = False
        self._refused = _Row()
        self._silent: dict[str, _Row] = {}
        self._closed: str | None = None
        self._closed_hosts: dict[str, Exception] = {}

    def left_alone(self, host: str) -> str | None:
        """Why a host of the domain is not asked any more in this run; None while it is."""
        return self._closed or (f"{host} does not answer" if host in self._closed_hosts else None)

    def last_failure(self, host: str) -> Exception | None:
        """What a host is left alone for that does not answer."""
        return self._closed_hosts.get(host)

    @property
    def leaves_some_alone(self) -> bool:
        return self._closed is not None or bool(self._closed_hosts)

    def pause(self, seconds: float, now: float) -> None:
        self.not_before = max(self.not_before, now + seconds)

    def answered(
        self, url: str, host: str, status: int, asked: float | None, now: float, bounds: Bounds
    ) -> None:
        """A server of the domain has answered; `asked` is the wait that its Retry-After wants, in seconds.

        Any answer that `refuses` nothing ends the row of refusals; its Retry-After is heeded too, as far as the bound
        goes.
        """
        self._silent.pop(host, None)
        if not refuses(status, asked):
            self._well = True
            self._refused = _Row()
            self.pause(min(asked or 0.0, bounds.longest_wait), now)
            return
        self._refused.add(url)
        if asked is not None and asked > bounds.longest_wait:
            if bounds.refusals:
                self._closed = f"{host} answers {status} and wants to be left alone for {asked:.0f} seconds"
            return
        if self._is_enough(self._refused, bounds.refusals):
            self._closed = f"{host} answers {status} again and again"
        self.pause(_wait(self._refused, bounds) if asked is None else asked, now)

    def failed(self, url: str, host: str, error: Exception, now: float, bounds: Bounds) -> None:
        """No connection to a host of the domain came about, or nothing came by it."""
        row = self._silent.setdefault(host, _Row())
        row.add(url)
        if self._is_enough(row, bounds.failures):
            self._closed_hosts[host] = error
        self.pause(_wait(row, bounds), now)

    def _is_enough(self, row: _Row, most: int) -> bool:
        # One address that fails again and again where others were answered is no trouble of the whole host.
        return 0 < most <= row.length and (len(row.urls) > 1 or not self._well)


def refuses(status: int, asked: float | None) -> bool:
    """Whether a server wants no requests now: 429 or 503 (RFC 6585 4, RFC 9110 15.6.4), or another answer of the kind
    that names the seconds after which to come back (RFC 9110, 10.2.3)."""
    return status in _REFUSALS or (asked is not None and status in _REFUSALS_THAT_NAME_A_TIME)


def _wait(row: _Row, bounds: Bounds) -> float:
    return float(min(bounds.first_pause * 2 ** min(row.length - 1, 30), bounds.longest_wait))


@lru_cache(maxsize=4096)
def slot_of_host(host: str) -> str:
    """The name of the domain that a host (with its port, if that is not the scheme's default) belongs to.

    An IP address and a name that nobody registered, such as localhost, are known by host and port: several servers
    may share the one machine.
    """
    name, colon, _ = host.rpartition(":")
    bare = name if colon and not host.endswith("]") else host
    return registered_domain(bare) or host


def slot_of(url: str) -> str:
    """The name of the domain that an http(s) URL belongs to. Raises UrlError for any other."""
    return slot_of_host(host_and_port(url))


def own_delays(hosts: frozenset[str], delay: float, **more: float) -> dict[str, dict[str, float]]:
    """Scrapy's DOWNLOAD_SLOTS for hosts (with ports) whose delay the operator named: it rules over robots.txt."""
    return {slot_of_host(host): {"delay": delay, **more} for host in hosts}


_known: dict[str, Domain] = {}
_holders = 0


def domain_of(host: str) -> Domain:
    """What is known of the domain of a host with its port."""
    name = slot_of_host(host)
    return _known.setdefault(name, Domain(name))


def hold() -> None:
    """A crawler begins; what is known is kept until the last one has let go."""
    global _holders
    _holders += 1


def let_go() -> None:
    global _holders
    _holders -= 1
    if _holders <= 0:
        _known.clear()
