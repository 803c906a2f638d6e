from __future__ import annotations

from archive.search.marking import Piece, marked, snippet
from archive.search.query import parse


def shown(text: str, typed: str) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in marked(text, parse(typed)))


def test_what_was_found_is_marked_as_it_is_written() -> None:
    assert shown("Naïve fires, NAIVE fire.", "naive fire") == "[Naïve] fires, [NAIVE] [fire]."
    assert shown("fire at night, a night fire", '"night fire"') == "fire at night, a [night fire]"
    assert shown("harbours, Harbour-master", "harb*") == "[harbours], [Harbour]-master"
    assert shown("قال وزيرٌ والوزير للوزير", "الوزير") == "قال [وزيرٌ] [والوزير] [للوزير]"
    assert shown("東京都知事は京都へ", "京都") == "東[京都]知事は[京都]へ"
    assert shown("東京都 都", "都") == "東京[都] [都]"
    assert shown("کتابها کتاب‌ها", "کتابها") == "[کتابها] [کتاب‌ها]"
    assert shown("nothing of it", "-it") == "nothing of it"


def test_a_text_without_it_is_one_piece() -> None:
    assert marked("as it is", parse("")) == (Piece("as it is"),)


def test_the_snippet_is_the_stretch_that_has_most() -> None:
    text = (
        "One fire. " + "Much else was said then. " * 30 + "The harbour fire came late. " + "More of it. " * 30
    )
    found = snippet(text, parse("harbour fire"))
    whole = "".join(piece.text for piece in found)
    assert (found[0].text, found[-1].text) == ("… ", " …")
    assert [piece.text for piece in found if piece.marked] == ["harbour", "fire"]
    assert 150 < len(whole) < 300
    assert whole[2:-2] in text


def test_without_a_find_it_is_the_beginning() -> None:
    assert snippet("Short.\n\nText.", parse("x")) == (Piece("Short. Text."),)
    assert "".join(piece.text for piece in snippet("字" * 1000, parse("x"))) == "字" * 260 + " …"
