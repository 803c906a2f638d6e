"""Files made by other tools, which are not part of the repository: read where they lie beside it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from archive.errors import RecordError
from archive.warc.coding import entity
from archive.warc.reader import read_records
from archive.warc.record import RecordWarning

FILES = Path(__file__).resolve().parents[3].parent / "shared" / "warcs"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the files of other tools lie in ../shared/warcs")

WHOLE = {
    "example-digest.warc": 4,
    "example-iana.org-chunked.warc": 3,
    "example-resource.warc.gz": 3,
    "example-space-in-target-uri.warc.gz": 2,
    "example-wget-bad-target-uri.warc.gz": 6,
    "example.arc": 2,
    "example.arc.gz": 2,
    "example.warc": 6,
    "example.warc.gz": 6,
    "post-test.warc.gz": 6,
    "pywb-dupes.warc.gz": 25,
    "pywb-example-wget-1-14.warc.gz": 6,
    "pywb-example-wpull.warc.gz": 4,
    "pywb-example2.warc.gz": 3,
    "pywb-httpbin-resource.warc.gz": 1,
    "pywb-iana.warc.gz": 343,
    "pywb-missing-status-text.warc": 1,
}
SHARED = "it shares its gzip member with the next one, so no record of this file can be read by its offset"
LINE_ENDS = "its block is followed by"
DAMAGED: dict[str, tuple[int, list[tuple[type[RecordError], int, str]]]] = {
    "bad.arc": (
        1,
        [
            (RecordError, 0, "it has the Archive-length '-1'"),
            (RecordError, 134, "it has the Archive-length '-1'"),
            (RecordError, 262, "it has the Archive-length 'abc'"),
        ],
    ),
    "example-bad-non-chunked.warc.gz": (6, [(RecordWarning, 0, SHARED)]),
    "example-bad.warc.gz.bad": (6, [(RecordWarning, 0, SHARED)]),
    "example-space-in-url.arc": (1, [(RecordError, 151, "it is cut short: 1579 of 1591 bytes are there")]),
    "example-trunc.warc": (3, [(RecordError, 1197, "no record follows its block of 973 bytes")]),
    "example-wrong-chunks.warc.gz": (2, [(RecordWarning, 0, LINE_ENDS)]),
    "pywb-example-extra.warc": (
        6,
        [(RecordWarning, offset, LINE_ENDS) for offset in (2701, 3207, 5199, 5910)],
    ),
    "pywb-example-url-agnostic-orig.warc.gz": (2, [(RecordWarning, 0, LINE_ENDS)]),
    "pywb-example-url-agnostic-revisit.warc.gz": (2, [(RecordWarning, 0, LINE_ENDS)]),
}
REFUSED = {
    "README.md": "it begins with",
    "invalid_example_1.wacz": "if it is a WACZ, `tearsheet replay`",
    "valid_example_1.wacz": "if it is a WACZ, `tearsheet replay`",
}


def count_whole(path: Path, damages: list[RecordError]) -> int:
    """Reads every block, and decodes every response that begins as one."""
    count = 0
    for record in read_records(path, damages.append):
        with suppress(RecordError), record.read_block() as block:
            count += 1
            if record.is_http_response and block.peek(5) == b"HTTP/":
                assert entity(block.getvalue())[0].status is not None
    return count


def test_every_file_has_its_expectation() -> None:
    assert {path.name for path in FILES.iterdir()} == WHOLE.keys() | DAMAGED.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_read_without_a_finding(name: str) -> None:
    damages: list[RecordError] = []
    assert (count_whole(FILES / name, damages), damages) == (WHOLE[name], [])


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_named_and_the_rest_is_read(name: str) -> None:
    count, findings = DAMAGED[name]
    damages: list[RecordError] = []
    assert count_whole(FILES / name, damages) == count
    assert len(damages) == len(findings)
    for damage, (kind, offset, problem) in zip(damages, findings, strict=True):
        assert (type(damage), damage.offset) == (kind, offset)
        assert problem in damage.problem


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_warc_is_refused(name: str) -> None:
    with pytest.raises(RecordError, match="neither WARC nor ARC") as raised:
        read_records(FILES / name, pytest.fail)
    assert REFUSED[name] in raised.value.problem
