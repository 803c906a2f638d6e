from __future__ import annotations

from benchmarks.scoring import Answer, Marks, Reference, mark, overlap, total, words


def test_words_are_those_of_the_composed_text_without_soft_hyphens() -> None:
    assert words("Cafe\u0301 har\u00adbour, 5.") == ["Café", "harbour", "5"]


def test_shingles_are_counted_as_often_as_they_stand() -> None:
    gold = ["a", "b", "c", "d", "e"]
    assert overlap(gold, gold) == (1.0, 1.0)
    assert overlap(gold, ["a", "b", "c", "d"]) == (1.0, 0.5)
    assert overlap(gold, ["a", "b", "c", "d", "a", "b", "c", "d"]) == (0.2, 0.5)
    assert overlap(gold, []) == (None, 0.0)
    assert overlap(["a"], ["a"]) == (1.0, 1.0)


def test_a_page_is_marked_in_what_its_reference_knows() -> None:
    reference = Reference(
        "One two three four", ("two three",), ("Read also", "never"), "A Title", ("Nadia Okoro",)
    )
    answer = Answer("One two three four\nRead  also", "a title!", ("Okoro, Nadia",), "2024-03-05 10:00")
    assert mark(answer, reference, lambda text, gold: text.split("\n")[1:]) == Marks(
        precision=1 / 3,
        recall=1.0,
        exact=0.0,
        leaks=1,
        within=(1, 1),
        without=(1, 2),
        title=1.0,
        authors=0.0,
    )


def test_figures_are_means_over_the_pages_that_have_them() -> None:
    pages = [
        Marks(precision=1.0, recall=0.5, exact=1.0, leaks=2, title=1.0),
        Marks(precision=None, recall=0.0, exact=0.0, leaks=0),
    ]
    assert total(pages) == {"f1": 2 * 0.25 / 1.25, "exact": 0.5, "leaks": 1.0, "title": 1.0}


def test_without_reference_texts_f1_is_that_of_the_snippets() -> None:
    pages = [Marks(within=(3, 4), without=(1, 2)), Marks(within=(0, 1), without=(0, 0))]
    assert total(pages) == {"f1": 2 * 3 / (3 + 1 + 5), "without": 0.5}
    assert total([]) == {}
