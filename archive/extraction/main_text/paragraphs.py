"""jusText's paragraphs without what costs it most: addresses that nobody asks for, and text made anew at each look."""

from __future__ import annotations

import re
from functools import cached_property

from justext.core import PathInfo
from justext.paragraph import Paragraph
from justext.utils import normalize_whitespace

# One space or line feed at a time is as it should be; without anything else there is nothing to do.
_UNEVEN = re.compile(r"\s\s|[^\S \n]")


class Path(PathInfo):  # type: ignore[misc]
    """Where a paragraph stands, by the names of the elements around it."""

    xpath = ""


class Lines(Paragraph):  # type: ignore[misc]
    """A paragraph whose text is looked at when all of it has been read."""

    @cached_property
    def text(self) -> str:
        return _even("".join(self.text_nodes).strip())

    def append_text(self, text: str) -> str:
        even = _even(text)
        self.text_nodes.append(even)
        return even


def _even(text: str) -> str:
    return normalize_whitespace(text) if _UNEVEN.search(text) else text
