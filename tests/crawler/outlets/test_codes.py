from __future__ import annotations

import pytest

from crawler.outlets.codes import COUNTRIES, LANGUAGES, country_of_host, language_code


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


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("daily.example.qa", "QA"),
        ("www.daily.co.uk", "GB"),
        ("daily.com.tr:8080", "TR"),
        ("daily.ly", "LY"),
        ("daily.tv", "XX"),
        ("daily.co", "XX"),
        ("daily.com.co", "CO"),
        ("daily.com", "XX"),
        ("daily.eu", "XX"),
        ("127.0.0.1:8001", "XX"),
        ("localhost", "XX"),
    ],
)
def test_a_host_tells_its_country_by_a_domain_that_is_one_country_s(host: str, country: str) -> None:
    assert country_of_host(host) == country
