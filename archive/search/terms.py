"""Text as the terms that it is searched by: spelling variants made one, each with its place in the text.

Words are folded (`wording.folding`) and lose their accents, vowel points and the shapes of their digits. Scripts that
write no spaces between words, and Korean, which writes particles onto them, give each pair of neighbouring letters
instead: any run of such letters can then be found as a phrase, wherever its words begin.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from archive.extraction.wording.folding import fold

VERSION = 1
"""To be counted up with every change of what `terms` or `joined` give: an index of other terms finds nothing."""

_ZWNJ = "\u200c"
# Han, kana, Hangul, Thai, Lao, Khmer, Myanmar.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
_PAIRED = re.compile(f"[{_UNSPACED}]")
# Signs that carry no sound of their own and may stand inside a word: joiners, direction marks, soft hyphen.
_SILENT = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# What no Unicode decomposition takes apart, though readers type the plain letter.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n"}
)


class Term(NamedTuple):
    """`text` as it is compared; `start` and `end` are where it stands in the text, in characters."""

    text: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """The terms of `text` in their order. Where letters go in pairs, the last one stands alone after its pair, so that
    each letter of the run begins a term."""
    cut = _ZWNJ in text
    for match in _words().finditer(text):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            yield from _pairs(text, start, end)
            continue
        for part in _parts(text, start, end) if cut else ((start, end),):
            if folded := folded_word(text[slice(*part)]):
                yield Term(folded, *part)


def joined(text: str) -> Iterator[Term]:
    """Words that `terms` takes apart at a zero width non-joiner (Persian می‌خواهد), as the one word that people type
    who have no key for it."""
    if _ZWNJ not in text:
        return
    for match in _words().finditer(text):
        if match.lastgroup == "unspaced" or len(list(_parts(text, *match.span()))) == 1:
            continue
        if folded := folded_word(match[0]):
            yield Term(folded, *match.span())


def gives_pairs(letter: str) -> bool:
    """Whether it is a letter of a script that is searched by pairs."""
    return _PAIRED.fullmatch(letter) is not None


@lru_cache(maxsize=1 << 16)
def folded_word(word: str) -> str:
    """A word as it is compared; empty where nothing of it is a letter or digit."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", fold(word).casefold().translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(_kept(apart)))


def _kept(apart: str) -> Iterator[str]:
    for sign in apart:
        # Classes 10 to 36 are vowel points and tashkeel, from 200 on accents. Those between and below (nukta, voicing
        # of kana, virama, tones of Thai) tell letters apart.
        mark = unicodedata.combining(sign)
        if 10 <= mark <= 36 or mark >= 200:
            continue
        if sign.isalnum() or unicodedata.category(sign)[0] == "M":
            yield str(unicodedata.decimal(sign, sign))


def _pairs(text: str, start: int, end: int) -> Iterator[Term]:
    letters = [place for place in range(start, end) if folded_word(text[place])]
    for place, following in zip(letters, [*letters[1:], end], strict=False):
        last = following if following < end else place
        yield Term(folded_word(text[place : last + 1]), place, last + 1)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts of a word stand that zero width non-joiners keep apart; in Arabic script alone, since in others
    the sign only chooses the shape of letters."""
    for place in range(start, end):
        if text[place] == _ZWNJ and start < place < end - 1 and _is_arabic(text[place - 1] + text[place + 1]):
            yield start, place
            start = place + 1
    yield start, end


def _is_arabic(letters: str) -> bool:
    return all("\u0600" <= letter <= "\u08ff" or "\ufb50" <= letter <= "\ufeff" for letter in letters)


@cache
def _words() -> re.Pattern[str]:
    """A word with the marks on its letters, or a run of letters of a script that writes no spaces. A quote between two
    Hebrew letters is a gershayim."""
    marks = f"{_marks()}{_SILENT}"
    letter = f"[^\\W_{_UNSPACED}]"
    hebrew = "(?<=[א-ת])[\"״'׳](?=[א-ת])"
    return re.compile(
        f"(?P<unspaced>[{_UNSPACED}](?:[{_UNSPACED}{marks}])*)|(?P<word>{letter}(?:{letter}|[{marks}]|{hebrew})*)"
    )


def _marks() -> str:
    """The combining marks of Unicode as ranges of a character class; none of them is a letter to `\\w`."""
    ranges: list[list[int]] = []
    for code in (*range(0x300, 0x20000), *range(0xE0100, min(0xE01F0, sys.maxunicode))):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
