from __future__ import annotations

from pathlib import Path

from benchmarks.floor import Floor

FLOOR = Floor(4, {"newsroom": {"exact": 0.5, "leaks": 1.0}, "corpora.coast": {"f1": 0.9}}, {"coast": "ab12"})


def test_a_figure_that_fell_is_named_with_the_bound() -> None:
    assert list(FLOOR.broken({"newsroom": {"exact": 0.4999, "leaks": 1.0001}})) == [
        "newsroom: exact is 0.4999, and the floor allows at least 0.5000",
        "newsroom: leaks is 1.0001, and the floor allows at most 1.0000",
    ]


def test_what_is_as_good_or_better_or_was_not_measured_is_not_named() -> None:
    assert list(FLOOR.broken({"newsroom": {"exact": 0.5, "leaks": 0.2}})) == []


def test_a_figure_that_is_no_longer_measured_is_named() -> None:
    assert list(FLOOR.broken({"newsroom": {"exact": 0.5}})) == [
        "newsroom: leaks is in the floor and was not measured"
    ]


def test_a_raised_floor_holds_for_what_raised_it() -> None:
    measured = {"newsroom": {"exact": 2 / 3, "leaks": 1 / 3}}
    raised = FLOOR.raised(measured, {})
    assert raised.sections["newsroom"] == {"exact": 0.6666, "leaks": 0.3334}
    assert list(raised.broken(measured)) == []
    assert raised.raised(measured, {}) == raised


def test_the_floor_is_never_lowered() -> None:
    assert FLOOR.raised({"newsroom": {"exact": 0.1, "leaks": 9.0}}, {"coast": "cd34"}) == FLOOR


def test_new_figures_and_corpora_enter_the_floor_and_its_file(tmp_path: Path) -> None:
    raised = FLOOR.raised({"corpora.hill": {"without": 0.0625}}, {"hill": "ef56"})
    raised.write(tmp_path / "floor.toml")
    assert Floor.read(tmp_path / "floor.toml") == raised
    assert raised.corpora == {"coast": "ab12", "hill": "ef56"}
