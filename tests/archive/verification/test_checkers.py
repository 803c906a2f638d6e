from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc.reader import read_records
from tests.archive.sample_collections import make
from tests.archive.verification.checkers import DAMAGES, table
from tests.command import ROOT, tearsheet

DOCUMENT = ROOT / "docs/verification.md"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The bytes of each record of a small file, unpacked."""
    folder = tmp_path_factory.mktemp("records")
    make(folder, "abc")
    (warc,) = (folder / "news/archive").iterdir()
    unpacked: list[bytes] = []
    for record in read_records(warc, pytest.fail):
        head = "".join(f"{name}: {value}\r\n" for name, value in record.headers)
        with record.read_block() as block:
            unpacked.append(f"{record.version}\r\n{head}\r\n".encode() + block.getvalue() + b"\r\n\r\n")
    return unpacked


@pytest.mark.slow
def test_the_table_of_checkers_says_what_they_find(records: list[bytes], tmp_path: Path) -> None:
    made = table(records, tmp_path)
    assert made in DOCUMENT.read_text(), f"docs/verification.md should have this table:\n{made}"


@pytest.mark.slow
def test_the_command_exits_with_1_on_every_damage(records: list[bytes], tmp_path: Path) -> None:
    notes = {
        "none",
        "one gzip member for all",
        "WARC-Date yet to come",
        "last record left out with its request",
    }
    for number, damage in enumerate(DAMAGES):
        (tmp_path / str(number)).mkdir()
        done = tearsheet("verify", damage.make(records, tmp_path / str(number)), cwd=tmp_path)
        assert (done.status == 0) == (damage.name in notes), (damage.name, done.out)
