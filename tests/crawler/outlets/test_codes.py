from __future__ import annotations

import pytest

from crawler.outlets.codes import COUNTRIES, LANGUAGES, language_code


def test_the_lists_are_whole() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert len(LANGUAGES) == 183


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ar", "ar"), ("ar-SA", "ar"), ("PT_br", "pt"), (" en ", "en"), ("zh-Hant-TW", "zh"), ("iw", "he"),
        ("in-ID", "id"), ("ara", None), ("", None), (None, None), ("english", None),
    ],
)  # fmt: skip
def test_a_language_tag_is_cut_to_its_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code
