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
_LATE = 0.1  # seconds by which a server may see a request late, so that the next one seems early
_TRIES = 3  # a machine that stalls for longer than that may do so once


def test_two_requests_to_a_host_are_never_closer_than_its_delay(tmp_path: Path) -> None:
    gaps = []
    for number in range(_TRIES):
        gaps.append(min(_gaps(tmp_path / str(number))))
        if gaps[-1] > _DELAY - _LATE:
            return
    raise AssertionError(f"in each of {_TRIES} crawls two requests were too close: {gaps} seconds")


def _gaps(folder: Path) -> list[float]:
    """The seconds between one request and the next of each host in a crawl of two outlets, one of which runs in
    circles."""
    with WeekServer([Steady(), Loops()]) as server:
        server.outlet_files(folder / "outlets", _DELAY)
        server.now = at(1)
        tearsheet("crawl", *server.outlets, "--max-pages", "6", "--workers", "1", cwd=folder)
    times = [[each.wall for each in server.log if each.outlet == name] for name in server.outlets]
    assert min(map(len, times)) > 8
    # Each at its own pace: neither waits for the other.
    assert times[0][0] < times[1][-1]
    assert times[1][0] < times[0][-1]
    return [after - before for asked in times for before, after in pairwise(asked)]
