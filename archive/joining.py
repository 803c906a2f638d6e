"""Joining the pages of an article that its outlet cut into several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.capture import Capture
from archive.extraction.article import Article, Part

MAX_PAGES = 50
"""Pages of one article; what follows is left out."""
_MAX_UNFINISHED = 1_000
"""Articles that wait for a page at one time. The one that has waited longest is settled without it."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An article as far as its pages are here, and their captures."""

    captures: tuple[Capture, ...]
    article: Article

    @property
    def waits(self) -> bool:
        """Whether another page is to come."""
        address = self.article.continued_at
        known = {capture.url for capture in self.captures}
        return address is not None and address not in known and len(self.captures) < MAX_PAGES

    def continued(self, capture: Capture, page: Article) -> Joined:
        """With one more page: its paragraphs but for those that the pages before have too."""
        first = self.article
        known = {first.headline, first.standfirst, *first.paragraphs}
        lines = (page.standfirst, *page.paragraphs) if page.standfirst else page.paragraphs
        new = tuple(line for line in lines if line not in known)
        parts = first.parts or (Part(self.captures[0].url, len(first.paragraphs), len(first.removed)),)
        article = replace(
            first,
            paragraphs=first.paragraphs + new,
            removed=first.removed + page.removed,
            parts=(*parts, Part(capture.url, len(new), len(page.removed))),
            continued_at=page.continued_at,
        )
        return Joined((*self.captures, capture), article)


def page_of(article: Article, url: str) -> Article | None:
    """What the page at `url` holds of an article, as before it was joined; None if it is none of its pages."""
    if not article.parts:
        return article
    line = dropped = 0
    for number, part in enumerate(article.parts, 1):
        if part.url == url:
            following = article.parts[number].url if number < len(article.parts) else article.continued_at
            return replace(
                article,
                standfirst=article.standfirst if number == 1 else None,
                paragraphs=article.paragraphs[line : line + part.paragraphs],
                removed=article.removed[dropped : dropped + part.removed],
                parts=(),
                continued_at=following,
            )
        line += part.paragraphs
        dropped += part.removed
    return None


class Unfinished:
    """Articles that wait for their next page, by its address."""

    def __init__(self) -> None:
        self._waiting: dict[str, Joined] = {}

    def add(self, joined: Joined) -> Iterator[Joined]:
        """Let an article wait; gives those that wait no longer for that."""
        address = joined.article.continued_at or ""
        if other := self._waiting.pop(address, None):
            yield other
        self._waiting[address] = joined
        if len(self._waiting) > _MAX_UNFINISHED:
            yield self._waiting.pop(next(iter(self._waiting)))

    def continued_by(self, capture: Capture) -> Joined | None:
        """The article that waited for this capture; it waits no longer."""
        return self._waiting.pop(capture.url, None)

    def addresses(self) -> dict[int, str]:
        """Number of the last capture of an article -> the address that it waits for."""
        return {joined.captures[-1].number: address for address, joined in self._waiting.items()}

    def take(self, number: int) -> Joined | None:
        """The article whose last capture has this number; it waits no longer."""
        address = self.addresses().get(number)
        return self._waiting.pop(address) if address is not None else None

    def take_all(self) -> list[Joined]:
        """All of them, in the order in which they began to wait."""
        waiting, self._waiting = list(self._waiting.values()), {}
        return waiting
