from __future__ import annotations

import pytest

from crawler.discovery.titles import title_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Plain", "Plain"),
        ("  Two\n lines\u00a0here ", "Two lines here"),
        ("A <b>bold</b> cl<i>ai</i>m", "A bold claim"),
        ("One<br/>two<p>three</p>", "One two three"),
        ("AT&amp;T &#8211; AT&T", "AT&T – AT&T"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("x <!-- hidden --> y", "x y"),
        ("\u200bعنوان\x00", "عنوان"),
        ("e\u0301te\u0301", "été"),
        ("<img src=x>", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title_is_plain_text_on_one_line(raw: str | None, text: str | None) -> None:
    assert title_text(raw) == text


def test_a_flood_of_brackets_takes_no_time() -> None:
    assert title_text("<" * 200_000 + "a") == "<" * 200_000 + "a"
