"""One outlet: who publishes where, and where it lists what it publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urljoin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from archive.extraction.article import OutletRules
from crawler.discovery.errors import UrlError
from crawler.discovery.spans import is_template, on_day
from crawler.discovery.urls import host_and_port, path_and_query, safe_http_url
from crawler.outlets.codes import COUNTRIES, LANGUAGES

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def _slug(name: str) -> str:
    if not _SLUG.fullmatch(name):
        raise ValueError(
            f'"{name}" is no name; use lower-case letters, digits and hyphens, such as al-monitor'
        )
    return name


def _host(value: str) -> str:
    if "/" in value or "@" in value:
        raise ValueError(f'"{value}" is no host; write the host alone, such as example.com or 127.0.0.1:8001')
    try:
        host = host_and_port(f"http://{value}")
    except UrlError as error:
        raise ValueError(str(error)) from error
    if value != host:
        raise ValueError(f'"{value}" is not how the host is compared; write {host}')
    return value


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(
            f'"{code}" is no ISO 3166-1 country code; write two capitals such as QA, or XX for none'
        )
    return code


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f'"{code}" is no ISO 639-1 language code; write two letters such as ar or en')
    return code


def _address(value: str, info: ValidationInfo) -> str:
    if is_template(value):
        raise ValueError(f"{value} has a placeholder for a day, which only addresses of sitemaps may have")
    try:
        url = safe_http_url(value)
    except UrlError as error:
        raise ValueError(str(error)) from error
    # Either is missing here if it is invalid itself, which is reported first.
    known = (*info.data.get("domains", ()), *info.data.get("extra_hosts", ()))
    if known and not any(domain in known for domain in enclosing(host_and_port(url))):
        raise ValueError(
            f"{url} is on {host_and_port(url)}, which is none of the outlet's domains; add it to domains, "
            "or to extra_hosts if only lists of links are there"
        )
    return url


def _sitemap(value: str, info: ValidationInfo) -> str:
    if not is_template(value):
        return _address(value, info)
    if is_template(value.partition("://")[2].partition("/")[0]):
        raise ValueError(f"{value} has a placeholder in its host; the host is the same every day")
    _address(on_day(value, date(2026, 1, 31)), info)
    if "{YYYY}" not in value or ("{DD}" in value and "{MM}" not in value):
        raise ValueError(
            f"{value} does not name the day whole; {{DD}} goes with {{MM}}, and that with {{YYYY}}"
        )
    return value


def _pattern(value: object) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return value
    if not isinstance(value, str):
        raise ValueError("a pattern is a string; write it in single quotes")
    try:
        return re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression ({error}); correct it") from error


def _checked(value: object) -> object:
    if value is False or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError("write the day on which the sources were seen to work, such as 2026-01-31, or false")


def _day(value: object) -> object:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError("write a day, such as 2026-01-31 without quotes")


def _not_before(value: date | None, info: ValidationInfo) -> date | None:
    first = info.data.get("valid_from")
    if value and first and value < first:
        raise ValueError(f"{value} is before valid_from, {first}; no capture is of such a day")
    return value


def _selector(css: str) -> str:
    # Loaded for the few outlets that have rules of their own: it brings lxml.
    from archive.extraction.rules.selectors import compiled

    compiled(css)
    return css


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _title(data: dict[str, Any]) -> str:
    return str(data.get("name", ""))


SourceKind = Literal["feed", "news sitemap", "sitemap", "section"]
"""What a source of an outlet is."""

Slug = Annotated[str, AfterValidator(_slug)]
Host = Annotated[str, AfterValidator(_host)]
Country = Annotated[str, AfterValidator(_country)]
Language = Annotated[str, AfterValidator(_language)]
Address = Annotated[str, AfterValidator(_address)]
Sitemap = Annotated[str, AfterValidator(_sitemap)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
Day = Annotated[date | None, BeforeValidator(_day)]
Selectors = Annotated[tuple[Annotated[str, AfterValidator(_selector)], ...], BeforeValidator(_several)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Checked = Annotated[date | Literal[False], BeforeValidator(_checked)]


class PageRules(BaseModel):
    """One `[[outlet.rules]]` table: what is known about the outlet's pages of some days. Selectors are CSS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: Day = None
    """First day, in UTC, of the captures that the table holds for; None for all before `valid_until`."""
    valid_until: Annotated[Day, AfterValidator(_not_before)] = None
    """Last day; None for all from `valid_from` on."""
    keep: Selectors = ()
    """The body is sought inside of these elements alone."""
    drop: Selectors = ()
    """These are no part of it."""
    title_suffix: Texts = ()
    """What the outlet puts behind its headlines."""
    authors: Selectors = ()
    """These name the authors."""
    date: Selectors = ()
    """These name the day of publication, in `datetime`, `content` or their text."""

    def for_extraction(self) -> OutletRules:
        """The table as extraction takes it."""
        return OutletRules(
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            keep=self.keep,
            drop=self.drop,
            title_suffixes=self.title_suffix,
            authors=self.authors,
            dates=self.date,
        )


class Outlet(BaseModel):
    """One `[[outlet]]` table of an outlet file.

    Hosts are lower-case, without scheme, with a port only if it is not the default; a host stands for its
    subdomains too. Every address is an absolute http or https URL on a host of `domains` or `extra_hosts`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Slug
    """Unique; lower-case letters, digits and hyphens."""
    title: str = Field(default_factory=_title, min_length=1)
    """As readers know it; the name if there is none."""
    domains: tuple[Host, ...] = Field(min_length=1)
    """Where its articles are."""
    extra_hosts: tuple[Host, ...] = ()
    """Where its feeds or sitemaps are besides, and no articles."""
    country: Country = "XX"
    """ISO 3166-1 alpha-2, or XX."""
    languages: tuple[Language, ...] = ()
    """ISO 639-1."""
    feeds: tuple[Address, ...] = ()
    news_sitemaps: tuple[Sitemap, ...] = ()
    sitemaps: tuple[Sitemap, ...] = ()
    """General ones; of both kinds: `{YYYY}`, `{MM}` and `{DD}` in an address stand for the day that it is of."""
    sections: tuple[Address, ...] = ()
    """Pages that link to new articles."""
    article_patterns: tuple[Pattern, ...] = ()
    """Searched (re.search) in `path` or `path?query`; a URL that any of them matches is an article's."""
    rules: tuple[PageRules, ...] = ()
    """How its pages are to be extracted, where the general judgement falls short."""
    render: Literal["never", "auto", "always"] | None = None
    """Which of its pages a browser renders; None leaves it to the crawler's setting."""
    render_without: tuple[Literal["image", "font", "media"], ...] = ()
    """What rendered pages do without."""
    delay: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Seconds between two requests to one host; None leaves it to the crawler's setting."""
    notes: str = ""
    contact: str = ""
    """Whom to write to about crawling the outlet."""
    checked: Checked = False
    """The day on which the sources were seen to work, or False."""

    def sources(self) -> Iterator[tuple[SourceKind, str]]:
        """The URL of every source, with its kind; those aside whose address changes with the day."""
        return ((kind, url) for kind, url in self._every_source() if not is_template(url))

    def dated_sources(self) -> Iterator[tuple[SourceKind, str]]:
        """The sources whose address changes with the day, as templates (crawler.discovery.spans.on_day)."""
        return ((kind, url) for kind, url in self._every_source() if is_template(url))

    def _every_source(self) -> Iterator[tuple[SourceKind, str]]:
        yield from (("feed", url) for url in self.feeds)
        yield from (("news sitemap", url) for url in self.news_sitemaps)
        yield from (("sitemap", url) for url in self.sitemaps)
        yield from (("section", url) for url in self.sections)

    def hosts_and_ports(self) -> frozenset[str]:
        """The hosts that its file names, with the ports that are not their scheme's default: its domains, its
        extra hosts and those of its sources."""
        return frozenset(
            [*self.domains, *self.extra_hosts, *(host_and_port(url) for _, url in self._every_source())]
        )

    def tdm_files(self) -> tuple[str, ...]:
        """Where its hosts may reserve text and data mining (W3C's TDM Reservation Protocol, "TDM file on the origin
        server"): those of its sources that publish too, else those of its domains."""
        own = [url for _, url in self._every_source() if self.publishes_at(url)]
        bases = own or [f"https://{domain}/" for domain in self.domains]
        return tuple(dict.fromkeys(urljoin(base, "/.well-known/tdmrep.json") for base in bases))

    def publishes_at(self, url: str) -> bool:
        """Whether the URL's host is one of `domains` or below one. Raises UrlError if it isn't http(s)."""
        return any(domain in self.domains for domain in enclosing(host_and_port(url)))

    def lists_at(self, url: str) -> bool:
        """Whether feeds and sitemaps of the outlet may be there: `publishes_at`, or one of `extra_hosts`."""
        known = (*self.domains, *self.extra_hosts)
        return any(domain in known for domain in enclosing(host_and_port(url)))

    def recognises(self, url: str) -> bool:
        """Whether one of `article_patterns` matches the URL; False if there are none."""
        target = path_and_query(url)
        return any(pattern.search(target) for pattern in self.article_patterns)


def enclosing(host: str) -> Iterator[str]:
    """The entries of `domains` that stand for a host, the longest first.

    `a.example.com:81` is meant by itself, `a.example.com`, `example.com:81`, `example.com` and so on: an
    entry without a port means every port.
    """
    name, colon, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
    if name.startswith("[") or re.fullmatch(r"[\d.]+", name):
        yield from dict.fromkeys((host, name))
        return
    labels = name.split(".")
    for start in range(len(labels)):
        domain = ".".join(labels[start:])
        if colon:
            yield f"{domain}:{port}"
        yield domain
