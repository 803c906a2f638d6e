from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from archive.extraction.wording import vocabulary
from archive.extraction.wording.folding import fold
from archive.extraction.wording.lexicon import LEXICON, LISTS, Lexicon


def test_a_word_is_found_as_a_whole_or_with_any_letters_at_a_starred_edge() -> None:
    organisation = vocabulary.anywhere("names.organisation")
    assert organisation.search(fold("Harbour Desk"))
    assert not organisation.search(fold("Nadia Deskins"))
    assert organisation.search(fold("وكالة الميناء"))
    assert organisation.search("港湾新聞")


def test_an_opening_is_told_from_a_line_that_only_begins_alike() -> None:
    opening = vocabulary.Opening("names.listing", then=r"\s+(?=\S)")
    match = opening.match(fold("View all posts by Nadia"))
    assert match is not None
    assert match.end() == len("View all posts by ")
    assert opening.match(fold("View of the harbour")) is None
    assert opening.match("") is None


def test_a_whole_phrase_may_hold_anything_at_its_star() -> None:
    never = vocabulary.whole("names.never")
    assert never.fullmatch("view my profile")
    assert not never.fullmatch("viewer nadia")


def test_every_language_has_its_words_for_names_and_dates() -> None:
    wanted = (
        "names.label",
        "names.never",
        "names.organisation",
        "names.role",
        "dates.published",
        "dates.updated",
    )
    for code in LEXICON.function_words:
        lists = _lists_of(code)
        assert all(lists.get(name) for name in wanted), code


def _lists_of(code: str) -> dict[str, tuple[str, ...]]:
    text = (files("archive.extraction.wording") / f"{code}.toml").read_text(encoding="utf-8")
    wording = tomllib.loads(text)
    return {f"{table}.{name}": tuple(words) for table in LISTS for name, words in wording[table].items()}


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        ({"language": "xx", "names": {"rolle": ["a"]}}, "names has no list called rolle"),
        ({"language": "xx", "dates": ["a"]}, "dates should be a table of lists"),
        ({"language": "xx", "dates": {"updated": "a"}}, "should be a list of strings"),
    ],
)
def test_a_mistake_in_a_word_list_is_named(wording: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=rf"^wording/xx\.toml: .*{problem}"):
        Lexicon().add("xx.toml", wording)
