"""A survey: what was found on a site that publishes news, and the outlet that can be made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from archive.errors import TearsheetError
from crawler.discovery.front import Front
from crawler.discovery.scope import is_page
from crawler.discovery.sources import Listing, lists_comments
from crawler.discovery.urls import host_and_port, identity, registered_domain, same_site
from crawler.outlets.codes import country_of_host
from crawler.outlets.errors import OutletError
from crawler.outlets.model import Outlet, SourceKind, enclosing
from crawler.outlets.seen import Answer, SourceSeen, answered

ENOUGH_ARTICLES = 3
"""Links to articles from which a page counts as a section: fewer are found on any page."""
SAME = 0.8
"""Share of a feed's articles that another lists, from which it adds nothing."""
MAX_DOMAINS = 8
"""Hosts of one site that become domains; a site with more has one for each city or author."""

_TWIN = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_FIELDS: dict[SourceKind, str] = {
    "feed": "feeds", "news sitemap": "news_sitemaps", "sitemap": "sitemaps", "section": "sections",
}  # fmt: skip


def name_for(url: str) -> str:
    """A name for the outlet at a URL: its host without www. and public suffix, and the first part of the path."""
    host = _TWIN.sub("", host_and_port(url))
    domain = registered_domain(host.partition(":")[0])
    if domain is not None:
        host = host.removesuffix(domain) + domain.partition(".")[0]
    first = urlsplit(url).path.strip("/").partition("/")[0]
    parts = [host] if "." in first else [host, first]
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-") or "outlet"


@dataclass(slots=True)
class Survey:
    """Collects what was seen at `url`, the front page where it was found at last, and keeps what is of use."""

    outlet: str
    url: str
    front: Front = field(default_factory=Front)
    kept: list[tuple[SourceSeen, Listing]] = field(default_factory=list)
    day: date | None = None
    """The day on which the last source was seen, in UTC."""

    def has(self, kind: SourceKind) -> bool:
        return any(seen.kind == kind for seen, _ in self.kept)

    def add(
        self, kind: SourceKind, url: str, answer: Answer, listing: Listing | TearsheetError, now: datetime
    ) -> SourceSeen:
        """What was seen of a source, which is kept if it is of use to the outlet."""
        if kind == "sitemap" and isinstance(listing, Listing):
            kind = _kind_of_sitemap(listing)
        self.day = now.date()
        seen = answered(self.outlet, kind, url, answer, listing, now)
        if isinstance(listing, TearsheetError) or not seen.works:
            return seen
        seen = self._of_use(seen, listing, answer)
        if seen.works:
            self.kept.append((seen, listing))
        return seen

    def _of_use(self, seen: SourceSeen, listing: Listing, answer: Answer) -> SourceSeen:
        pages = {identity(entry.url) for entry in listing.entries if self._is_here(entry.url)}
        if seen.kind == "feed" and lists_comments(answer.body, answer.url):
            return replace(seen, verdict="comments", reason="it lists readers' comments")
        if listing.entries and len(pages) * 2 < len(listing.entries):
            return replace(seen, verdict="another site", reason="it lists pages of other sites")
        if seen.kind == "section" and len(pages) < ENOUGH_ARTICLES:
            return replace(seen, verdict="empty", reason="it links to hardly any articles")
        for other, known in self.kept:
            shared = pages & {identity(entry.url) for entry in known.entries}
            if seen.kind == other.kind and pages and len(shared) >= SAME * len(pages):
                return replace(seen, verdict="duplicate", reason=f"{other.address} lists the same articles")
        return seen

    def _is_here(self, url: str) -> bool:
        return is_page(url) and same_site(url, self.url)

    def made(self) -> Outlet:
        """The outlet, checked on the day of the survey. Raises OutletError if nothing was kept that lists articles."""
        if not self.kept:
            raise OutletError(
                f"{self.url}: no feed, sitemap or section page was found that lists articles; if you know one, "
                "write an outlet file with its address"
            )
        domains = self._domains()
        addresses: dict[str, list[str]] = {name: [] for name in _FIELDS.values()}
        for seen, _ in self.kept:
            addresses[_FIELDS[seen.kind]].append(seen.address)
        hosts = {host_and_port(url) for urls in addresses.values() for url in urls}
        extra = sorted(host for host in hosts if not any(one in domains for one in enclosing(host)))
        titles = (listing.title for seen, listing in self.kept if seen.kind == "feed")
        try:
            return Outlet.model_validate(
                {
                    "name": self.outlet,
                    "title": self.front.title or next(filter(None, titles), None) or domains[0],
                    "domains": domains,
                    "extra_hosts": extra,
                    "country": country_of_host(domains[0]),
                    "languages": self._languages(),
                    "checked": self.day,
                    **addresses,
                }
            )
        except ValidationError as error:
            problem = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise OutletError(f"{self.url}: what was found there makes no outlet file: {problem}") from error

    def _domains(self) -> list[str]:
        """The front page's host, and the site's others where the sources list pages there."""
        domains = [_TWIN.sub("", host_and_port(self.url))]
        for _, listing in self.kept:
            for entry in listing.entries:
                if not same_site(entry.url, self.url):
                    continue
                host = host_and_port(entry.url)
                if not any(one in domains for one in enclosing(host)) and len(domains) < MAX_DOMAINS:
                    domains.append(_TWIN.sub("", host))
        return domains

    def _languages(self) -> tuple[str, ...]:
        """The front page's, else what the feeds say: many are made with a setting nobody changed."""
        if self.front.language:
            return (self.front.language,)
        told = (listing.language for _, listing in self.kept)
        return tuple(dict.fromkeys(language for language in told if language))


def _kind_of_sitemap(listing: Listing) -> SourceKind:
    return "news sitemap" if any(one.origin == "news-sitemap" for one in listing.entries) else "sitemap"
