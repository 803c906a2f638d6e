"""`tearsheet serve --get-replay`: the files of replayweb.page, by npm, which knows where packages are."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from archive.errors import TearsheetError
from archive.fixity import sync_folder, write_synced
from crawler.serving.replay.package import DIGESTS, FOLDER, NAME, VERSION, folder_of, wrong_in

_PATIENCE = 300  # seconds for the 2.3 MB
_LARGEST = 16 << 20  # bytes of one file in the package


class ReplayError(TearsheetError):
    """The files of replayweb.page can't be had."""


@dataclass(frozen=True, slots=True)
class Got:
    """What `get_replay` came to: the folder with the files, and whether they had to be fetched."""

    folder: Path
    fetched: bool


def get_replay() -> Got:
    """Have the files of replayweb.page where they belong: fetched by npm where they are not there yet.

    Only files whose SHA-256 is the one known are kept. Raises ReplayError, which says how to place them by hand.
    """
    folder = folder_of()
    if not wrong_in(folder):
        return Got(folder, fetched=False)
    npm = which("npm")
    if npm is None:
        raise ReplayError(f"npm is not there, by which {NAME} is fetched; install it, or {_by_hand(folder)}")
    with tempfile.TemporaryDirectory(prefix="tearsheet-") as scratch:
        _place(_unpacked(_packed(npm, Path(scratch), folder), folder), folder)
    if wrong := wrong_in(folder):
        raise ReplayError(f"{wrong[0]}; see that the disk is sound and run the command again")
    return Got(folder, fetched=True)


def _packed(npm: str, scratch: Path, folder: Path) -> Path:
    command = [npm, "pack", "--silent", "--ignore-scripts", f"{NAME}@{VERSION}"]
    try:
        done = subprocess.run(
            command,
            cwd=scratch,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise ReplayError(
            f"npm did not fetch {NAME} within {_PATIENCE} s; try later, or {_by_hand(folder)}"
        ) from error
    except OSError as error:
        raise ReplayError(f"{npm} can't be run ({error.strerror}); mend it, or {_by_hand(folder)}") from error
    packages = list(scratch.glob("*.tgz"))
    if done.returncode or len(packages) != 1:
        said = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it said nothing")
        raise ReplayError(
            f"npm could not fetch {NAME} {VERSION} ({said[:200]}); is the network there? Else {_by_hand(folder)}"
        )
    return packages[0]


def _unpacked(package: Path, folder: Path) -> dict[str, bytes]:
    """The wanted files of the package: nothing in it is written to the disk by its own name."""
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(package, "r:gz") as packed:
            for member in packed:
                name = member.name.removeprefix("package/")
                if name in DIGESTS and member.isfile() and member.size <= _LARGEST:
                    file = packed.extractfile(member)
                    assert file is not None, "a regular file can be read"
                    found[name] = file.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ReplayError(
            f"what npm fetched of {NAME} can't be unpacked ({error}); try again, or {_by_hand(folder)}"
        ) from error
    if missing := DIGESTS.keys() - found.keys():
        raise ReplayError(
            f"the package {NAME} {VERSION} lacks {', '.join(sorted(missing))}; {_by_hand(folder)}"
        )
    return found


def _place(files: dict[str, bytes], folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tearsheet-") as checked:
        for name, content in files.items():
            (Path(checked) / name).write_bytes(content)
        if wrong := wrong_in(Path(checked)):
            shown = wrong[0].replace(f"{checked}/", "")
            raise ReplayError(f"what npm fetched is not what it should be: {shown}; nothing of it is kept")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_synced(folder / name, content)
        sync_folder(folder)
    except OSError as error:
        raise ReplayError(
            f"{error.filename or folder} can't be written ({error.strerror}); name another folder with {FOLDER}"
        ) from error


def _by_hand(folder: Path) -> str:
    files = ", ".join(DIGESTS)
    return f"unpack {files} of the npm package {NAME} {VERSION} into {folder}"
