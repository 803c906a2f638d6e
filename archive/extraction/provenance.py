"""Where the page says that its text comes from."""

from __future__ import annotations

import re

from archive.extraction.article import Source
from archive.extraction.metadata import Metadata, registered_domain
from archive.extraction.metadata.marks import absolute
from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.lexicon import LEXICON

_LEAD = re.compile(r"[:：\-–—|]\s*")
_PUNCTUATION = " .:：-–—|()[]«»\"'،,"


def find(outline: Outline, meta: Metadata, address: str | None, url: str) -> Source | None:
    """The source: wording of the page first, then a bare address at its end, then a canonical link that leads to
    another registered domain. Source lines have been dropped from the text by then and carry a `source.*` rule."""
    lines = [run for run in outline.runs if run.rule and run.rule.startswith(("source.", "translation."))]
    stated = [run for run in lines if run.rule != "source.url"]
    if stated:
        return _from_line(stated[0], url, address)
    if address:
        return Source(registered_domain(address), address, address)
    domain = registered_domain(meta.canonical_url) if meta.canonical_url else None
    if domain and domain != registered_domain(url):
        return Source(domain, meta.canonical_url, None)
    return None


def _from_line(run: Run, url: str, address: str | None) -> Source:
    link = next((found for href in run.hrefs if (found := absolute(url, href))), None) or address
    if link and registered_domain(link) == registered_domain(url) and not run.text.startswith("http"):
        link = address
    name = _name(run) or (registered_domain(link) if link else None)
    return Source(name, link, run.text)


def _name(run: Run) -> str | None:
    """What follows `Source:`; nothing where the whole line is the wording, as in `Source link`."""
    if not any(hit.category == "source" and hit.rest and hit.separated for hit in LEXICON.hits(run.folded)):
        return None
    name = _LEAD.split(run.text, maxsplit=1)[-1].strip(_PUNCTUATION)
    return name if name and len(name) <= 120 else None
