from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.lock import DaemonLock, daemon_of
from crawler.scheduling.plan import Foreseen, Plan
from crawler.scheduling.policy import Bounds, Due
from tests.crawler.scheduling.simulated import MONDAY


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    due = Due(MONDAY, "first visit")
    plan = Plan(
        ("a", "b"),
        Bounds(timedelta(minutes=1), timedelta(hours=3)),
        "news",
        {"a": MONDAY},
        {"a": Foreseen(due, MONDAY), "b": Foreseen(due, None)},
    )
    assert Plan.read(tmp_path) is None
    plan.write(tmp_path)
    assert Plan.read(tmp_path) == plan
    assert (plan.collection_of("a"), Plan(("a",)).collection_of("a")) == ("news", "a")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"outlets": 3}', '{"outlets": ["a"], "at_least": -1}'])
def test_a_plan_that_somebody_spoilt_is_told_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / ".schedule.json").write_text(text)
    with pytest.raises(ScheduleError, match=r"\.schedule\.json is not as the daemon wrote it.*delete it"):
        Plan.read(tmp_path)


def test_a_folder_of_collections_has_one_daemon(tmp_path: Path) -> None:
    collections = tmp_path / "new" / "collections"
    assert daemon_of(collections) is None
    with DaemonLock(collections):
        assert daemon_of(collections) == os.getpid()
        with pytest.raises(
            ScheduleError, match=rf"being visited by process {os.getpid()}; stop that with `kill"
        ):
            DaemonLock(collections)
    assert daemon_of(collections) is None
    with DaemonLock(collections):
        pass


def test_a_place_that_can_not_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ScheduleError, match=r"file/collections can't be written to \(Not a directory\); choose"
    ):
        DaemonLock(tmp_path / "file" / "collections")
