# ruff: noqa: E501 - one case a line
from __future__ import annotations

import pytest

from archive.errors import DecodeError
from archive.extraction.article import Page
from archive.extraction.parsing import decode as module
from archive.extraction.parsing.decode import decode

ARABIC = "<html lang=ar><p>قالت هيئة المياه إن الإصلاح سيستغرق ثلاثة أسابيع على الأقل، وأضافت “لا تأخير”.</p>"
GERMAN = "<html lang=de><p>Die Brücke bleibt für Fußgänger geöffnet – „vorerst“, sagt die Behörde.</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param(b"\xef\xbb\xbf" + GERMAN.encode(), "text/html; charset=iso-8859-1", GERMAN, id="mark beats header"),
        pytest.param(b"\xff\xfe" + GERMAN.encode("utf-16-le"), None, GERMAN, id="utf-16 by its mark"),
        pytest.param(ARABIC.encode("cp1256"), "text/html; charset=windows-1256", ARABIC, id="header"),
        pytest.param(ARABIC.encode("cp1256"), "text/html; charset=iso-8859-6", ARABIC, id="iso-8859-6 read as superset"),
        pytest.param(GERMAN.encode("cp1252"), "text/html; charset=iso-8859-1", GERMAN, id="latin-1 read as superset"),
        pytest.param(ARABIC.encode("cp1256"), "text/html", ARABIC, id="language of the page"),
        pytest.param(GERMAN.encode(), "text/html; charset=iso-8859-1", GERMAN, id="valid utf-8 beats a wrong header"),
        pytest.param(GERMAN.encode("cp1252"), "text/html; charset=utf-8", GERMAN, id="wrong utf-8 header"),
        pytest.param(GERMAN.encode() + b"<!-- \xff -->", "text/html; charset=utf-8", GERMAN + "<!-- \ufffd -->", id="odd byte"),
        pytest.param(GERMAN.encode(), "text/html; charset=utf-16", GERMAN, id="utf-16 without NUL bytes is none"),
        pytest.param(b"\xff\xfe" + GERMAN.encode(), None, GERMAN, id="nor by its mark"),
        pytest.param(GERMAN.encode("utf-16-le"), "text/html; charset=utf-16le", GERMAN, id="utf-16 by the header"),
        pytest.param(GERMAN.encode().replace(b"die", b"d\x00ie"), None, GERMAN, id="nul"),
    ],
)  # fmt: skip
def test_the_encoding_is_found_in_the_standards_order(
    body: bytes, content_type: str | None, text: str
) -> None:
    assert decode(Page("https://a.example/", body, content_type)) == text


def test_a_meta_element_names_the_encoding_where_the_header_does_not() -> None:
    markup = '<html><head><meta charset="windows-1251"><title>Мост закрыт</title>'
    assert decode(Page("https://a.example/", markup.encode("cp1251"), "text/html")) == markup


@pytest.mark.parametrize(
    "charset",
    ["base64", "rot13", "zip", "undefined", "idna", "punycode", "unicode_escape", "utf-7", "klingon", "\x00"],
)
def test_a_codec_of_python_that_no_page_is_in_counts_as_no_charset(charset: str) -> None:
    assert (
        decode(Page("https://a.example/", GERMAN.encode("cp1252"), f"text/html; charset={charset}")) == GERMAN
    )


def test_a_page_over_the_bound_is_refused_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHARACTERS", 1_000)
    with pytest.raises(
        DecodeError, match=r"^https://a\.example/: the page has 1001 characters, over the bound of 1000"
    ):
        decode(Page("https://a.example/", b"x" * 1_001, None))
