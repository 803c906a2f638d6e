from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from archive.errors import RecordError
from archive.warc.reader import read_records
from tests.archive.warc.samples import GZIPPED, MEMBERS, PLAIN, RECORDS, read_bytes, whole

HTML = b"<!doctype html><title>WARC</title><pre>\nWARC/1.0\nWARC-Type: response\n\n</pre>\n"


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.warc.gz", GZIPPED)
    return buffer.getvalue()


def a_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("data.warc")
        entry.size = len(PLAIN)
        archive.addfile(entry, io.BytesIO(PLAIN))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"\r\n\r\n", "it begins with"),
        (HTML, "it begins with b'<!doctype html>"),
        (b"\xef\xbb\xbf{}", "it begins with"),
        (b"WAR and peace\n", "it begins with b'WAR and peace"),
        (b"http://news.example/\nhttp://news.example/2\n", "it begins with b'http://news.example/"),
        (gzip.compress(HTML, mtime=0), "its gzip holds b'<!doctype html>"),
        (gzip.compress(b"", mtime=0), "its gzip holds nothing"),
        (gzip.compress(HTML * 400, mtime=0)[:-30], "is cut short"),
        (GZIPPED[:5], "is cut short"),
        (b"\x1f\x8b\x08" + b"\xff" * 900, "no member holds a record"),
        (a_tar(), "its gzip holds b'data.warc"),
        (a_zip(), "if it is a WACZ, `tearsheet replay` and `tearsheet extract` read it as it is"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "compressed with Zstandard"),
        (bz2.compress(PLAIN), "compressed with bzip2"),
    ],
)
def test_a_file_that_is_neither_warc_nor_arc_is_refused_at_once(
    tmp_path: Path, data: bytes, why: str
) -> None:
    path = tmp_path / "other.warc.gz"
    path.write_bytes(data)
    with pytest.raises(RecordError) as raised:
        read_records(path, pytest.fail)
    assert str(raised.value).startswith(f"{path}: record at offset 0: the file is neither WARC nor ARC: ")
    assert why in str(raised.value)


def test_a_damaged_beginning_does_not_hide_the_records_after_it(tmp_path: Path) -> None:
    for data in (b"WA?C" + PLAIN[4:], b"\r\n" + b"WARC/1 0" + PLAIN[8:]):
        reading = read_bytes(tmp_path, data)
        assert [record[2:] for record in reading.records] == [record[2:] for record in whole(RECORDS)[1:]]
        assert len(reading.damages) == 1
    for data in (b"\x1f?" + GZIPPED[2:], GZIPPED[:3] + b"\xff" * 60 + GZIPPED[63:]):
        reading = read_bytes(tmp_path, data)
        assert reading.records == whole(MEMBERS)[1:]
        assert [damage.offset for damage in reading.damages] == [0]
