from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.warc.names import FileNames, serial_of

MORNING = datetime(2026, 5, 4, 8, 0, 0, 123_456, UTC)


def test_a_name_holds_the_time_in_milliseconds_and_the_serial_number(tmp_path: Path) -> None:
    names = FileNames(tmp_path)
    first, second = names.next(MORNING), names.next(MORNING + timedelta(hours=1))
    assert first.startswith("TEARSHEET-20260504080000123-00000-")
    assert second.startswith("TEARSHEET-20260504090000123-00001-")
    assert (serial_of(first), serial_of(second), serial_of("crawl.warc.gz")) == (0, 1, None)


def test_names_keep_their_order_when_the_clock_is_put_back(tmp_path: Path) -> None:
    given: list[str] = []
    for _session in range(3):
        names = FileNames(tmp_path)
        for hours in (0, -5, 2):
            given.append(names.next(MORNING + timedelta(hours=hours)))
            (tmp_path / f"{given[-1]}.open").touch()
    assert given == sorted(given)
    assert len(set(given)) == 9
