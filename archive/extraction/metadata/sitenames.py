"""What a site calls itself, and titles without it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

from archive.extraction.metadata.jsonld import first, strings
from archive.extraction.metadata.marks import Marks
from archive.extraction.wording import folding
from archive.extraction.wording.folding import size

# The titles and headings of a page are compared with each other many times over.
key = lru_cache(maxsize=512)(folding.key)
_SEPARATOR = re.compile(
    r"\s+[|·•»«–—:-]{1,2}\s+|\s*[|｜]\s*|\s+[-–—]\s*$|(?<=[\u3040-\u9fff\uff01-\uff60])[-_](?=[\u3400-\u9fff])"
)
_BAR = re.compile(r"\s*[|｜]\s*")
_SITE_LENGTH = 45
_SHORT = 15
_LONGEST = 2_000
_SITES = ("WebSite", "NewsMediaOrganization", "Organization")


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The names of a site, the most telling first, and their folded keys."""

    names: tuple[str, ...]
    keys: frozenset[str]
    _stripped: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, names: list[str]) -> SiteNames:
        """The names, each once."""
        return cls(tuple(dict.fromkeys(names)), frozenset(said for name in names if (said := key(name))))

    def strip(self, title: str) -> str:
        """`title` without the site's name, which stands after or before a bar, dash or dot.

        A bar divides nothing but titles: what follows the first one goes, whatever it names. What is too
        long for a title gives an empty one.
        """
        if len(title) > _LONGEST:
            return ""
        # A page states the same title again and again.
        if title not in self._stripped:
            self._stripped[title] = self._without_name(" ".join(title.split()))
        return self._stripped[title]

    def _without_name(self, title: str) -> str:
        parts = [match.span() for match in _SEPARATOR.finditer(title)]
        while parts:
            tail, head = title[parts[-1][1] :], title[: parts[0][0]]
            if self._named_by(tail):
                title = title[: parts.pop()[0]].rstrip()
            elif self._named_by(head):
                cut = parts[0][1]
                title, parts = title[cut:].lstrip(), [(a - cut, b - cut) for a, b in parts[1:]]
            else:
                break
        bar = _BAR.search(title)
        before = title[: bar.start()] if bar else ""
        return before if size(before) >= _SHORT and " " in before else title

    def _named_by(self, part: str) -> bool:
        said = key(part)
        if not said or said in self.keys:
            return True
        return len(part) <= _SITE_LENGTH and any(
            len(name) > 3 and (said.startswith(name) or name.startswith(said)) for name in self.keys
        )


def stated_names(marks: Marks, url: str) -> list[str]:
    """og:site_name, publisher, application name, and the registered domain with and without its suffix."""
    stated = [*marks.meta.get("og:site_name", ()), *(t for v in marks.node("publisher") for t in strings(v))]
    for name in ("publisher", "application-name", "apple-mobile-web-app-title"):
        stated += marks.meta.get(name, ())
    stated += [
        text for node in marks.nodes if node.get("@type") in _SITES and (text := first(node.get("name")))
    ]
    domain = registered_domain(url)
    named = [text for text in stated if not text.startswith(("http://", "https://")) and len(text) < 60]
    return list(dict.fromkeys([*named, *([domain, domain.split(".")[0]] if domain else [])]))


@cache
def _suffixes() -> TLDExtract:
    # The list that the package carries: nothing is fetched, nothing is written.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(url: str) -> str | None:
    """The registered domain of an address (`example.co.uk`), its host where it has none, or None."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return _domain(host) if host else None


@lru_cache(maxsize=1_024)
def _domain(host: str) -> str:
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host.removeprefix("www.")
