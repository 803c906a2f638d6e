"""Made-up news pages of a given size: markup that repeats, words that do not."""

from __future__ import annotations

import random
from functools import cache

_SYLLABLES = [
    start + vowel + end for start in "bdfgklmnprstvz" for vowel in "aeiou" for end in ("", "n", "r")
]


@cache
def _vocabulary() -> list[str]:
    source = random.Random(0)
    return ["".join(source.choices(_SYLLABLES, k=source.choice((1, 2, 2, 3, 3, 4)))) for _ in range(6000)]


def make_page(number: int, size: int) -> bytes:
    """A page of about `size` bytes, the same each time for the same number.

    A third of it is running text and the rest cards, scripts and attributes, so that it packs to about a fifth
    of its size, as real news pages do.
    """
    source = random.Random(number)
    words = _vocabulary()
    weights = [1 / (rank + 4) for rank in range(len(words))]
    stock = source.choices(words, weights, k=size // 12)
    parts = [
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{number} {' '.join(stock[:8])}</title>"
    ]
    parts.append("<link rel=stylesheet href=/assets/site.css></head><body><header><nav><ul>")
    length, place = len(parts[0]) + 90, 0
    while length < size:
        text = " ".join(stock[place : place + 40])
        place = (place + 40) % max(1, len(stock) - 40)
        key = source.randrange(10**9)
        part = (
            f'<p class="story__paragraph story__paragraph--regular" data-id="{key}">{text}.</p>\n'
            f'<article class="card card--teaser" data-tracking-id="teaser-{key}"><a class="card__link" '
            f'href="/world/{key}/{stock[place]}-{stock[place + 1]}.html"><figure class="card__figure"><img '
            f'class="card__image" loading="lazy" src="/images/{key}/320x180.jpg" srcset="/images/{key}/640x360.jpg '
            f'640w, /images/{key}/960x540.jpg 960w" alt=""></figure><h3 class="card__headline">'
            f"{stock[place + 2]} {stock[place + 3]}</h3></a></article>\n"
        )
        parts.append(part)
        length += len(part)
    return "".join(parts).encode() + b"</body></html>\n"
