from __future__ import annotations

import gc
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import RecordError
from archive.warc.reader import read_record_at, read_records
from tests.archive.warc.samples import GZIPPED, MEMBERS, PLAIN, RECORDS, Reading, page, read, url, whole

FORMS = {"plain": (PLAIN, RECORDS), "gzip": (GZIPPED, MEMBERS)}


@pytest.fixture(params=list(FORMS))
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[bytes, ...]]:
    data, pieces = FORMS[request.param]
    path = tmp_path / "sample.warc"
    path.write_bytes(data)
    return path, pieces


def test_all_records_are_read_in_order(sample: tuple[Path, tuple[bytes, ...]]) -> None:
    path, pieces = sample
    assert read(path) == Reading(whole(pieces))


def test_reading_can_start_at_any_record(sample: tuple[Path, tuple[bytes, ...]]) -> None:
    path, pieces = sample
    assert read(path, start=len(pieces[0])) == Reading(whole(pieces)[1:])
    assert read(path, start=sum(map(len, pieces))) == Reading()


def test_a_start_between_records_is_named_and_the_next_record_is_read(
    sample: tuple[Path, tuple[bytes, ...]],
) -> None:
    path, pieces = sample
    reading = read(path, start=5)
    assert reading.records == whole(pieces)[1:]
    assert [damage.offset for damage in reading.damages] == [5]


def test_a_record_is_read_at_its_offset(sample: tuple[Path, tuple[bytes, ...]]) -> None:
    path, pieces = sample
    for offset, length, uri, block in whole(pieces):
        record = read_record_at(path, offset)
        with record.read_block() as spool:
            assert spool.getvalue() == block
        assert (record.offset, record.length, record.target_uri) == (offset, length, uri)


@pytest.mark.parametrize("offset", [1, 40, 1 << 40])
def test_where_no_record_begins_none_is_read(sample: tuple[Path, tuple[bytes, ...]], offset: int) -> None:
    path, _ = sample
    with pytest.raises(RecordError) as raised:
        read_record_at(path, offset)
    assert (raised.value.path, raised.value.offset) == (path, offset)


def test_the_unread_rest_of_a_block_is_skipped(sample: tuple[Path, tuple[bytes, ...]]) -> None:
    path, pieces = sample
    seen = [(record, record.block.read(9)) for record in read_records(path, pytest.fail)]
    assert [start for _, start in seen] == [page(name)[:9] for name in ("one", "two-two", "three")]
    assert [record.length for record, _ in seen] == list(map(len, pieces))
    assert [record.block.read() for record, _ in seen] == [b"", b"", b""]


def test_an_iteration_that_is_left_closes_its_file(sample: tuple[Path, tuple[bytes, ...]]) -> None:
    path, _ = sample
    for record in read_records(path, pytest.fail):
        assert record.target_uri == url("one")
        break


def test_damage_that_nobody_reads_is_reported_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "unread.warc.gz"
    path.write_bytes(MEMBERS[0][:-9] + MEMBERS[1])
    damages: list[RecordError] = []
    assert [record.target_uri for record in read_records(path, damages.append)][1:] == [url("two-two")]
    assert [damage.offset for damage in damages] == [0]


def test_an_error_of_the_reporter_reaches_the_caller(tmp_path: Path) -> None:
    path = tmp_path / "strict.warc"
    path.write_bytes(RECORDS[0][:-2] + RECORDS[1])

    def refuse(damage: RecordError) -> None:
        raise damage

    with pytest.raises(RecordError, match="line ends"):
        list(read_records(path, refuse))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_records(tmp_path / "none.warc", pytest.fail)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # warcio leaves its spools open
@pytest.mark.parametrize("gzipped", [True, False])
def test_what_warcio_writes_is_read_as_warcio_reads_it(tmp_path: Path, gzipped: bool) -> None:
    path = tmp_path / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzipped, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("warcio.warc.gz", {"software": "a test"}))
        for name in ("one", "two"):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = BytesIO(page(name) * 20)
            writer.write_record(
                writer.create_warc_record(url(name), "response", payload=body, http_headers=head)
            )
        writer.write_record(
            writer.create_revisit_record(url("two"), "sha1:A", url("one"), "2026-01-01T00:00:00Z")
        )
    del writer
    gc.collect()
    with path.open("rb") as file:
        expected = [
            (record.rec_type, tuple(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
        ]
    found = [(record.type, record.headers, record.block.read()) for record in read_records(path, pytest.fail)]
    assert found == expected
    assert len(found) == 4
