from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from crawler.serving.replay import package
from crawler.serving.replay.getting import Got, ReplayError, get_replay
from crawler.serving.replay.package import VERSION, find, folder_of

CONTENT = {"ui.js": b"// ui", "sw.js": b"// worker", "LICENSE": b"AGPL"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files go; the digests are those of CONTENT, and no program is found but those put in `bin`."""
    for name, content in CONTENT.items():
        monkeypatch.setitem(package.DIGESTS, name, hashlib.sha256(content).hexdigest())
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("TEARSHEET_REPLAY", str(tmp_path / "replay"))
    return tmp_path / "replay"


def npm(folder: Path, entries: dict[str, bytes] | None, *, complaint: str = "") -> None:
    """An npm that gives a package of these entries, or complains and fails."""
    tools = folder.parent / "bin"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as out:
        for name, content in (entries or {}).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    (tools / "package.tgz").write_bytes(packed.getvalue())
    act = f'cp "{tools / "package.tgz"}" ./it.tgz' if entries is not None else "exit 1"
    script = f'#!/bin/sh\necho "$@" > "{tools / "asked"}"\necho "{complaint}" >&2\n{act}\n'
    (tools / "npm").write_text(script)
    (tools / "npm").chmod(0o755)


def test_the_files_are_fetched_checked_and_kept_with_their_licence(folder: Path) -> None:
    others = {"package/src/item.ts": b"x", "../../evil": b"x", "package/../ui.js": b"other"}
    npm(folder, {f"package/{name}": content for name, content in CONTENT.items()} | others)
    assert find() is None
    assert get_replay() == Got(folder, fetched=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    asked = (folder.parent / "bin/asked").read_text()
    assert asked == f"pack --silent --ignore-scripts replaywebpage@{VERSION}\n"
    files = find()
    assert files is not None
    assert files.read("sw.js") == CONTENT["sw.js"]
    (folder.parent / "bin/npm").unlink()
    assert get_replay() == Got(folder, fetched=False)


def test_a_file_that_differs_is_not_kept(folder: Path) -> None:
    changed = CONTENT | {"sw.js": b"// worker, and more"}
    npm(folder, {f"package/{name}": content for name, content in changed.items()})
    with pytest.raises(
        ReplayError, match=r"what npm fetched is not what it should be: sw.js is not that of replayw"
    ):
        get_replay()
    assert not folder.exists()


def test_a_file_that_was_changed_afterwards_is_not_used_and_fetched_anew(folder: Path) -> None:
    npm(folder, {f"package/{name}": content for name, content in CONTENT.items()})
    get_replay()
    (folder / "ui.js").write_bytes(b"// changed")
    assert find() is None
    assert get_replay() == Got(folder, fetched=True)


@pytest.mark.parametrize(
    ("entries", "complaint", "sentence"),
    [
        (None, "npm error network request failed", "could not fetch replaywebpage .* network request failed"),
        ({"package/ui.js": b"// ui"}, "", "lacks LICENSE, sw.js"),
    ],
)
def test_what_npm_can_not_do_is_said_and_how_to_do_without_it(
    folder: Path, entries: dict[str, bytes] | None, complaint: str, sentence: str
) -> None:
    npm(folder, entries, complaint=complaint)
    with pytest.raises(ReplayError, match=sentence) as raised:
        get_replay()
    assert str(folder) in str(raised.value)


def test_without_npm_the_way_by_hand_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder.parent / "bin"))
    with pytest.raises(ReplayError, match="npm is not there") as raised:
        get_replay()
    assert f"unpack ui.js, sw.js, LICENSE of the npm package replaywebpage {VERSION} into {folder}" in str(
        raised.value
    )


def test_the_folder_is_in_the_users_data_unless_named() -> None:
    assert folder_of({"TEARSHEET_REPLAY": "/x"}) == Path("/x")
    assert folder_of({"XDG_DATA_HOME": "/data"}) == Path("/data/tearsheet/replay") / VERSION
    usual = Path.home() / ".local/share/tearsheet/replay" / VERSION
    assert folder_of({"XDG_DATA_HOME": "relative"}) == folder_of({}) == usual
