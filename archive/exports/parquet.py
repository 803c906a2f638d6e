"""Articles as a Parquet file, for which pyarrow is needed (the extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import IO, Any

from archive.errors import ExportError
from archive.text.record import Json

_ROWS = 1000  # articles a row group: some 5 MB of text in memory at once
_TEXTS = (
    "text_file",
    "url",
    "canonical_url",
    "outlet",
    "kind",
    "headline",
    "standfirst",
    "date_published",
    "date_modified",
    "language",
    "section",
    "description",
    "image",
    "body",
)


def write_parquet(articles: Iterable[Json], file: IO[bytes]) -> int:
    """Write the articles, a row each; returns how many. Raises ExportError where pyarrow is not installed."""
    arrow, parquet = _pyarrow()
    schema = _schema(arrow)
    rows = map(_row, articles)
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, _ROWS)):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ExportError(
            "Parquet needs pyarrow, which is not installed; get it with pip install pyarrow"
        ) from error
    return pyarrow, pyarrow.parquet


def _schema(arrow: Any) -> Any:
    text, moment = arrow.string(), arrow.timestamp("us", tz="UTC")
    texts = arrow.list_(text)
    capture = arrow.struct(
        {
            "warc": text,
            "offset": arrow.int64(),
            "length": arrow.int64(),
            "record_id": text,
            "date": moment,
            "block_digest": text,
        }
    )
    removed = arrow.struct({"rule": text, "heading": text, "text": text})
    return arrow.schema(
        {
            **dict.fromkeys(_TEXTS[:-1], text),
            "authors": texts,
            "tags": texts,
            "source": arrow.struct({"name": text, "url": text, "wording": text}),
            "words": arrow.int32(),
            "captures": arrow.list_(capture),
            "versions": texts,
            "removed": arrow.list_(removed),
            "body": text,
        }
    )


def _row(article: Json) -> Json:
    captures = [
        capture | {"date": datetime.fromisoformat(capture["date"])} for capture in article["captures"]
    ]
    return article | {"captures": captures}
