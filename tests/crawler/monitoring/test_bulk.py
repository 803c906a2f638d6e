from __future__ import annotations

from archive.replay import Tally
from crawler.monitoring.bulk import ReplayFigures


def test_the_line_tells_what_is_done_how_fast_and_how_long_it_will_take() -> None:
    moments = iter((0.0, 10.0, 70.0, 100.0))
    tally = Tally()
    figures = ReplayFigures(tally, files=4, size=3_000_000_000, clock=lambda: next(moments))
    assert figures.line() == "0 of 4 files, 0 B of 3.0 GB, 0 pages/s"
    tally.known, tally.size, tally.passed = 1, 1_000_000_000, 1_000_000_000
    assert figures.line() == "1 of 4 files, 1.0 GB of 3.0 GB, 0 pages/s"
    tally.files, tally.size, tally.pages = 1, 1_100_000_000, 6_000
    assert figures.line() == "2 of 4 files, 1.1 GB of 3.0 GB, 100 pages/s, 19 min left"
    tally.size, tally.pages = 2_999_999_000, 6_300
    assert figures.line() == "2 of 4 files, 3.0 GB of 3.0 GB, 10 pages/s, 0 s left"
