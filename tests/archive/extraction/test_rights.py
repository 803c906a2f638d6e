from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extraction.article import Article, Page, Reservation, Rules
from archive.extraction.extract import extract
from archive.extraction.workers.worker import extract_response

URL = "https://www.daily.example/2026/03/harbour"
TERMS = "https://www.daily.example/terms.json"
STORY = (
    "<article><h1>The harbour opens again after the storm</h1><p>The harbour of the old town opens again on Friday, "
    "the office said, after four weeks in which no ship could enter it.</p><p>Divers had to lift two barges that lay "
    "across the channel, and the lights of the mole were set anew by the men of the yard.</p></article>"
)


def page(*metas: tuple[str, str]) -> bytes:
    marks = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas)
    return f'<html lang="en"><head><title>Harbour</title>{marks}</head><body>{STORY}</body></html>'.encode()


def rights(body: bytes, header: Reservation | None = None) -> tuple[Reservation, ...]:
    article = extract(Page(URL, body, "text/html; charset=utf-8", None, header))
    assert isinstance(article, Article)
    return article.rights


@pytest.mark.parametrize(
    ("metas", "expected"),
    [
        ((), ()),
        ((("tdm-reservation", "1"),), (Reservation("meta", True, None),)),
        ((("TDM-Reservation", " 0 "),), (Reservation("meta", False, None),)),
        ((("tdm-reservation", "1"), ("tdm-policy", TERMS)), (Reservation("meta", True, TERMS),)),
        ((("tdm-policy", TERMS),), (Reservation("meta", None, TERMS),)),
        ((("tdm-reservation", "yes"),), (Reservation("meta", None, None),)),
        ((("tdm-reservation", ""), ("tdm-policy", "")), ()),
    ],
)
def test_what_the_markup_reserves_is_kept(
    metas: tuple[tuple[str, str], ...], expected: tuple[Reservation, ...]
) -> None:
    assert rights(page(*metas)) == expected


def test_the_response_goes_before_the_markup_and_neither_before_the_other() -> None:
    header = Reservation("header", False, None)
    assert rights(page(("tdm-reservation", "1")), header) == (header, Reservation("meta", True, None))


def test_the_header_is_read_from_the_bytes_of_the_response() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTDM-Reservation: 1\r\ntdm-policy: %b\r\n\r\n"
    response = head % TERMS.encode() + page()
    article = extract_response(URL, response, datetime(2026, 3, 1, tzinfo=UTC), Rules())
    assert isinstance(article, Article)
    assert article.rights == (Reservation("header", True, TERMS),)
