from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from archive.catalogue.rows import State
from archive.extraction.article import Kind
from archive.outcomes import Settled
from crawler.rendering.rendering import RenderOptions
from crawler.rendering.wishes import ENOUGH, IN_VAIN, PROBE, Habit, Mode, Wishes

CAPTURE = Capture(
    1,
    "http://a.example/",
    datetime(2026, 3, 1, tzinfo=UTC),
    "<urn:1>",
    "response",
    "a.warc.gz",
    0,
    1,
    "sha256:E",
)


def settled(state: State, kind: Kind | None = None) -> Settled:
    return Settled(CAPTURE, state, kind=kind)


SHELL = settled("no-article", "shell")
TEXT = settled("text")


def of_outlet(streak: int = 0, mode: Mode = "auto") -> tuple[Wishes, list[int]]:
    learned: list[int] = []
    return Wishes(mode, habit=Habit(streak, learned.append)), learned


def holds(wishes: Wishes) -> bool:
    """Whether the next page goes to the browser at once."""
    wish = wishes.first()
    return wish is not None and wish.holds()


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (SHELL, True),
        (settled("no-article", "consent"), True),
        (settled("no-article", "bot-wall"), True),
        (settled("no-article", "empty"), True),
        (settled("no-article"), True),
        (settled("no-article", "paywall"), False),
        (settled("no-article", "not-found"), False),
        (settled("no-page"), False),
        (settled("failed"), False),
        (TEXT, False),
    ],
)
def test_a_page_is_rendered_that_a_browser_may_make_an_article_of(outcome: Settled, expected: bool) -> None:
    assert (Wishes("auto").after(outcome) is not None) is expected
    assert Wishes("never").after(outcome) is None


def test_an_unchanged_page_of_an_outlet_is_not_rendered_at_each_look() -> None:
    wishes, _ = of_outlet()
    assert wishes.after(settled("no-article")) is None


def test_pages_named_by_a_user_are_asked_for_plainly_first() -> None:
    assert [holds(Wishes(mode)) for mode in ("never", "auto", "always")] == [False, False, True]
    options = RenderOptions(pdf=True)
    wish = Wishes("always", options).first()
    assert wish is not None
    assert wish.options is options


def test_after_some_pages_that_only_rendering_helped_the_next_go_to_the_browser_at_once() -> None:
    wishes, learned = of_outlet()
    for _ in range(ENOUGH):
        assert not holds(wishes)
        assert wishes.after(SHELL) is not None
        wishes.rendered(TEXT)
    assert learned == [1, 2, 3]
    assert [holds(wishes) for _ in range(3)] == [False, True, True]  # the first one is a probe


def test_now_and_then_a_page_is_asked_for_plainly_all_the_same() -> None:
    wishes, _ = of_outlet(ENOUGH)
    asked = [holds(wishes) for _ in range(2 * PROBE)]
    assert [number for number, at_once in enumerate(asked) if not at_once] == [0, PROBE]


def test_a_plain_answer_with_an_article_ends_it() -> None:
    wishes, learned = of_outlet(ENOUGH)
    assert not holds(wishes)
    wishes.after(TEXT)
    assert learned == [0]
    assert [holds(wishes) for _ in range(3)] == [False] * 3


def test_rendering_that_brings_nothing_is_left_for_the_run() -> None:
    wishes, learned = of_outlet(ENOUGH)
    for _ in range(IN_VAIN):
        assert wishes.after(SHELL) is not None
        wishes.rendered(SHELL)
    assert wishes.after(SHELL) is None
    assert learned == [0]
    assert not holds(wishes)


def test_pages_that_could_not_be_rendered_count_as_those_of_which_nothing_came() -> None:
    wishes, _ = of_outlet()
    for _ in range(IN_VAIN):
        wishes.failed()
    assert wishes.after(SHELL) is None


def test_without_a_browser_everything_is_asked_for_plainly() -> None:
    asked: list[int] = []

    def missing() -> bool:
        asked.append(1)
        return True

    wishes = Wishes("auto", habit=Habit(ENOUGH), missing=missing)
    assert wishes.after(TEXT) is None
    assert asked == []  # nobody looks for a browser that is not needed
    wishes = Wishes("auto", habit=Habit(ENOUGH), missing=missing)
    assert [holds(wishes), holds(wishes)] == [False, False]
    assert wishes.after(SHELL) is None
    assert wishes.after_list() is None


def test_section_pages_are_rendered_always_or_when_they_name_no_article() -> None:
    for mode, first, after in (("never", False, False), ("auto", False, True), ("always", True, False)):
        wishes = Wishes(mode)  # type: ignore[arg-type]
        assert (wishes.list() is not None, wishes.after_list() is not None) == (first, after)
