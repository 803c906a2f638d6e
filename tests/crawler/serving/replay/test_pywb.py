from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from archive.collection_writer import CollectionWriter
from crawler.serving.replay.app import can_replay
from crawler.serving.replay.pywb import find_wayback
from tests.archive.access.samples import capture
from tests.crawler.serving.origins import served
from tests.crawler.serving.replay.test_app import APP, policy, replay_app, view
from tests.crawler.serving.replay.test_chromium import PAGE, showing
from tests.programs import program


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither replayweb.page nor pywb are there."""
    monkeypatch.setenv("TEARSHEET_REPLAY", str(tmp_path / "nothing"))
    monkeypatch.setenv("TEARSHEET_PYWB", str(tmp_path / "nothing"))


def written(folder: Path) -> Path:
    with CollectionWriter(folder / "archives", "news") as writer:
        for minute, (body, status) in enumerate(
            [(b"<h1>one</h1><img src=/x.svg>", "200 OK"), (b"", "304 Not Modified")]
        ):
            capture(writer, PAGE, minute * 60, body, status=status)
    return folder / "archives"


def test_the_program_is_found_by_its_name_or_its_environment(tmp_path: Path) -> None:
    wayback = tmp_path / "bin/wayback"
    wayback.parent.mkdir()
    assert find_wayback({"TEARSHEET_PYWB": str(tmp_path)}) is None
    wayback.write_text("#!/bin/sh\n")
    wayback.chmod(0o755)
    for named in (tmp_path, wayback):
        assert find_wayback({"TEARSHEET_PYWB": str(named)}) == wayback
    assert find_wayback({"PATH": str(wayback.parent)}) == wayback
    assert find_wayback({"PATH": str(tmp_path)}) is None


def test_a_pywb_that_does_not_start_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "wayback"
    broken.write_text("#!/bin/sh\necho 'no module named <pywb>' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("TEARSHEET_PYWB", str(broken))
    with served(replay_app(written(tmp_path), APP)) as origin:
        said = view(origin, PAGE)
    assert said.status == 200
    assert f"{broken} does not start (no module named &lt;pywb&gt;)" in said.text
    assert "tearsheet serve --get-replay" in said.text


@pytest.mark.slow
def test_pywb_shows_pages_under_our_policy(
    tmp_path: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEARSHEET_PYWB", str(program("wayback")))
    assert can_replay()
    collections = written(tmp_path)
    for second in (0, 60):  # the second was found not to be modified
        with showing(collections, chromium, PAGE, second) as shown:
            assert shown.archived().inner_text("h1") == "one"
            assert shown.asked == ["/"]
    with served(replay_app(collections, APP)) as origin:
        said = origin.ask(f"/news/20260301120000mp_/{PAGE}")
        assert (said.status, "sandbox" in policy(said)) == (200, True)
        assert origin.ask("/news/20260301120000/http://news.example/story").status == 404
        assert origin.ask("/static/wombat.js").status == 200
        assert (
            origin.ask(f"/news/20260301120000id_/{PAGE}")
            .headers["content-security-policy"]
            .startswith("default-src 'none'")
        )
