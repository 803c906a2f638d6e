"""The language of a text: its script, its letters, its small words, and what the page declares."""

from __future__ import annotations

import re
from collections import Counter

from archive.extraction.folding import fold, words
from archive.extraction.lexicon import LEXICON

_SCRIPTS = {
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "am": re.compile("[\u1200-\u137f]"),
}
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
_SAMPLE = 4_000


def choose(declared: list[str | None], text: str) -> str | None:
    """ISO 639-1 code (639-3 where there is none) of `text`; the first declared one that its script allows."""
    codes = [code for value in declared if value and (code := value.replace("_", "-").split("-")[0].lower())]
    codes = [_ALIASES.get(code, code) for code in codes if 2 <= len(code) <= 3 and code.isalpha()]
    sample = text[:_SAMPLE]
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name] * (3 if name in ("ja", "zh", "ko") else 1))
    if not counts[script]:
        return codes[0] if codes else None
    if script == "zh" and counts["ja"] * 20 > counts["zh"]:
        script = "ja"
    if script == "latin":
        return _by_words(sample, [code for code in codes if code not in _NOT_LATIN])
    seen = _by_letters(script, sample)
    allowed = _SHARED.get(script, frozenset({script}))
    return next((code for code in codes if code in allowed and not (code == "ar" and seen != "ar")), seen)


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
    said = Counter(words(fold(sample)))
    votes = {
        code: sum(said[word] for word in small) for code, small in LEXICON.function_words.items() if small
    }
    best = max(sorted(votes), key=lambda code: votes[code]) if votes else None
    if best is None or votes[best] < 5:
        return codes[0] if codes else None
    return next((code for code in codes if votes.get(code, votes[best]) * 2 >= votes[best]), best)
