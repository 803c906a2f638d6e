"""What is written here is read, and found right, by the tools that others use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest

from archive.collection_writer import CollectionWriter
from archive.errors import RecordError
from archive.exchange import Exchange, Truncation
from archive.spool import Spool
from archive.warc.reader import read_records
from archive.warc.writer import Rotation
from tests.origin.oddities import CUT, INTERIM, WHOLE
from tests.origin.server import Answer, Asked

_BEGAN = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


@dataclass(frozen=True)
class _Made:
    folder: Path
    warcs: list[Path]
    types_of: dict[str, dict[str, str]]
    """For each file, the type of each record by its id."""

    @property
    def types(self) -> dict[str, str]:
        return {record: kind for types in self.types_of.values() for record, kind in types.items()}


# warcat stops at these heads with a traceback: it reads header lines strictly.
_TOO_ODD = {"/colonless", "/latin-1", "/lf-only", "/no-phrase"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> _Made:
    """A collection in several files, with every odd answer in it, each fetched twice."""
    return _make(tmp_path_factory.mktemp("collections"), [*_odd(), *_odd()], Rotation(size=12_000))


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> _Made:
    """A collection whose pages were fetched once and are not too odd for strict readers."""
    whole = [(path, *rest) for path, *rest in _odd() if path in WHOLE and path not in _TOO_ODD]
    return _make(tmp_path_factory.mktemp("collections"), whole, Rotation())


def _make(collections: Path, answers: list[_Odd], rotation: Rotation) -> _Made:
    writer = CollectionWriter(collections, "news", rotation=rotation)
    for number, exchange in enumerate(_exchanges(answers)):
        writer.record(exchange)
        exchange.response.close()
        if number % 7 == 0:
            writer.commit()
    writer.close()
    folder = collections / "news"
    warcs = sorted((folder / "archive").iterdir())
    return _Made(folder, warcs, {warc.name: _types(warc) for warc in warcs})


def _types(warc: Path) -> dict[str, str]:
    damage: list[RecordError] = []
    types = {record.record_id or "": record.type for record in read_records(warc, damage.append)}
    assert damage == []
    return types


_Odd = tuple[str, bytes, Truncation | None]


def _odd() -> list[_Odd]:
    found: list[_Odd] = []
    for path, script in WHOLE.items():
        answer = script if isinstance(script, Answer) else script(Asked(b"", path, 0, "http://desk.example"))
        found.append((path, _bytes(answer)[INTERIM.get(path, 0) :], None))
    found += [(path, _bytes(answer), reason) for path, (answer, reason) in CUT.items()]
    return found


def _exchanges(answers: list[_Odd]) -> Iterator[Exchange]:
    began = _BEGAN
    for path, response, truncated in answers:
        began += timedelta(seconds=1)
        url = f"https://www.desk.example{path}?b=2&a=1"
        request = f"GET {path}?b=2&a=1 HTTP/1.1\r\nHost: www.desk.example\r\n\r\n".encode()
        yield Exchange(url, request, Spool(response), began, "192.0.2.1", truncated)
    for method in ("HEAD", "POST"):
        began += timedelta(seconds=1)
        request = (
            f"{method} /form HTTP/1.1\r\nHost: www.desk.example\r\nContent-Length: 3\r\n\r\na=1".encode()
        )
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n"
        yield Exchange(f"https://www.desk.example/{method}", request, Spool(head), began, "192.0.2.1")


def _bytes(answer: Answer) -> bytes:
    return b"".join(step for step in answer.steps if isinstance(step, bytes))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _tool(name: str) -> str:
    """A program of this environment."""
    beside = Path(sys.executable).with_name(name)
    assert beside.exists(), f"{name} is missing; install the development tools with `make setup`"
    return str(beside)


def test_warcio_finds_every_digest_right(made: _Made) -> None:
    for warc in made.warcs:
        done = _run(_tool("warcio"), "check", "-v", str(warc))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "digest pass" in done.stdout
        assert "fail" not in done.stdout


def test_fastwarc_finds_every_digest_right(made: _Made, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for number, warc in enumerate(made.warcs):
        report = tmp_path / f"{number}.txt"
        _run(_tool("fastwarc"), "check", "-p", "-q", "-o", str(report), str(warc))
        found |= dict(line.split(": ", 1) for line in report.read_text().splitlines() if ": " in line)
    assert found.keys() == made.types.keys()
    # A revisit names the digest of a payload that it leaves out (ISO 28500:2017, 6.7.2); fastwarc looks for it.
    wrong = {made.types[record] for record, result in found.items() if "FAIL" in result}
    assert wrong <= {"revisit"}
    assert all(result.startswith("OK, ") for result in found.values())


def test_warcat_and_fastwarc_accept_a_collection_whose_pages_were_fetched_once(ordinary: _Made) -> None:
    (warc,) = map(str, ordinary.warcs)
    fastwarc = _run(_tool("fastwarc"), "check", "-p", "-q", warc)
    assert fastwarc.returncode == 0, fastwarc.stdout + fastwarc.stderr
    warcat = _run(sys.executable, "-W", "ignore", "-m", "warcat", "verify", warc)
    assert warcat.returncode == 0, warcat.stdout + warcat.stderr


def test_gzip_finds_the_file_whole(made: _Made) -> None:
    gzip = which("gzip")
    if gzip is None:
        pytest.skip("gzip is not installed")
    done = _run(gzip, "-t", *map(str, made.warcs))
    assert (done.returncode, done.stderr) == (0, "")


def test_cdxj_indexer_makes_the_lines_of_our_own_index(made: _Made) -> None:
    done = _run(_tool("cdxj-indexer"), "-s", *map(str, made.warcs))
    assert done.returncode == 0, done.stderr
    theirs = {_place(line): _line(line) for line in done.stdout.splitlines()}
    lines = (made.folder / "indexes" / "index.cdxj").read_text().splitlines()
    ours = {_place(line): _line(line) for line in lines}
    assert lines == sorted(lines, key=str.encode)
    assert ours.keys() == theirs.keys()
    for place, (key, time, fields) in ours.items():
        their_key, their_time, their_fields = theirs[place]
        assert (key, time) == (their_key, their_time)
        for name in ("url", "length", "offset", "filename"):
            assert fields[name] == their_fields[name], (place, name)
        if "digest" in their_fields and their_fields["digest"].startswith("sha256:"):
            assert fields["digest"] == their_fields["digest"]


def _line(line: str) -> tuple[str, str, dict[str, str]]:
    key, time, fields = line.split(" ", 2)
    return key, time, json.loads(fields)


def _place(line: str) -> tuple[str, str]:
    fields = _line(line)[2]
    return fields["filename"], fields["offset"]
