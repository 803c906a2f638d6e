from __future__ import annotations

import pytest

from archive.search.terms import Term, joined, terms


def texts(text: str) -> list[str]:
    return [term.text for term in terms(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Harbour-side: 3 boats", ["harbour", "side", "3", "boats"]),
        ("Erdoğan’ın Straße, naïve İstanbul", ["erdogan", "in", "strasse", "naive", "istanbul"]),
        ("Łódź Ørsted Đà Nẵng", ["lodz", "orsted", "da", "nang"]),
        ("الحُكُومَةُ اللبنانيّة", ["الحكومه", "اللبنانيه"]),
        ("إلى أمٍّ آسيا مـــستشفى مؤتمر", ["الي", "ام", "اسيا", "مستشفي", "موتمر"]),
        ('שָׁלוֹם צה״ל צה"ל', ["שלום", "צהל", "צהל"]),
        ("می‌خواهم کتاب‌ها", ["مي", "خواهم", "كتاب", "ها"]),
        ("٢٠٢٦ ۲۰۲۶ २०२६", ["2026", "2026", "2026"]),
        ("東京都知事", ["東京", "京都", "都知", "知事", "事"]),
        ("ハード・ディスク", ["ハー", "ード", "ドデ", "ディ", "ィス", "スク", "ク"]),
        ("서울시 시장", ["서울", "울시", "시", "시장", "장"]),
        ("iPhone手机", ["iphone", "手机", "机"]),
        ("भारत में", ["भारत", "में"]),
        ("Киев, Київ", ["киев", "киів"]),
        ("\u0640\u200c\u0640 x", ["x"]),
        ("_ - \x00 \ufffd 👍 “”", []),
    ],
)
def test_text_is_cut_and_folded_as_its_script_wants(text: str, wanted: list[str]) -> None:
    assert texts(text) == wanted


def test_terms_know_where_they_stand() -> None:
    assert list(terms("an Émile 北京")) == [
        Term("an", 0, 2),
        Term("emile", 3, 8),
        Term("北京", 9, 11),
        Term("京", 10, 11),
    ]


def test_words_that_a_joiner_keeps_apart_are_also_one() -> None:
    assert list(joined("او می‌خواهد")) == [Term("ميخواهد", 3, 11)]
    assert list(joined("او ميخواهد")) == []


def test_a_joiner_in_other_scripts_only_shapes_letters() -> None:
    assert texts("क्\u200cष") == texts("क्ष")
