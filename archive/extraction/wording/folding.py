"""Letters made comparable: for matching only, never for text that is kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

# Short vowels, tatweel, joiners, direction marks, soft hyphen, zero width space and BOM carry no identity.
_IGNORED = re.compile("[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u00ad\ufeff]")
_QUOTES = "’'ʼ‘`"
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه",
        "ھ": "ه", "ؤ": "و", "ک": "ك", **dict.fromkeys(_QUOTES),
    }
)  # fmt: skip
_ARABIC = re.compile("[\u0600-\u06ff]")
_ASCII_NOT_ALNUM = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_ALNUM = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
FIRST_WORD = re.compile(r"[\W_]*([^\W_]+)")
"""Matches folded text up to the end of its first word, which is group 1."""
_WIDE = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


# As many marks on one letter as stream-safe text may have (Unicode Standard Annex 15, 13).
_MARKS = "".join(chr(code) for code in range(0x20000) if unicodedata.combining(chr(code)))
_MANY_MARKS = re.compile(f"([{re.escape(_MARKS)}]{{30}})[{re.escape(_MARKS)}]+")
# A class of so many letters takes a microsecond for each letter of a text. This one holds them all and is told by few
# ranges; where there are spaces between words, it hardly ever has so many letters in a row.
_PERHAPS_MARKS = re.compile("[^\x00-\u02ff\u3041-\u3098\u309b-\ua66e\uac00-\ufb1d]{31,}")
_LONG = 2_000


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """`text` in a normal form. Putting marks in their order takes the square of their number: of thirty on one letter
    the rest goes."""
    if text.isascii():
        return text
    if len(text) > _LONG:
        text = _PERHAPS_MARKS.sub(_with_fewer_marks, text)
    return unicodedata.normalize(form, text)


def _with_fewer_marks(stretch: re.Match[str]) -> str:
    return _MANY_MARKS.sub(r"\1", stretch[0])


def fold(text: str) -> str:
    """`text` in lower case with Arabic spelling variants, presentation forms and full-width forms made one."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    # Lower case comes last: Turkish dotted capitals fall apart into a letter and a mark, which goes as well.
    folded = normal("NFKC", text)
    if _ARABIC.search(folded):
        folded = folded.translate(_LETTERS)
    else:
        # Translating goes letter by letter; these are all that it would find.
        for quote in _QUOTES:
            if quote in folded:
                folded = folded.replace(quote, "")
    return normal("NFC", _IGNORED.sub("", folded).lower().replace("i\u0307", "i"))


def key(text: str) -> str:
    """The letters and digits of `text`, folded: two lines with the same key say the same."""
    return key_of(fold(text))


def key_of(folded: str) -> str:
    """The key of a text, given the folded text."""
    if folded.isascii():
        return folded.encode("ascii").translate(None, _ASCII_NOT_ALNUM).decode("ascii")
    return _NOT_ALNUM.sub("", folded)


def words(folded: str) -> list[str]:
    """The words of folded text. Scripts that write vowels as marks fall apart the same way each time."""
    return _WORD.findall(folded)


def has_digit(text: str) -> bool:
    """Whether a digit of any script is in `text`, superscripts among them."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(map(str.isdigit, text)))


def size(text: str) -> int:
    """Length of `text` in characters, scripts that need fewer of them to say the same counted threefold."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_WIDE.findall(text))
