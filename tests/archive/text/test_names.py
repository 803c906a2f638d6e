from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.names import TextName, parse_name


@given(st.integers(0, 10**7), st.integers(0, 2**64 - 1))
def test_a_name_read_back_is_the_same(number: int, value: int) -> None:
    name = TextName(number, f"{value:016x}")
    assert parse_name(name.text) == parse_name(name.json) == name


@pytest.mark.parametrize(("number", "text"), [(0, "000_"), (7, "007_"), (999, "999_"), (1000, "1000_")])
def test_numbers_have_three_digits_or_more(number: int, text: str) -> None:
    assert TextName(number, "312ac729c335d70b").text == f"{text}312ac729c335d70b.txt"


@pytest.mark.parametrize(
    "name",
    [
        "00_312ac729c335d70b.txt",
        "0001_312ac729c335d70b.txt",
        "000_312AC729C335D70B.txt",
        "000_312ac729c335d70.txt",
        "000_312ac729c335d70b.txt.tmp",
        "٠٠٠_312ac729c335d70b.txt",
        "000_312ac729c335d70b.txt\n",
        "notes.txt",
    ],
)
def test_other_names_are_none(name: str) -> None:
    assert parse_name(name) is None
