"""What the page says about its article. The order of trust stands beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from w3lib.url import safe_url_string

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import dates, people, published, titles
from archive.extraction.metadata.jsonld import strings, urls
from archive.extraction.metadata.marks import Marks, absolute, gather
from archive.extraction.metadata.sitenames import SiteNames, registered_domain, stated_names
from archive.extraction.metadata.vicinity import Vicinity
from archive.extraction.rules.hosts import known_host

__all__ = ["Marks", "Metadata", "read", "registered_domain"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Fields of `Article` as the page states them; `h1` is the element that shows the headline.

    `descriptions` are all that the page gives, for finding the standfirst; `titles` all forms of the headline.
    """

    marks: Marks
    headline: str
    h1: HtmlElement | None
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    authors: tuple[str, ...]
    date_published: dates.Moment | None
    date_modified: dates.Moment | None
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    image: str | None
    canonical_url: str | None
    outlet: str | None
    site_names: tuple[str, ...]


def read(root: HtmlElement, page: Page, rules: Rules) -> Metadata:
    """The metadata of one page, from the whole tree before anything is taken out of it."""
    marks = gather(root, page.url)
    canonical = _canonical(marks)
    stated = stated_names(marks, page.url)
    outlet = _named_outlet(rules.outlets, canonical, page.url)
    names = [*([outlet] if outlet else []), *stated]
    site = SiteNames.of(names)
    headline, h1 = titles.choose(marks, root, site)
    near = Vicinity(root, h1 if h1 is not None else next(root.iter("h1"), None), _host(page.url))
    descriptions = _descriptions(marks)
    return Metadata(
        marks=marks,
        headline=headline,
        h1=h1,
        titles=tuple(dict.fromkeys([headline, *_all_titles(marks, site)])),
        descriptions=descriptions,
        authors=people.choose(marks, root, near, names),
        date_published=published.published(marks, root, near),
        date_modified=published.modified(marks),
        section=next(
            iter([*_node_texts(marks, "articleSection"), *_metas(marks, ("article:section", "section"))]),
            None,
        ),
        tags=_tags(marks),
        description=descriptions[0] if descriptions else None,
        image=_image(marks),
        canonical_url=canonical,
        outlet=outlet or next(iter(stated), None),
        site_names=tuple(names),
    )


def _node_texts(marks: Marks, name: str) -> list[str]:
    return [text for value in marks.node(name) for text in strings(value)]


def _metas(marks: Marks, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in marks.meta.get(name, ())]


def _canonical(marks: Marks) -> str | None:
    """<link rel=canonical>, then og:url: the link is the one that search engines hold sites to.

    Letters beyond ASCII are escaped, as in the addresses of captures (RFC 3987, 3.1): one page has one address.
    """
    stated = marks.canonical or next(iter(_metas(marks, ("og:url",))), None)
    address = absolute(marks.url, stated) if stated else None
    return address if address is None or address.isascii() else safe_url_string(address)


def _all_titles(marks: Marks, site: SiteNames) -> list[str]:
    stated = [
        *_node_texts(marks, "headline"),
        *_node_texts(marks, "alternativeHeadline"),
        *_node_texts(marks, "name"),
    ]
    stated += _metas(marks, ("og:title", "twitter:title", "title", "dc.title"))
    stated += [marks.title] if marks.title else []
    return [text for title in dict.fromkeys(stated) for text in (site.strip(title), title) if text]


def _descriptions(marks: Marks) -> tuple[str, ...]:
    stated = [*_metas(marks, ("og:description", "description")), *_node_texts(marks, "description")]
    stated += _metas(
        marks, ("twitter:description", "dc.description", "lead", "abstract", "sailthru.description")
    )
    return tuple(dict.fromkeys(stated))


def _tags(marks: Marks) -> tuple[str, ...]:
    stated = _node_texts(marks, "keywords") or _metas(
        marks, ("article:tag", "parsely-tags", "news_keywords", "keywords")
    )
    split = [tag.strip() for text in stated for tag in text.replace("،", ",").replace("、", ",").split(",")]
    return tuple(dict.fromkeys(tag for tag in split if 0 < len(tag) < 80))[:50]


def _image(marks: Marks) -> str | None:
    stated = [
        *_metas(marks, ("og:image", "og:image:url", "twitter:image")),
        *[u for v in marks.node("image") for u in urls(v)],
    ]
    return next((url for value in stated if (url := absolute(marks.url, value))), None)


def _named_outlet(outlets: Mapping[str, str], *addresses: str | None) -> str | None:
    """The outlet that the rules know for the host of the first address that has one."""
    for address in addresses:
        if host := known_host(address, outlets):
            return outlets[host]
    return None


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
