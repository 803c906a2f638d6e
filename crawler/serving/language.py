"""What a page says of the language of a text: its name, and in which direction it runs."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError

_LOOKED_AT = 2_000


@cache
def language_name(code: str | None) -> str:
    """In English; the code itself where it is none of ISO 639-1."""
    locale = _locale(code)
    name = locale.get_display_name("en") if locale else None
    return name or code or "unknown"


def direction(code: str | None, text: str) -> Literal["rtl", "ltr"]:
    """By the letters of the text, since Kurdish, Punjabi and others are written in two scripts; by the language where
    it has none."""
    balance = 0
    for letter in text[:_LOOKED_AT]:
        kind = unicodedata.bidirectional(letter)
        balance += (kind in ("R", "AL")) - (kind == "L")
    if balance:
        return "rtl" if balance > 0 else "ltr"
    locale = _locale(code)
    return "rtl" if locale and locale.text_direction == "rtl" else "ltr"


def _locale(code: str | None) -> Locale | None:
    try:
        return Locale.parse(code) if code else None
    except (UnknownLocaleError, ValueError, TypeError):
        return None
