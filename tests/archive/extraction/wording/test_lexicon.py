from __future__ import annotations

import pytest

from archive.extraction.wording.folding import fold, key
from archive.extraction.wording.lexicon import LEXICON, Lexicon
from archive.extraction.wording.openings import Hit


def test_spelling_variants_of_arabic_fold_to_one() -> None:
    assert fold("إقرأ أيضاً") == fold("اقرا ايضا") == fold("اقـرأ أيضًا\u200f")
    assert fold("\ufe8d\ufed7\ufeae\ufe83") == fold("اقرأ")
    assert key("مقالات مُشابهة:") == key("مقالات مشابهه")


def test_a_phrase_with_a_wild_card_takes_one_to_four_words() -> None:
    assert Hit("related", "line", 0, False) in LEXICON.hits(fold("More from the old harbour"))
    assert LEXICON.hits(fold("More from the old harbour and the new one of the town")) == [
        hit
        for hit in LEXICON.hits(fold("More from the old harbour and the new one of the town"))
        if hit.kind != "line"
    ]


def test_what_follows_a_phrase_is_told() -> None:
    (hit,) = [hit for hit in LEXICON.hits(fold("Read also: a story")) if hit.kind == "lead" and hit.rest == 2]
    assert hit.separated


@pytest.mark.parametrize("line", ["फोटो: तट एजेंसी", "ছবি: উপকূল সংস্থা", "বিষয়: বন্দর"])
def test_a_colon_after_a_vowel_sign_is_seen(line: str) -> None:
    assert [hit.separated for hit in LEXICON.hits(fold(line)) if hit.kind == "lead"] == [True]


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        ({"language": "xx", "relatd": {"line": ["a"]}}, "no category is called relatd"),
        ({"language": "xx", "related": {"lines": ["a"]}}, "no kind of phrase called lines"),
        ({"language": "xx", "related": {"line": "a"}}, "should be a list of strings"),
        ({"language": "xx", "related": {"line": ["—"]}}, "a phrase without words"),
    ],
)
def test_a_mistake_in_a_wording_file_is_named(wording: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=rf"^wording/xx\.toml: .*{problem}"):
        Lexicon().add("xx.toml", wording)


@pytest.mark.parametrize("category", ["footer", "copyright", "newsletter", "consent", "missing"])
def test_a_phrase_is_found_wherever_it_stands_in_a_text(category: str) -> None:
    for phrase in LEXICON.inside.phrases[category]:
        for text in (phrase, f"one\ntwo{phrase}three", f"{phrase}.\nfour"):
            assert LEXICON.inside.said((category,), text) == {
                category: tuple(other for other in LEXICON.inside.phrases[category] if other in text)
            }
    assert LEXICON.inside.said((category,), "the ferry sails on monday") == {category: ()}
