from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.query import Clause, Query, parse


def wanted(typed: str) -> list[tuple[str, ...]]:
    """The first form of each thing that is wanted."""
    return [clause.alternatives[0] for clause in parse(typed).wanted]


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("Harbour fire", [("harbour",), ("fire",)]),
        ('"harbour fire" late', [("harbour", "fire"), ("late",)]),
        ("“harbour fire” «late night» „so spät“", [("harbour", "fire"), ("late", "night"), ("so", "spat")]),
        ('"never closed', [("never", "closed")]),
        ("don't e-mail", [("don", "t"), ("e", "mail")]),
        ('שר "צה"ל היום"', [("שר",), ("צהל", "היום")]),
        ("北京市", [("北京", "京市")]),
        ("same same", [("same",)]),
        ('"" * - NEAR( ^ : \x00', [("near",)]),
        ("AND OR NOT", [("and",), ("or",), ("not",)]),
    ],
)
def test_words_and_phrases_are_told_apart(typed: str, clauses: list[tuple[str, ...]]) -> None:
    assert wanted(typed) == clauses


def test_what_has_a_dash_before_it_must_not_be_there() -> None:
    assert parse('fire -late -"last night" well-known') == Query(
        (Clause((("fire",),)), Clause((("well", "known"),))),
        (Clause((("late",),)), Clause((("last", "night"),))),
    )


def test_a_star_stands_for_the_rest_of_a_word() -> None:
    assert parse("harb*").wanted == (Clause((("harb",),), prefix=True),)
    assert parse("東").wanted == (Clause((("東",),), prefix=True),)  # the pairs that begin with it
    assert parse("я").wanted == (Clause((("я",),)),)


def test_an_arabic_word_is_looked_for_with_and_without_what_is_written_onto_it() -> None:
    forms = {form for (form,) in parse("والحكومة").wanted[0].alternatives}
    assert {"والحكومه", "حكومه", "الحكومه", "للحكومه", "وبالحكومه", "لحكومه"} <= forms
    assert {form for (form,) in parse("الله").wanted[0].alternatives} >= {"الله", "والله", "لالله"}
    assert "له" not in {form for (form,) in parse("الله").wanted[0].alternatives}
    assert parse("من").wanted[0].alternatives[:2] == (("من",), ("المن",))
    assert ("ومن",) not in parse("من").wanted[0].alternatives


def test_a_hebrew_word_is_too() -> None:
    forms = {form for (form,) in parse("הממשלה").wanted[0].alternatives}
    assert {"הממשלה", "ממשלה", "בממשלה", "ושהממשלה"} <= forms


def test_the_first_word_of_a_phrase_may_carry_them() -> None:
    assert ("وحزب", "الله") in parse('"حزب الله"').wanted[0].alternatives
    assert ("للرييس", "اللبناني") in parse('"الرئيس اللبناني"').wanted[0].alternatives


def test_long_queries_are_cut_and_say_so() -> None:
    assert not parse("w " * 100).shortened
    assert parse(" ".join(f"w{number}" for number in range(25))).shortened
    assert len(parse(" ".join(f"w{number}" for number in range(99))).wanted) == 24
    assert parse("w" * 501).shortened


def test_nothing_to_look_for_is_no_query() -> None:
    assert not parse(' "" - * … 👍')
    assert parse("-x")


@given(st.text())
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    for clause in (*parse(typed).wanted, *parse(typed).unwanted):
        assert all(term and not set(term) & set(' "*()^:-+') for each in clause.alternatives for term in each)
