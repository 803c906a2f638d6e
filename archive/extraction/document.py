"""An article as the bytes of its text file."""

from __future__ import annotations

from archive.extraction.article import Article
from archive.extraction.wording.folding import normal


def text_file_bytes(article: Article) -> bytes:
    """UTF-8 (NFC, LF) of headline, standfirst and paragraphs, a blank line between them, one line feed at the end."""
    parts = (article.headline, article.standfirst, *article.paragraphs)
    text = "\n\n".join(part for part in parts if part) + "\n"
    return normal("NFC", text).encode("utf-8")
