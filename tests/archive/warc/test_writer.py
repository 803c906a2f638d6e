from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from platform import python_version
from socket import gethostname

import pytest

from archive.errors import CollectionError
from archive.warc.writer import Block, Origin, Place, Rotation, WarcWriter, new_record_id

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def _ids() -> Iterator[str]:
    return (f"<urn:uuid:00000000-0000-4000-8000-{number:012}>" for number in itertools.count(1))


def _writer(folder: Path, clock: _Clock | None = None, rotation: Rotation | None = None) -> WarcWriter:
    ids = _ids()
    return WarcWriter(
        folder,
        origin=Origin("tearsheet/1", (("robots", "obey"),)),
        rotation=rotation or Rotation(),
        clock=clock or _Clock(),
        record_id=lambda: next(ids),
    )


def _add(writer: WarcWriter, body: bytes = b"hello") -> Place:
    with writer.group():
        headers = [("WARC-Record-ID", writer.new_record_id()), ("WARC-Date", "2026-05-04T12:00:01.000000Z")]
        return writer.write("resource", [*headers, ("Content-Type", "text/plain")], Block.of(body))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_records_are_written_to_the_byte(tmp_path: Path) -> None:
    writer = _writer(tmp_path)
    place = _add(writer)
    writer.close()
    name = f"TEARSHEET-20260504120000123-00000-{gethostname()}.warc.gz"
    assert _names(tmp_path) == [name]
    stored = (tmp_path / name).read_bytes()
    info = (
        "software: tearsheet/1\r\n"
        "format: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        f"hostname: {gethostname()}\r\n"
        f"python: {python_version()}\r\n"
        "robots: obey\r\n"
    )
    head, blank, rest = gzip.decompress(stored[: place.offset]).decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert [line for line in lines if not line.startswith("WARC-Block-Digest: sha256:")] == [
        "WARC/1.1",
        "WARC-Type: warcinfo",
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>",
        "WARC-Date: 2026-05-04T12:00:00.123456Z",
        f"WARC-Filename: {name}",
        "Content-Type: application/warc-fields",
        f"Content-Length: {len(info)}",
    ]
    assert blank + rest == "\r\n\r\n" + info + "\r\n\r\n"
    assert place == Place(name, place.offset, len(stored) - place.offset)
    assert gzip.decompress(stored[place.offset :]) == (
        b"WARC/1.1\r\n"
        b"WARC-Type: resource\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
        b"WARC-Date: 2026-05-04T12:00:01.000000Z\r\n"
        b"Content-Type: text/plain\r\n"
        b"WARC-Block-Digest: sha256:FTZE3OS7WCRQ4JXIHMVMLOPCTYNRMHS4D6TUEXTTAQZWFE4LTASA====\r\n"
        b"Content-Length: 5\r\n"
        b"\r\n"
        b"hello\r\n\r\n"
    )


def test_a_file_is_open_by_name_until_it_is_finished(tmp_path: Path) -> None:
    finished = []
    writer = WarcWriter(tmp_path, clock=_Clock(), before_rename=lambda: finished.append(_names(tmp_path)))
    place = _add(writer)
    assert _names(tmp_path) == [place.warc + ".open"]
    writer.close()
    assert finished == [[place.warc + ".open"]]
    assert _names(tmp_path) == [place.warc]


def test_the_next_file_begins_when_one_is_large_enough(tmp_path: Path) -> None:
    writer = _writer(tmp_path, rotation=Rotation(size=2000))
    noise = new_record_id().encode() * 3
    places = [_add(writer, noise) for _ in range(20)]
    writer.close()
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert len(sizes) > 2
    assert all(2000 <= size < 2600 for size in sizes[:-1])
    assert _names(tmp_path) == sorted({place.warc for place in places})


def test_the_next_file_begins_when_one_is_old_enough(tmp_path: Path) -> None:
    clock = _Clock()
    writer = _writer(tmp_path, clock, Rotation(age=timedelta(hours=1)))
    first = _add(writer)
    clock.now += timedelta(minutes=59)
    assert _add(writer).warc == first.warc
    clock.now += timedelta(minutes=1)
    assert _add(writer).warc > first.warc
    writer.close()


def test_a_group_stays_in_one_file(tmp_path: Path) -> None:
    writer = _writer(tmp_path, rotation=Rotation(size=1))
    with writer.group():
        places = [writer.write("resource", [], Block.of(b"x")) for _ in range(3)]
    assert len({place.warc for place in places}) == 1
    assert _add(writer).warc != places[0].warc
    writer.close()


def test_a_group_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    writer = _writer(tmp_path)
    first = _add(writer)
    large = Block.of(bytes(range(256)) * 20_000)

    def fail() -> None:
        with writer.group():
            writer.write("request", [], large)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    again = _add(writer)
    writer.close()
    assert again.offset == first.offset + first.length
    assert (tmp_path / again.warc).stat().st_size == again.offset + again.length


@pytest.mark.parametrize("evil", ["a\r\nWARC-Type: metadata", "a\nWARC-Type: metadata", "a\rb", "\r\n\r\n"])
def test_no_value_can_begin_a_field_of_its_own(tmp_path: Path, evil: str) -> None:
    writer = _writer(tmp_path)
    with writer.group():
        place = writer.write("resource", [("WARC-Target-URI", evil)], Block.of(b"x"))
    writer.close()
    record = gzip.decompress((tmp_path / place.warc).read_bytes()[place.offset :])
    head = record.split(b"\r\n\r\n")[0]
    fields = [line.split(b":")[0] for line in head.split(b"\r\n")[1:]]
    assert fields == [b"WARC-Type", b"WARC-Target-URI", b"WARC-Block-Digest", b"Content-Length"]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")


def test_a_large_block_is_one_member_too(tmp_path: Path) -> None:
    writer = _writer(tmp_path)
    pieces = [bytes([number]) * 70_000 for number in range(100)]
    with writer.group():
        place = writer.write("resource", [], Block(lambda: iter(pieces), 7_000_000))
    writer.close()
    member = (tmp_path / place.warc).read_bytes()[place.offset :]
    assert len(member) == place.length
    assert gzip.decompress(member).endswith(
        b"Content-Length: 7000000\r\n\r\n" + b"".join(pieces) + b"\r\n\r\n"
    )


def test_a_folder_that_does_not_take_files_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(CollectionError, match=f"{gone}: can't be written to .*; choose another folder"):
        _add(_writer(gone))


_FULL = """
import resource, signal, sys
from pathlib import Path
from archive.errors import CollectionError
from archive.warc.writer import Block, WarcWriter, new_record_id
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
writer = WarcWriter(Path(sys.argv[1]))
whole = 0
try:
    while True:
        with writer.group():
            writer.write("request", [("WARC-Record-ID", new_record_id())], Block.of(b"GET"))
            writer.write("response", [("WARC-Record-ID", new_record_id())], Block.of(new_record_id().encode() * 9))
        whole += 1
except CollectionError as error:
    print(whole, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with writer.group():
    writer.write("resource", [("WARC-Record-ID", new_record_id())], Block.of(b"after"))
writer.close()
"""


@pytest.mark.parametrize("room", [100, 10_000, 10_100, 10_333])
def test_on_a_full_disk_the_file_ends_with_the_record_before(tmp_path: Path, room: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path), str(room)], capture_output=True, text=True, check=True
    )
    whole, _, problem = done.stdout.strip().partition(" ")
    assert problem.startswith(str(tmp_path))
    assert problem.endswith(
        "free some space or choose another folder with --collections, and run the command again"
    )
    (file,) = tmp_path.iterdir()
    types = [
        line for line in gzip.decompress(file.read_bytes()).split(b"\r\n") if line.startswith(b"WARC-Type: ")
    ]
    expected = [b"WARC-Type: warcinfo", *[b"WARC-Type: request", b"WARC-Type: response"] * int(whole)]
    assert types == [*expected, b"WARC-Type: resource"]
