"""The text files of a collection and the JSON beside each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson

from archive.errors import CollectionError
from archive.fixity import sync_folder, write_synced
from archive.text.names import TextName, parse_name
from archive.text.record import Json

_WRITERS = (
    8  # files written at once: a disk syncs them together, in a fifth of the time that one by one takes
)


class TextStore:
    """Reads and writes the folder `text/`. What `write` was given is on the disk once `sync` has returned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: TextName) -> Path:
        return self._folder / name.text

    def record_path(self, name: TextName) -> Path:
        """Where the JSON lies."""
        return self._folder / name.json

    def write(self, contents: Mapping[TextName, bytes], records: Mapping[TextName, Json]) -> None:
        """Write texts and the JSON beside them, each file whole or not at all.

        Raises CollectionError when the disk does not take one.
        """
        files = {self.path(name): content for name, content in contents.items()}
        files |= {self.record_path(name): _encoded(record) for name, record in records.items()}
        if files:
            with ThreadPoolExecutor(min(_WRITERS, len(files))) as writers:
                for _ in writers.map(_write, files.keys(), files.values()):
                    pass

    def sync(self) -> None:
        sync_folder(self._folder)

    def read(self, name: TextName) -> bytes:
        """A text's bytes. Raises CollectionError, naming the file, where it can't be read."""
        path = self.path(name)
        try:
            return path.read_bytes()
        except OSError as error:
            raise _unreadable(path, error.strerror) from error

    def holds(self, name: TextName, content: bytes) -> bool:
        """Whether the text is there and has these bytes."""
        try:
            return self.path(name).read_bytes() == content
        except OSError:
            return False

    def read_record(self, name: TextName) -> Json:
        """The JSON beside a text. Raises CollectionError, naming the file, where it can't be read."""
        path = self.record_path(name)
        try:
            record: Json = orjson.loads(path.read_bytes())
        except OSError as error:
            raise _unreadable(path, error.strerror) from error
        except json.JSONDecodeError as error:
            raise _unreadable(path, str(error)) from error
        if not _is_record(record):
            raise _unreadable(path, "it is not the JSON of a text")
        return record

    def written_since(self, moment: float) -> Iterator[TextName]:
        """The texts whose JSON was written at `moment` (seconds since 1970) or later, in no particular order."""
        for path in self._folder.glob("*_*.json"):
            if path.stat().st_mtime >= moment and (name := parse_name(path.name)):
                yield name

    def names(self) -> Iterator[TextName]:
        """The texts in the folder, in no particular order; of those whose text is missing the JSON counts."""
        for path in self._folder.glob("*_*"):
            name = parse_name(path.name)
            if name and (path.suffix == ".txt" or not self.path(name).exists()):
                yield name

    def remove(self, name: TextName) -> None:
        """Delete a text and its JSON, where they are there."""
        for file in (name.text, name.json):
            (self._folder / file).unlink(missing_ok=True)

    def remove_unfinished(self) -> None:
        """Delete what a killed process left half written."""
        for path in self._folder.glob("*.tmp"):
            path.unlink()


def _encoded(record: Json) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _write(path: Path, content: bytes) -> None:
    try:
        write_synced(path, content)
    except OSError as error:
        raise CollectionError(
            f"{path}: can't be written ({error.strerror}); free some space or choose another folder with "
            "--collections, and run the command again"
        ) from error


def _is_record(record: object) -> bool:
    if (
        not isinstance(record, dict)
        or "standfirst" not in record
        or not isinstance(record.get("captures"), list)
    ):
        return False
    return all(isinstance(capture, dict) and "record_id" in capture for capture in record["captures"])


def _unreadable(path: Path, reason: str | None) -> CollectionError:
    return CollectionError(
        f"{path}: can't be read ({reason}); replay the collection's WARC files with --again, which writes it anew"
    )
