"""Every error that `archive/` raises on purpose.

    TearsheetError
    ├── CollectionError           a collection can't be opened, read or written as asked
    │   ├── CollectionInUse       another process writes to it
    │   └── CatalogueOutdated     its catalogue is of an older tearsheet
    ├── RecordError               a WARC or ARC record is broken; names file and offset
    ├── MessageError              bytes that should be an HTTP message are not
    ├── WaczError                 a WACZ file is broken, or asks for what no reader should do
    ├── ExportError               an export can't be made as asked
    ├── QueryError                a query of an index can't be understood; names the parameter
    ├── DecodeError               a body can't be turned into text, or would grow past its bound
    └── ExtractionError           a page could not be extracted: it broke the parser or took too long

An error's text is one sentence for a person: what is wrong, with which file, record, field or URL, and what
to do about it. The command line prints it as it stands, without a traceback.
"""

from __future__ import annotations

from pathlib import Path


class TearsheetError(Exception):
    """Base of all errors that tearsheet raises on purpose."""


class CollectionError(TearsheetError):
    """A collection can't be opened, read or written as asked."""


class CollectionInUse(CollectionError):  # noqa: N818 - a state of the collection, told as such
    """Another process holds the collection's writer lock."""


class CatalogueOutdated(CollectionError):  # noqa: N818 - a state of the catalogue, told as such
    """A catalogue of an older tearsheet was opened for reading."""


class RecordError(TearsheetError):
    """A record of a WARC or ARC file is broken.

    `offset` is where it begins in the file as stored (in compressed bytes for a gzip file); `torn` says that nothing
    else is wrong with it than that the file ends within it.
    """

    def __init__(self, path: Path, offset: int, problem: str, *, torn: bool = False) -> None:
        super().__init__(f"{path}: record at offset {offset}: {problem}")
        self.path = path
        self.offset = offset
        self.problem = problem
        self.torn = torn


class MessageError(TearsheetError):
    """Bytes that should be an HTTP message are not."""


class WaczError(TearsheetError):
    """A WACZ file is broken or hostile, or an entry of it is: `path` then ends in the entry's name."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class ExportError(TearsheetError):
    """An export can't be made as asked."""


class QueryError(TearsheetError):
    """A query of an index can't be understood: `parameter` is what to change in it."""

    def __init__(self, parameter: str, problem: str) -> None:
        super().__init__(f"{parameter}: {problem}")
        self.parameter = parameter


class DecodeError(TearsheetError):
    """A body can't be decoded, or would grow past its bound."""


class ExtractionError(TearsheetError):
    """A page could not be extracted: it broke the parser or took too long."""
