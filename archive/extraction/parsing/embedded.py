"""The article's text as JSON-LD holds it, for pages that show none until a script has run."""

from __future__ import annotations

import html
import re

from archive.extraction.metadata.marks import Marks

_BREAK = re.compile(r"</p>|<br\s*/?>|</h\d>|</li>|</div>|\n+", re.I)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_ENOUGH = 200


def paragraphs_of(marks: Marks) -> tuple[str, ...]:
    """The paragraphs of `articleBody`, empty where there is none of any length."""
    for value in marks.node("articleBody"):
        if isinstance(value, str) and len(value) >= _ENOUGH:
            text = html.unescape(value) if "<" not in value else value
            lines = (html.unescape(_TAG.sub("", line)) for line in _BREAK.split(text))
            return tuple(line for raw in lines if (line := " ".join(raw.split())))
    return ()
