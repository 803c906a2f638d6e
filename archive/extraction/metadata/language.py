"""The language of a text: its script, its letters, its small words, and what the page declares.

Only the beginning of the text is looked at: a paragraph tells the language as surely as the whole article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from archive.extraction.wording.folding import fold, words
from archive.extraction.wording.lexicon import LEXICON

# First and last letter of each script, in order.
_SCRIPTS = (
    ("A", "Z", "latin"), ("a", "z", "latin"), ("\u00c0", "\u024f", "latin"), ("\u0370", "\u03ff", "el"),
    ("\u0400", "\u04ff", "cyrillic"), ("\u0530", "\u058f", "hy"), ("\u0590", "\u05ff", "he"),
    ("\u0600", "\u06ff", "arabic"), ("\u0750", "\u077f", "arabic"), ("\u0900", "\u097f", "hi"),
    ("\u0980", "\u09ff", "bn"), ("\u0b80", "\u0bff", "ta"), ("\u0e00", "\u0e7f", "th"), ("\u10a0", "\u10ff", "ka"),
    ("\u1200", "\u137f", "am"), ("\u1e00", "\u1eff", "latin"), ("\u3040", "\u30ff", "ja"), ("\u3400", "\u9fff", "zh"),
    ("\uac00", "\ud7af", "ko"), ("\ufb50", "\ufdff", "arabic"), ("\ufe70", "\ufeff", "arabic"),
)  # fmt: skip
_STARTS = [start for start, _, _ in _SCRIPTS]
_SHARED = {
    "arabic": frozenset({"ar", "fa", "ur", "ku", "ckb", "ps", "ug", "sd"}),
    "cyrillic": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"}),
    "ja": frozenset({"ja"}),
    "zh": frozenset({"zh", "ja"}),
    "hi": frozenset({"hi", "mr", "ne"}),
}
_LETTERS = (
    ("ur", re.compile("[ٹڈڑںے]")),
    ("ckb", re.compile("[ڕڵێۆ]")),
    ("fa", re.compile("[پچژگ]")),
)
_WIDE = frozenset({"ja", "zh", "ko"})
"""Scripts whose letters say as much as three of others."""
_SAMPLE = 800


def choose(declared: list[str | None], text: str) -> str | None:
    """ISO 639-1 code (639-3 where there is none) of `text`; the first declared one that its script allows."""
    codes = [code for value in declared if value and (code := value.replace("_", "-").split("-")[0].lower())]
    codes = [_ALIASES.get(code, code) for code in codes if 2 <= len(code) <= 3 and code.isalpha()]
    sample = text[:_SAMPLE]
    counts = _letters_by_script(sample)
    script = max(sorted(counts), key=lambda name: counts[name] * (3 if name in _WIDE else 1), default="")
    if not script:
        return codes[0] if codes else None
    if script == "zh" and counts["ja"] * 20 > counts["zh"]:
        script = "ja"
    if script == "latin":
        return _by_words(sample, [code for code in codes if code not in _NOT_LATIN])
    seen = _by_letters(script, sample)
    allowed = _SHARED.get(script, frozenset({script}))
    return next((code for code in codes if code in allowed and not (code == "ar" and seen != "ar")), seen)


def _letters_by_script(sample: str) -> Counter[str]:
    """How many letters of each script a text has."""
    counts: Counter[str] = Counter()
    for letter, number in Counter(sample).items():
        _, end, script = _SCRIPTS[bisect_right(_STARTS, letter) - 1]
        if "A" <= letter <= end:
            counts[script] += number
    return counts


_ALIASES = {
    "iw": "he",
    "in": "id",
    "nb": "no",
    "nn": "no",
    "ckb": "ku",
    "gr": "el",
    "cn": "zh",
    "jp": "ja",
    "ua": "uk",
}
_NOT_LATIN = frozenset({"ar", "fa", "he", "ur", "ru", "uk", "el", "zh", "ja", "ko", "hi", "bn", "th", "bg"})


def _by_letters(script: str, sample: str) -> str:
    if script == "arabic":
        for code, letters in _LETTERS:
            if len(letters.findall(sample)) * 100 > len(sample):
                return _ALIASES.get(code, code)
        return "ar"
    if script == "cyrillic":
        return "uk" if re.search("[іїєґ]", sample) and not re.search("[ыэё]", sample) else "ru"
    return script


def _by_words(sample: str, codes: list[str]) -> str | None:
    """The language whose small words are commonest, where the page's claim has far fewer or there is none."""
    votes: Counter[str] = Counter()
    for word in words(fold(sample)):
        for code in _LANGUAGES.get(word, ()):
            votes[code] += 1
    best = max(sorted(votes), key=lambda code: votes[code]) if votes else None
    if best is None or votes[best] < 5:
        return codes[0] if codes else None
    known = LEXICON.function_words
    return next((code for code in codes if not known.get(code) or votes[code] * 2 >= votes[best]), best)


def _languages() -> dict[str, tuple[str, ...]]:
    """The languages that each small word belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for code, small in sorted(LEXICON.function_words.items()):
        for word in small:
            found[word] = (*found.get(word, ()), code)
    return found


_LANGUAGES = _languages()
