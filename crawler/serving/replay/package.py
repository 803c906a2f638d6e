"""replayweb.page: where its files lie, and which they have to be.

It is free software under the AGPL-3.0, made by Webrecorder, and no part of tearsheet: its files are fetched when the
user asks for it, kept as they are, in a folder of their own with their licence, and given to browsers unmodified.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "replaywebpage"
VERSION = "2.4.6"
DIGESTS = {
    "ui.js": "b7d386457aa77f4a3e6029c6b90211672df33b1d77ad1c579ee3de7bc9f3b982",
    "sw.js": "5d1388d7e29cbbb4e24f5adbbc763a1283a9da43ab6906441e845590c17dab1b",
    "LICENSE": "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef",
}
"""SHA-256 of each file of the package that is kept."""
FOLDER = "TEARSHEET_REPLAY"
"""Environment variable that names the folder of the files."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of replayweb.page, found to be what they should be."""

    folder: Path

    def read(self, name: str) -> bytes:
        """The bytes of one of them. Raises OSError."""
        return (self.folder / name).read_bytes()


def folder_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the files belong: what TEARSHEET_REPLAY names, or tearsheet/replay/VERSION in the user's data folder."""
    if named := environment.get(FOLDER):
        return Path(named)
    data = environment.get("XDG_DATA_HOME") or ""
    # The XDG base directory specification has relative paths ignored.
    base = Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "tearsheet" / "replay" / VERSION


def find(environment: Mapping[str, str] = os.environ) -> Files | None:
    """The files where they belong; None where one is missing or is not what it should be."""
    folder = folder_of(environment)
    return None if wrong_in(folder) else Files(folder)


def wrong_in(folder: Path) -> list[str]:
    """A sentence for each file of replayweb.page that is missing from a folder or differs."""
    wrong = []
    for name, digest in DIGESTS.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            wrong.append(f"{folder / name} can't be read ({error.strerror})")
            continue
        if found != digest:
            wrong.append(f"{folder / name} is not that of {NAME} {VERSION}: its SHA-256 is {found}")
    return wrong
