"""Where the files of a collection lie: the layout that pywb serves. Every path of an archive file comes from here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from archive.errors import CollectionError
from archive.fixity import sync_folder
from archive.warc.writer import OPEN_SUFFIX

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
WARC_SUFFIXES = (".warc.gz", ".warc", ".arc.gz", ".arc")


def holds_collection(collections: Path, name: str) -> bool:
    """Whether there is a collection of that name in a folder."""
    try:
        return Places.of(collections, name).catalogue.is_file()
    except (CollectionError, OSError):
        return False


def names_of_collections(collections: Path) -> list[str]:
    """The collections in a folder, by name. Raises CollectionError where it can't be read."""
    try:
        return sorted(path.name for path in collections.iterdir() if holds_collection(collections, path.name))
    except OSError as error:
        raise CollectionError(
            f"{collections} can't be read ({error.strerror}); name the folder of the collections with --collections"
        ) from error


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of the collection whose folder is `root`."""

    root: Path

    @classmethod
    def of(cls, collections: Path, name: str) -> Places:
        """Raises CollectionError for a name that can't be a folder of its own."""
        if not _NAME.fullmatch(name):
            raise CollectionError(
                f"{name!r} can't name a collection; use letters, digits, dot, dash and underscore, such as news-2026"
            )
        return cls(collections / name)

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def order(self) -> Path:
        """In which order files from elsewhere came in; see order.py."""
        return self.archive / "order.txt"

    @property
    def set_aside(self) -> Path:
        """What a repair took away from its place, without deleting it."""
        return self.root / "set-aside"

    @property
    def index(self) -> Path:
        return self.root / "indexes" / "index.cdxj"

    @property
    def search(self) -> Path:
        """The index of words: made from the texts, and made anew where it is missing."""
        return self.root / "indexes" / "search.sqlite"

    @property
    def text(self) -> Path:
        return self.root / "text"

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue.sqlite"

    @property
    def lock(self) -> Path:
        return self.root / ".lock"

    def make(self) -> None:
        """Make the folders, on the disk for good.

        Raises CollectionError, naming the folder, where that is not allowed.
        """
        for folder in (self.archive, self.index.parent, self.text):
            if folder.is_dir():
                continue
            try:
                folder.mkdir(parents=True, exist_ok=True)
                for parent in (folder.parent, self.root.parent):
                    sync_folder(parent)
            except OSError as error:
                raise CollectionError(
                    f"{folder} can't be made ({error.strerror}); choose a folder that you may write to with "
                    "--collections"
                ) from error

    def warc(self, name: str) -> Path:
        """The WARC file of that name, finished or still being written."""
        path = self.archive / name
        if path.exists():
            return path
        unfinished = self.archive / (name + OPEN_SUFFIX)
        return unfinished if unfinished.exists() else path

    def warcs(self) -> list[Path]:
        """All finished WARC and ARC files in the order of their names, which is that of their time."""
        return sorted(path for path in self.archive.iterdir() if path.name.endswith(WARC_SUFFIXES))

    def unfinished(self) -> list[Path]:
        """WARC files that are being written, or that a killed process left open."""
        return sorted(self.archive.glob("*" + OPEN_SUFFIX))

    def half_copied(self) -> list[Path]:
        """What a killed process left of files that it took in or wrote anew."""
        return sorted((*self.archive.glob("*.tmp"), *self.index.parent.glob("*.tmp")))
