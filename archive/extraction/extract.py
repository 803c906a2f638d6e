"""A page to its article: the one entry to extraction.

    bytes -> decode -> tree -> metadata -> outline -> prune -> headline, standfirst -> body -> clean -> kind -> Article

It is a pure function of the page and the rules: no clock, locale, hash seed or earlier page has a say, so a page read
back from a WARC file gives the same article as the page that came over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.errors import DecodeError, ExtractionError
from archive.extraction import framed, provenance
from archive.extraction.article import Article, NoArticle, Outcome, Page, Removed, Rules
from archive.extraction.explanation.explained import (
    NOT_CHOSEN,
    Explanation,
    Line,
    embedded_lines,
    explained_lines,
)
from archive.extraction.explanation.places import fields_of
from archive.extraction.garbage import put_off
from archive.extraction.kinds import kind
from archive.extraction.kinds.case import Case
from archive.extraction.location import located
from archive.extraction.main_text import body, clean, standfirst
from archive.extraction.metadata import Metadata, language, people, read
from archive.extraction.metadata.jsonld import types
from archive.extraction.pagination import next_page
from archive.extraction.parsing.decode import utf8
from archive.extraction.parsing.embedded import paragraphs_of
from archive.extraction.parsing.junk import strip_junk
from archive.extraction.parsing.outline import MAX_LINES, Outline, Run
from archive.extraction.parsing.tree import parse
from archive.extraction.pruning import prune
from archive.extraction.rights import rights_of
from archive.extraction.rules import outlet_rules
from archive.extraction.wording.folding import normal

_DEFAULT = Rules()


@dataclass(frozen=True, slots=True)
class _Work:
    """An outcome and what it was made of; a page without any text has nothing beside its outcome."""

    outcome: Outcome
    meta: Metadata | None = None
    outline: Outline | None = None
    chosen: Sequence[Run] = ()
    embedded: tuple[str, ...] = ()
    around: tuple[Line, ...] = ()
    """Lines of the page around the frame that all else is of."""


@put_off()
def extract(page: Page, rules: Rules = _DEFAULT) -> Outcome:
    """The article of `page`, or what the page is instead.

    Raises DecodeError where the body is not text or too long, ExtractionError where the markup can't be worked on or
    the page's address is none.
    """
    return _work(page, rules).outcome


@put_off()
def explain(page: Page, rules: Rules = _DEFAULT) -> Explanation:
    """What `extract` makes of the page, and each line of the page with what became of it. Raises what it raises."""
    work = _work(page, rules)
    if work.outline is None or work.meta is None:
        return Explanation(work.outcome)
    lines = explained_lines(work.outcome, work.outline, work.chosen) + embedded_lines(work.embedded)
    if isinstance(work.outcome, NoArticle):
        return Explanation(work.outcome, work.around + lines)
    fields = fields_of(work.outcome, work.meta.marks, work.outline, lines)
    return Explanation(work.outcome, work.around + lines, fields)


def _work(page: Page, rules: Rules, depth: int = 0) -> _Work:
    try:
        urlsplit(page.url)
    except ValueError as error:
        raise ExtractionError(
            f"{page.url}: the page's address can't be read ({error}); give another"
        ) from error
    root = parse(utf8(page), page.url)
    if root is None:
        return _Work(NoArticle(page.url, "empty", "The page has no content."))
    # While they are held, elements are made once, not anew for each step that comes by them.
    elements = list(root.iter())
    page = located(page, root)
    frames = framed.documents(root, page) if depth < framed.DEEPEST else ()
    try:
        work = _extract(root, page, rules)
    except RecursionError as error:
        raise ExtractionError(
            f"{page.url}: the markup nests too deep to be worked on; leave the page out"
        ) from error
    finally:
        elements.clear()
    if frames and isinstance(work.outcome, NoArticle) and work.outcome.kind in framed.YIELDING:
        return _framed(work, page, [_inside(frame, rules, depth + 1) for frame in frames])
    return work


def _inside(page: Page, rules: Rules, depth: int) -> _Work:
    try:
        return _work(page, rules, depth)
    except (ExtractionError, DecodeError) as error:
        # A frame that can't be worked on costs its own text, and the page around it is what it is without.
        return _Work(NoArticle(page.url, "empty", str(error)))


def _framed(around: _Work, page: Page, inside: Sequence[_Work]) -> _Work:
    """The work on the frame that holds the article of a page, the longest if there are more; else that on the page."""
    if around.meta is None or around.outline is None:
        return around
    found: tuple[Article, Metadata, _Work] | None = None
    beside = sum(run.size for run in around.chosen)
    for work in inside:
        article, meta = work.outcome, work.meta
        if not isinstance(article, Article) or meta is None:
            continue
        longest = found is None or len(article.body) > len(found[0].body)
        if longest and framed.holds(article, meta, around.meta, beside):
            found = article, meta, work
    if found is None:
        return around
    article, meta, work = found
    for run in around.outline.runs:
        if run.rule in (None, "standfirst"):
            run.rule, run.group = framed.AROUND, 0
    outcome = framed.joined(article, meta, page, around.meta, _removed(around.outline))
    # Blocks of the page and of the frame are counted each from one.
    lines = [replace(line, group=None) for line in explained_lines(around.outcome, around.outline, ())]
    return replace(work, outcome=outcome, around=(*lines, *work.around))


def _extract(root: HtmlElement, page: Page, rules: Rules) -> _Work:
    meta = read(root, page, rules)
    known = outlet_rules.in_force(page, rules)
    marked, meta = outlet_rules.mark(root, known), outlet_rules.corrected(meta, root, known)
    embedded = paragraphs_of(meta.marks)
    continued_at = next_page(root, page.url)
    _strip(root)
    marked.isolate()
    outline = Outline(root)
    if len(outline.runs) > MAX_LINES:
        raise ExtractionError(f"{page.url}: the page has more than {MAX_LINES} lines of text; leave it out")
    if not outline.runs and not embedded:
        return _Work(NoArticle(page.url, *kind.wordless(Case(page, meta, outline, ()))), meta, outline)
    marked.drop_from(outline)
    prune.prune(outline, meta.h1, [page.url, *filter(None, [meta.canonical_url])])
    clean.drop_headline(outline, meta)
    opening = [outline.runs[index] for index in standfirst.find(outline, meta.h1, meta.descriptions)]
    for run in opening:
        run.rule = "standfirst"
    marked.drop_rest(outline)
    chosen = clean.drop_opening(clean.drop_twins(body.choose(outline, _is_news(meta)), outline), outline)
    chosen = clean.drop_biographies(clean.drop_quotes(chosen, outline), meta.authors)
    chosen, address = clean.cut_ends(chosen, outline)
    verdict = kind.judge(page, meta, outline, chosen)
    text = tuple(run.text for run in chosen)
    if embedded and verdict and verdict[0] in kind.YIELDING and len("".join(embedded)) > len("".join(text)):
        text, chosen, verdict = embedded, [], None
    else:
        embedded = ()
    if verdict:
        return _Work(NoArticle(page.url, *verdict), meta, outline, chosen)
    if not meta.authors:
        meta = replace(meta, authors=people.from_byline(_byline(outline), list(meta.site_names)))
    _name_the_rest(outline, chosen)
    article = _article(page, meta, outline, opening, text, address)
    article = replace(article, continued_at=continued_at)
    return _Work(article, meta, outline, chosen, embedded)


_NEWS = ("NewsArticle", "LiveBlogPosting")


def _is_news(meta: Metadata) -> bool:
    """Whether the page declares that it holds a piece of news."""
    return any(name.endswith(_NEWS) for node in meta.marks.nodes for name in types(node))


def _name_the_rest(outline: Outline, chosen: Sequence[Run]) -> None:
    """Give the lines that nothing dropped, and that were not taken for the main text either, a rule of their own."""
    kept = set(chosen)
    group = 0
    for number, run in enumerate(outline.runs):
        if run.rule is not None or run in kept:
            group = 0
            continue
        # Lines that follow on each other are one block; the number is none that a rule gave.
        group = group or len(outline.runs) + number
        run.rule, run.group = NOT_CHOSEN, group


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
        rights=rights_of(page, marks),
        removed=_removed(outline),
    )


def _removed(outline: Outline) -> tuple[Removed, ...]:
    """The dropped blocks in document order, runs that were dropped together as one."""
    blocks: list[tuple[str, int, list[str]]] = []
    for run in outline.runs:
        if run.cut:
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
    return normal("NFC", text)
