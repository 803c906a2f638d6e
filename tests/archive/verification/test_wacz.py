from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.verification.findings import Tally
from archive.verification.paths import verify_path
from archive.wacz.export import export_wacz
from tests.archive.sample_collections import make, reading
from tests.archive.wacz.samples import zipped

Entries = dict[str, bytes]


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    folder = tmp_path_factory.mktemp("wacz")
    make(folder, "abc")
    with reading(folder) as collection:
        export_wacz(collection, folder / "out.wacz")
    with zipfile.ZipFile(folder / "out.wacz") as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def found(path: Path) -> list[tuple[str, str, bool]]:
    return [
        (str(finding.path.relative_to(path.parent)), finding.problem, finding.damage)
        for finding in verify_path(path, Tally())
    ]


def warc_of(entries: Entries) -> str:
    return next(name for name in entries if name.startswith("archive/"))


def described(entries: Entries) -> Entries:
    """The entries with a datapackage that says what they are now."""
    package = json.loads(entries["datapackage.json"])
    for resource in package["resources"]:
        content = entries.get(resource["path"], b"")
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    written = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(written).hexdigest()}"}
    return entries | {"datapackage.json": written, "datapackage-digest.json": json.dumps(digest).encode()}


def test_a_sound_file_has_no_finding_and_its_records_are_counted(tmp_path: Path, entries: Entries) -> None:
    path, tally = zipped(tmp_path / "a.wacz", entries), Tally()
    assert list(verify_path(path, tally)) == []
    assert (tally.files, tally.records) == (1, 7)
    assert found(zipped(tmp_path / "deflated.wacz", entries, deflated=True)) == []


def test_a_flipped_byte_of_any_entry_is_found(tmp_path: Path, entries: Entries) -> None:
    for name, content in entries.items():
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 0x04
        lines = found(zipped(tmp_path / "a.wacz", entries | {name: bytes(flipped)}))
        assert any(damage for _, _, damage in lines), name


def without_package(entries: Entries) -> Entries:
    return {name: content for name, content in entries.items() if name != "datapackage.json"}


def without_warc(entries: Entries) -> Entries:
    return {name: content for name, content in entries.items() if not name.startswith("archive/")} | {
        "archive/": b""
    }


DAMAGES: list[tuple[Callable[[Entries], Entries], str]] = [
    (without_package, "it has no datapackage.json, so what was in it can't be told; get it again"),
    (lambda entries: entries | {"datapackage.json": b"[]"}, "it lists no resources; get the file again"),
    (without_warc, "datapackage.json lists it, but it is not there or can't be read"),
    (lambda entries: entries | {"more.txt": b"x"}, "datapackage.json does not list it, so nothing proves it"),
    (
        lambda entries: described(entries | {"indexes/index.cdx.gz": b""}),
        "3 captures have no line in its index, so that no reader finds them",
    ),
    (
        lambda entries: described(
            entries | {warc_of(entries): entries[warc_of(entries)][: -len(entries[warc_of(entries)]) // 3]}
        ),
        "its index has a record where none is: ",
    ),
    (
        lambda entries: described(entries | {"indexes/index.cdx.gz": b"x y z\n"}),
        "it has a line that is no CDXJ: ",
    ),
]


@pytest.mark.parametrize(("damage", "problem"), DAMAGES)
def test_damage_is_found(
    tmp_path: Path, entries: Entries, damage: Callable[[Entries], Entries], problem: str
) -> None:
    lines = found(zipped(tmp_path / "a.wacz", damage(entries)))
    assert any(said.startswith(problem) and damaged for _, said, damaged in lines), lines


def test_an_entry_that_is_there_twice_and_a_file_cut_short_are_found(
    tmp_path: Path, entries: Entries
) -> None:
    name = warc_of(entries)
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "a.wacz", [*entries.items(), (name, entries[name])])
    assert ("a.wacz/" + name, "the zip file has this name more than once; it is left out", True) in found(
        path
    )
    path.write_bytes(path.read_bytes()[:-300])
    ((_, problem, damage),) = found(path)
    assert (problem[:32], damage) == ("its zip directory can't be read ", True)


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    assert found(tmp_path / "none.wacz")[0][2]
