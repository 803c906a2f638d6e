"""Extracts files with worker processes and reports what becomes of them, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from archive.errors import TearsheetError
from archive.extraction.article import Article, Outcome
from archive.extraction.pool import ExtractionPool
from archive.settling import extraction_versions
from archive.text.record import article_json
from crawler.commands.report import Report

FILE_LIMIT = 64 << 20
"""Bytes of a file that is taken for a page."""
_AHEAD = 4  # files per worker that are read ahead


def extract_files(files: Iterable[Path], url: str | None, pool: ExtractionPool, report: Report) -> None:
    """Extract each file as the page at `url`, or at its own canonical address where that is None."""
    waiting: deque[tuple[Path, Future[Outcome]]] = deque()
    for file in files:
        try:
            if file.stat().st_size > FILE_LIMIT:
                report.failure(
                    str(file), "is larger than any page; `tearsheet replay` reads WARC files", key="file"
                )
                continue
            body = file.read_bytes()
        except OSError as error:
            report.failure(str(file), f"can't be read ({error.strerror}); check the path", key="file")
            continue
        waiting.append((file, pool.submit_entity(url or file.absolute().as_uri(), body, None)))
        if len(waiting) > pool.workers * _AHEAD:
            _report(*waiting.popleft(), own_url=url is None, report=report)
    while waiting:
        _report(*waiting.popleft(), own_url=url is None, report=report)


def _report(file: Path, future: Future[Outcome], *, own_url: bool, report: Report) -> None:
    try:
        outcome = future.result()
    except TearsheetError as error:
        report.failure(str(file), str(error), key="file")
        return
    if not isinstance(outcome, Article):
        report.failure(str(file), f"no article here: {outcome.reason}", key="file")
        return
    record = article_json(outcome, [], {"versions": extraction_versions()})
    if own_url and outcome.canonical_url:
        record["url"] = outcome.canonical_url
    report.article(record | {"body": outcome.body, "text_file": None, "file": str(file)}, new=True)
