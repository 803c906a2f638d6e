"""What an outlet's file says about its pages: applied by the day of the capture, so a replay years later uses the rules
of that time.

Elements to drop are dropped first, under the rule `outlet.drop`, and can't be saved by anything. What lies outside of
the elements to keep goes after the headline and the standfirst have been found, under `outlet.keep`; in between, the
general rules have their say, also inside of what is kept. Metadata is read before, from the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date

from lxml.html import HtmlElement

from archive.extraction.article import OutletRules, Page, Rules
from archive.extraction.metadata import Metadata, dates, people
from archive.extraction.parsing.outline import BLOCKS, Outline
from archive.extraction.rules.hosts import known_host
from archive.extraction.rules.selectors import select
from archive.extraction.wording.folding import normal

_LINE_ENDS = BLOCKS | {"br", "hr"}


@dataclass(frozen=True, slots=True)
class Marked:
    """The elements of one page that its outlet's rules name."""

    keep: tuple[HtmlElement, ...] = ()
    drop: tuple[HtmlElement, ...] = ()

    def isolate(self) -> None:
        """Make each element a block of its own, so that the outline has no line that lies half in it."""
        for element in self.keep:
            if element.tag not in BLOCKS:
                element.tag = "div"
        for element in self.drop:
            if element.getparent() is not None and element.tag not in BLOCKS:
                _isolate(element)

    def drop_from(self, outline: Outline) -> None:
        """Drop what is to be dropped, and see to it that no other rule drops what is kept as a whole."""
        drop = set(self.drop)
        for number, block in enumerate(outline.blocks):
            if block.element in drop and outline.drop(block.start, block.end, "outlet.drop"):
                outline.discount(number)
        for element in self.keep:
            outline.safe.update([element, *element.iterancestors()])

    def drop_rest(self, outline: Outline) -> None:
        """Drop what stands outside of the elements to keep, if the page has any."""
        keep = set(self.keep)
        done = 0
        for block in outline.blocks:
            if block.element in keep:
                outline.drop(done, block.start, "outlet.keep")
                done = max(done, block.end)
        if keep:
            outline.drop(done, len(outline.runs), "outlet.keep")


def in_force(page: Page, rules: Rules) -> OutletRules:
    """The rules of the page's outlet for the day, in UTC, on which it was captured: those of all tables that hold then.

    A page that has no date is taken for one of the last day that the tables name: the newest rules are its own.
    """
    if not rules.pages:
        return OutletRules()
    host = known_host(page.url, rules.outlets.keys() | rules.pages.keys())
    tables = rules.pages.get(host, ()) if host else ()
    if not tables:
        return OutletRules()
    named = [day for table in tables for day in (table.valid_from, table.valid_until) if day]
    day = page.captured.astimezone(UTC).date() if page.captured else max(named, default=date.max)
    valid = [
        table for table in tables if (table.valid_from or date.min) <= day <= (table.valid_until or date.max)
    ]
    return OutletRules(
        keep=tuple(css for table in valid for css in table.keep),
        drop=tuple(css for table in valid for css in table.drop),
        title_suffixes=tuple(suffix for table in valid for suffix in table.title_suffixes),
        authors=tuple(css for table in valid for css in table.authors),
        dates=tuple(css for table in valid for css in table.dates),
    )


def mark(root: HtmlElement, rules: OutletRules) -> Marked:
    """The elements that the rules name. What matches nothing does nothing."""
    return Marked(tuple(select(rules.keep, root)), tuple(select(rules.drop, root)))


def corrected(meta: Metadata, root: HtmlElement, rules: OutletRules) -> Metadata:
    """The metadata with what the rules know better: the headline without its suffix, authors, date of publication."""
    if rules.title_suffixes:
        titles = [_without(title, rules.title_suffixes) for title in (meta.headline, *meta.titles)]
        meta = replace(meta, headline=titles[0], titles=tuple(dict.fromkeys([*titles, *meta.titles])))
    if rules.authors:
        lines = [text for element in select(rules.authors, root) if (text := _said(element))]
        meta = replace(meta, authors=people.from_byline(lines, list(meta.site_names)) or meta.authors)
    for element in select(rules.dates, root):
        if moment := dates.parse(_said(element)):
            return replace(meta, date_published=moment)
    return meta


def _said(element: HtmlElement) -> str:
    return element.get("datetime") or element.get("content") or " ".join("".join(element.itertext()).split())


def _without(title: str, suffixes: tuple[str, ...]) -> str:
    title = normal("NFC", title)
    for suffix in sorted(suffixes, key=len, reverse=True):
        said = normal("NFC", " ".join(suffix.split()))
        if said and title.endswith(said) and (rest := title.removesuffix(said).rstrip()):
            return rest
    return title


def _isolate(element: HtmlElement) -> None:
    """Make an inline element a block: in its place, or behind the paragraph if it stands in the middle of a line."""
    holder = next((outer for outer in element.iterancestors() if outer.tag in BLOCKS), None)
    alone = holder is None or holder.tag in ("body", "html") or _fills_line(element, holder)
    if not alone and element.find(".//*") is not None:
        alone = any(inner.tag in BLOCKS for inner in element.iterdescendants())
    if alone or holder is None:
        element.tag = "div"
        return
    tail, element.tail = element.tail, None
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (tail or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (tail or "")
    element.tag, after, holder.tail = "div", holder.tail, None
    holder.addnext(element)
    element.tail = after


def _fills_line(element: HtmlElement, holder: HtmlElement) -> bool:
    """Whether nothing but the element stands between two line ends of its block."""
    if element.getparent() is not holder:
        return False
    before, after = element.getprevious(), element.getnext()
    begins = not ((holder.text if before is None else before.tail) or "").strip()
    begins = begins and (before is None or before.tag in _LINE_ENDS)
    return begins and not (element.tail or "").strip() and (after is None or after.tag in _LINE_ENDS)
