from __future__ import annotations

import unicodedata

import pytest

from archive.extraction.wording.folding import normal

MARKS = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
WORDS = "\u0643\u0644\u0645\u0629 \u05d3\u05d1\u05e8 caf\u00e9 " * 200


def test_text_of_any_script_comes_out_in_normal_form() -> None:
    text = (
        WORDS + "e\u0301 \u6a4b\u306e\u5efa\u8a2d \u0e17\u0e35\u0e48\u0e1b\u0e23\u0e30\u0e0a\u0e38\u0e21" * 20
    )
    assert normal("NFC", text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("place", range(0, len(MARKS), 61))
def test_of_many_marks_on_one_letter_thirty_stay(place: int) -> None:
    mark = MARKS[place]
    stacked = normal("NFKC", WORDS + "q" + mark * 5_000 + "r")
    assert stacked == unicodedata.normalize("NFKC", WORDS + "q" + mark * 30 + "r")
