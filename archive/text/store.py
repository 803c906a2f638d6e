"""The text files of a collection and the JSON beside each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import orjson

from archive.errors import CollectionError
from archive.fixity import sync_folder, write_synced
from archive.text.names import TextName, parse_name
from archive.text.record import Json


class TextStore:
    """Reads and writes the folder `text/`. What `write` was given is on the disk once `sync` has returned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: TextName) -> Path:
        return self._folder / name.text

    def write(self, name: TextName, content: bytes, record: Json) -> None:
        """Write a text and its JSON, each whole or not at all.

        Raises CollectionError when the disk does not take them.
        """
        try:
            write_synced(self._folder / name.text, content)
        except OSError as error:
            raise self._failure(name.text, error) from error
        self.write_record(name, record)

    def write_record(self, name: TextName, record: Json) -> None:
        """Write the JSON of a text that is there."""
        content = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        try:
            write_synced(self._folder / name.json, content)
        except OSError as error:
            raise self._failure(name.json, error) from error

    def sync(self) -> None:
        sync_folder(self._folder)

    def read(self, name: TextName) -> bytes:
        return (self._folder / name.text).read_bytes()

    def read_record(self, name: TextName) -> Json:
        """The JSON beside a text. Raises CollectionError, naming the file, where it can't be read."""
        path = self._folder / name.json
        try:
            record: Json = orjson.loads(path.read_bytes())
        except (OSError, json.JSONDecodeError) as error:
            raise CollectionError(
                f"{path}: can't be read as JSON ({error}); delete it and replay the collection's WARC files"
            ) from error
        return record

    def names(self) -> Iterator[TextName]:
        """The texts in the folder, in no particular order."""
        for path in self._folder.glob("*_*.txt"):
            if name := parse_name(path.name):
                yield name

    def remove(self, name: TextName) -> None:
        """Delete a text and its JSON, where they are there."""
        for file in (name.text, name.json):
            (self._folder / file).unlink(missing_ok=True)

    def remove_unfinished(self) -> None:
        """Delete what a killed process left half written."""
        for path in self._folder.glob("*.tmp"):
            path.unlink()

    def _failure(self, file: str, error: OSError) -> CollectionError:
        return CollectionError(
            f"{self._folder / file}: can't be written ({error.strerror}); free some space or choose another "
            "folder with --collections, and run the command again"
        )
