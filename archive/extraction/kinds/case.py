"""The page as its kind is judged: what it says of itself beside what was found on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from archive.extraction.article import Kind, Page
from archive.extraction.kinds import surface
from archive.extraction.metadata import Metadata
from archive.extraction.metadata.jsonld import types
from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.folding import fold
from archive.extraction.wording.lexicon import LEXICON

Verdict = tuple[Kind, str]
_BESIDE = (
    "headline.",
    "chrome.",
    "comments.",
    "newsletter.region",
    "related.",
    "share.",
    "footer.",
    "author.",
    "tags.",
)
ITEM = 60
"""A news item of one sentence is this long."""


@dataclass(frozen=True)
class Case:
    """One page before judgement. `body` is the chosen text; sizes are those of runs."""

    page: Page
    meta: Metadata
    outline: Outline
    body: Sequence[Run]

    @cached_property
    def size(self) -> int:
        """Size of the chosen text."""
        return sum(run.size for run in self.body)

    @cached_property
    def core(self) -> Sequence[Run]:
        """The chosen text to its last line of a sentence's length, all of it where no line is as long.

        What short lines follow are notices that scripts would show or hide: of forms, players and polls.
        """
        end = next(
            (at for at in range(len(self.body), 0, -1) if self.body[at - 1].size >= ITEM), len(self.body)
        )
        return self.body[:end]

    @cached_property
    def text(self) -> str:
        """The core of the chosen text, folded."""
        return fold(" ".join(run.text for run in self.core))

    @cached_property
    def claims(self) -> int:
        """How many statements of the page say that it is one article: 0 to 4."""
        meta = self.meta
        described = any("headline" in node or "datePublished" in node for node in meta.marks.articles)
        return sum(
            (
                described and urlsplit(self.page.url).path.strip("/") != "",
                self.stated == "article",
                bool(meta.marks.first("article:published_time") or meta.marks.node("datePublished")),
                bool(meta.authors),
            )
        )

    @cached_property
    def stated(self) -> str:
        """og:type in lower case, empty where there is none."""
        return (self.meta.marks.first("og:type") or "").lower()

    @cached_property
    def types(self) -> frozenset[str]:
        """Types of all JSON-LD nodes."""
        return frozenset(name for node in self.meta.marks.nodes for name in types(node))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What the page calls itself, folded: <title> with and without the site's name, and the h1."""
        heading = ""
        if self.meta.h1 is not None:
            for block in self.outline.blocks:
                if block.element is self.meta.h1:
                    heading = " ".join(run.text for run in self.outline.runs[block.start : block.end])
        said = [self.meta.headline, self.meta.marks.title or "", heading]
        return tuple(dict.fromkeys(fold(title) for title in said if title))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The first lines of the page, folded, down to the end of its text; titles and furniture left out."""
        runs = self.outline.runs[:60]
        if self.size >= ITEM:
            last = max(index for index, run in enumerate(self.outline.runs) if run is self.core[-1])
            runs = runs[: last + 1]
        return tuple(run.folded for run in runs if not (run.rule and run.rule.startswith(_BESIDE)))

    @cached_property
    def surface(self) -> surface.Surface:
        """The page read once more, for what extraction has no use for."""
        return surface.read(self.page)

    def told(self, category: str) -> float:
        """Share of the core of the text that phrases of the category make up."""
        return LEXICON.inside.share(category, self.text)

    def titled(self, category: str, share: float) -> bool:
        """Whether phrases of the category make up this share of a title."""
        return any(LEXICON.inside.share(category, title) >= share for title in self.titles)

    def lined(self, category: str, share: float) -> bool:
        """Whether phrases of the category make up this share of one of the first lines."""
        return any(LEXICON.inside.share(category, line) >= share for line in self.lines)
