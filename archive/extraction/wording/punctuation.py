"""Punctuation that ends a sentence, in the scripts that have any of their own."""

from __future__ import annotations

STOPS = ".!?。！？؟۔।"
QUOTES_CLOSING = r"[\s\"'”’»)\]]*$"
"""Part of a pattern: what may stand behind the stop at the end of a line."""
