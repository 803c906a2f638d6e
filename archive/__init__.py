"""The archive as a library: collections, their articles and captures, extraction, WARC. Nothing here uses the network.

What is named here and in docs/python.md stays as it is within a major version. The rest of the package may
change with any release. A name is loaded when it is first asked for, since the extractor takes a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.capture import Capture
    from archive.collection import Collection
    from archive.collection_writer import CollectionWriter
    from archive.errors import CollectionError, DecodeError, ExtractionError, RecordError, TearsheetError
    from archive.exchange import Exchange
    from archive.extraction.article import Article, NoArticle, Page
    from archive.extraction.extract import extract
    from archive.extraction.response import page_of_response
    from archive.spool import Spool
    from archive.warc.captures import read_captures
    from archive.warc.coding import entity
    from archive.warc.reader import read_records

__all__ = [
    "Article",
    "Capture",
    "Collection",
    "CollectionError",
    "CollectionWriter",
    "DecodeError",
    "Exchange",
    "ExtractionError",
    "NoArticle",
    "Page",
    "RecordError",
    "Spool",
    "TearsheetError",
    "entity",
    "extract",
    "page_of_response",
    "read_captures",
    "read_records",
]

_ERRORS = "archive.errors"
_MODULES = {
    "Article": "archive.extraction.article",
    "Capture": "archive.capture",
    "Collection": "archive.collection",
    "CollectionError": _ERRORS,
    "CollectionWriter": "archive.collection_writer",
    "DecodeError": _ERRORS,
    "Exchange": "archive.exchange",
    "ExtractionError": _ERRORS,
    "NoArticle": "archive.extraction.article",
    "Page": "archive.extraction.article",
    "RecordError": _ERRORS,
    "Spool": "archive.spool",
    "TearsheetError": _ERRORS,
    "entity": "archive.warc.coding",
    "extract": "archive.extraction.extract",
    "page_of_response": "archive.extraction.response",
    "read_captures": "archive.warc.captures",
    "read_records": "archive.warc.reader",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
