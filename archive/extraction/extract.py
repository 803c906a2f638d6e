"""A page to its article: the one entry to extraction.

    bytes -> decode -> tree -> metadata -> outline -> prune -> headline, standfirst -> body -> clean -> kind -> Article

It is a pure function of the page and the rules: no clock, locale, hash seed or earlier page has a say, so a page read
back from a WARC file gives the same article as the page that came over the wire.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from lxml.html import HtmlElement

from archive.errors import ExtractionError
from archive.extraction import body, clean, kind, provenance, prune, standfirst
from archive.extraction.article import Article, NoArticle, Outcome, Page, Removed, Rules
from archive.extraction.case import Case
from archive.extraction.decode import utf8
from archive.extraction.embedded import paragraphs_of
from archive.extraction.metadata import Metadata, language, people, read
from archive.extraction.outline import MAX_LINES, Outline, Run, strip_junk
from archive.extraction.pagination import next_page
from archive.extraction.tree import parse

_DEFAULT = Rules()


def extract(page: Page, rules: Rules = _DEFAULT) -> Outcome:
    """The article of `page`, or what the page is instead.

    Raises DecodeError where the body is not text or too long, ExtractionError where the markup can't be worked on.
    """
    root = parse(utf8(page), page.url)
    if root is None:
        return NoArticle(page.url, "empty", "The page has no content.")
    try:
        return _extract(root, page, rules)
    except RecursionError as error:
        raise ExtractionError(
            f"{page.url}: the markup nests too deep to be worked on; leave the page out"
        ) from error


def _extract(root: HtmlElement, page: Page, rules: Rules) -> Outcome:
    meta = read(root, page, rules)
    embedded = paragraphs_of(meta.marks)
    continued_at = next_page(root, page.url)
    _strip(root)
    outline = Outline(root)
    if len(outline.runs) > MAX_LINES:
        raise ExtractionError(f"{page.url}: the page has more than {MAX_LINES} lines of text; leave it out")
    if not outline.runs and not embedded:
        return NoArticle(page.url, *kind.wordless(Case(page, meta, outline, ())))
    prune.prune(outline, meta.h1)
    clean.drop_headline(outline, meta)
    opening = [outline.runs[index] for index in standfirst.find(outline, meta.h1, meta.descriptions)]
    for run in opening:
        run.rule = "standfirst"
    chosen = clean.drop_opening(clean.drop_twins(body.choose(outline), outline), outline)
    chosen, address = clean.cut_ends(chosen, outline)
    verdict = kind.judge(page, meta, outline, chosen)
    text = tuple(run.text for run in chosen)
    if embedded and verdict and verdict[0] in kind.YIELDING and len("".join(embedded)) > len("".join(text)):
        text, verdict = embedded, None
    if verdict:
        return NoArticle(page.url, *verdict)
    if not meta.authors:
        meta = replace(meta, authors=people.from_byline(_byline(outline), list(meta.site_names)))
    article = _article(page, meta, outline, opening, text, address)
    return replace(article, continued_at=continued_at)


def _byline(outline: Outline) -> list[str]:
    """The first lines of the page that were dropped as byline, or near enough to one."""
    rules = ("byline.", "author.", "stamp.region")
    lines = [
        run.text for run in outline.runs if run.rule and run.rule.startswith(rules) and len(run.text) < 120
    ]
    return lines[:12]


def _strip(root: HtmlElement) -> None:
    strip_junk(root)
    head = root.find("head")
    if head is not None:
        head.drop_tree()


def _article(
    page: Page,
    meta: Metadata,
    outline: Outline,
    opening: list[Run],
    text: tuple[str, ...],
    address: str | None,
) -> Article:
    paragraphs = tuple(_nfc(line) for line in text)
    lead = _nfc(" ".join(run.text for run in opening))
    marks = meta.marks
    return Article(
        url=page.url,
        headline=_nfc(meta.headline),
        paragraphs=paragraphs,
        standfirst=lead or None,
        canonical_url=meta.canonical_url,
        outlet=meta.outlet,
        authors=tuple(map(_nfc, meta.authors)),
        date_published=meta.date_published,
        date_modified=meta.date_modified,
        language=language.choose(
            [marks.language, marks.first("og:locale", "content-language")], "\n".join(paragraphs)
        ),
        section=meta.section and _nfc(meta.section),
        tags=tuple(map(_nfc, meta.tags)),
        description=meta.description and _nfc(meta.description),
        image=meta.image,
        source=provenance.find(outline, meta, address, page.url),
        removed=_removed(outline),
    )


def _removed(outline: Outline) -> tuple[Removed, ...]:
    """The dropped blocks in document order, runs that were dropped together as one."""
    blocks: list[tuple[str, int, list[str]]] = []
    for run in outline.runs:
        blocks.extend(("related.inline", -1, [_nfc(piece)]) for piece in run.cut)
        if run.rule is None or run.rule == "standfirst":
            continue
        if blocks and run.group >= 0 and blocks[-1][:2] == (run.rule, run.group):
            blocks[-1][2].append(_nfc(run.text))
        else:
            blocks.append((run.rule, run.group, [_nfc(run.text)]))
    return tuple(Removed(rule, "\n".join(lines), _heading(rule, lines)) for rule, _, lines in blocks)


def _heading(rule: str, lines: list[str]) -> str | None:
    return lines[0] if rule.endswith(".marker") else None


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
