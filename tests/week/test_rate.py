"""That no outlet is asked faster than its file says: by the wall clock of its own server."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from tests.command import tearsheet
from tests.week.publishing import Steady
from tests.week.server import WeekServer
from tests.week.serving import Loops
from tests.week.stories import at

_DELAY = 0.4  # seconds
_LATE = 0.1  # seconds by which a busy machine may see a request late, so that the next one seems early


def test_two_requests_to_a_host_are_never_closer_than_its_delay(tmp_path: Path) -> None:
    with WeekServer([Steady(), Loops()]) as server:
        server.outlet_files(tmp_path / "outlets", _DELAY)
        server.now = at(1)
        done = tearsheet("crawl", "steady", "loops", "--max-pages", "6", "--workers", "1", cwd=tmp_path)
    assert "articles" in done.out
    for name in server.outlets:
        asked = [access.wall for access in server.log if access.outlet == name]
        assert len(asked) > 8
        assert min(after - before for before, after in pairwise(asked)) > _DELAY - _LATE
        assert asked[-1] - asked[0] > (len(asked) - 1) * _DELAY - _LATE
    # Each at its own pace: neither waits for the other.
    first, second = ([each.wall for each in server.log if each.outlet == name] for name in server.outlets)
    assert first[0] < second[-1]
    assert second[0] < first[-1]
