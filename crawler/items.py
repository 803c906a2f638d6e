"""What spiders yield."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.capture.recorder import Recording


@dataclass(frozen=True, slots=True)
class Page:
    """A response that a spider got, archived already. `wanted` marks those that the user came for: given URLs
    and articles, rather than pages that were read for their links. `strict` says that a wanted page without an
    article is a failure."""

    url: str
    recording: Recording
    wanted: bool = True
    strict: bool = True
