"""Extracts files with worker processes and reports what becomes of them, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from archive.errors import TearsheetError
from archive.extraction.article import Article, Outcome
from archive.extraction.pool import ExtractionPool
from archive.settling import extraction_versions
from archive.text.record import article_json
from crawler.commands.report import Report
from crawler.discovery.errors import UrlError
from crawler.discovery.urls import safe_http_url

FILE_LIMIT = 64 << 20
"""Bytes of a file that is taken for a page."""
_AHEAD = 4  # files per worker that are read ahead


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file whose turn to be told has not come; `outcome` fails where it could not even be read."""

    file: Path
    url: str
    body: bytes
    outcome: Future[Outcome]


class FileExtraction:
    """Extracts each file as the page at `url`, or at its own canonical address where that is None."""

    def __init__(self, pool: ExtractionPool, url: str | None, report: Report) -> None:
        self._pool = pool
        self._url = url
        self._report = report

    def run(self, files: Iterable[Path]) -> None:
        waiting: deque[_Waiting] = deque()
        for file in files:
            waiting.append(self._submit(file))
            if len(waiting) > self._pool.workers * _AHEAD:
                self._tell(waiting.popleft())
        while waiting:
            self._tell(waiting.popleft())

    def _submit(self, file: Path) -> _Waiting:
        url = self._url or file.absolute().as_uri()
        try:
            if file.stat().st_size > FILE_LIMIT:
                raise TearsheetError("is larger than any page; `tearsheet replay` reads WARC files")
            body = file.read_bytes()
        except (OSError, TearsheetError) as error:
            reason = (
                f"can't be read ({error.strerror}); check the path"
                if isinstance(error, OSError)
                else str(error)
            )
            unread: Future[Outcome] = Future()
            unread.set_exception(TearsheetError(reason))
            return _Waiting(file, url, b"", unread)
        return _Waiting(file, url, body, self._pool.submit_entity(url, body, None))

    def _tell(self, page: _Waiting) -> None:
        try:
            outcome = self._outcome(page)
        except TearsheetError as error:
            problem = str(error).removeprefix(f"{page.url}: ")
            self._report.failure(str(page.file), problem, key="file")
            return
        if isinstance(outcome, Article):
            record = article_json(outcome, [], {"versions": extraction_versions()})
            record |= {"body": outcome.body, "text_file": None, "file": str(page.file)}
            self._report.article(record, new=False)
        else:
            self._report.failure(str(page.file), f"no article here: {outcome.reason}", key="file")

    def _outcome(self, page: _Waiting) -> Outcome:
        """What extraction found. Only the page itself says where it came from, so one without `url` is
        extracted a second time, as what it says it is: links, outlet and source depend on the address."""
        outcome = page.outcome.result()
        if self._url is not None or not isinstance(outcome, Article) or not outcome.canonical_url:
            return outcome
        try:
            url = safe_http_url(outcome.canonical_url)
        except UrlError:
            return outcome  # a canonical link without a host: it has no address after all
        again = self._pool.submit_entity(url, page.body, None).result()
        return again if isinstance(again, Article) else outcome
