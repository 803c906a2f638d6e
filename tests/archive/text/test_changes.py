from __future__ import annotations

from archive.text.changes import Piece, changes, counts


def test_words_that_changed_are_shown_within_their_paragraph() -> None:
    before = ["Headline", "The bridge opened on Monday with three lanes.", "It rained."]
    after = ["Headline", "The bridge opened on Tuesday with three lanes.", "It rained."]
    (change,) = changes(before, after)
    assert change == (
        Piece("same", "The bridge opened on "),
        Piece("removed", "Monday"),
        Piece("added", "Tuesday"),
        Piece("same", " with three lanes."),
    )
    assert counts(change) == (1, 1)


def test_whole_paragraphs_come_and_go() -> None:
    assert list(changes(["One.", "Two."], ["One.", "Two.", "Three."])) == [(Piece("added", "Three."),)]
    assert list(changes(["One.", "Two."], ["Two."])) == [(Piece("removed", "One."),)]
    assert list(changes(["One."], ["One."])) == []


def test_words_of_arabic_and_persian_stay_whole() -> None:
    (change,) = changes(["قال الوزير إن الجسر مغلق."], ["قال الوزير إن الجسر مفتوح."])
    assert [piece.text for piece in change if piece.kind != "same"] == ["مغلق", "مفتوح"]
    (change,) = changes(["او می\u200cرود."], ["او می\u200cآید."])
    assert [piece.text for piece in change if piece.kind != "same"] == ["می\u200cرود", "می\u200cآید"]


def test_the_pieces_give_both_versions_again() -> None:
    before = "A line of words, with signs; and (brackets) in it."
    after = "A new line of words with signs, and no brackets in it!"
    (change,) = changes([before], [after])
    assert "".join(piece.text for piece in change if piece.kind != "added") == before
    assert "".join(piece.text for piece in change if piece.kind != "removed") == after


def test_a_paragraph_without_end_is_not_compared_word_by_word() -> None:
    before, after = "word " * 5_000, "other " * 5_000
    assert list(changes([before], [after])) == [(Piece("removed", before), Piece("added", after))]
