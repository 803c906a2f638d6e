"""Extracts saved pages with worker processes, and tells what becomes of them in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from archive.errors import TearsheetError
from archive.extraction.article import Article
from archive.extraction.explanation.explained import Explanation
from archive.extraction.workers.pool import ExtractionPool
from archive.settling import extraction_versions
from archive.text.record import Json, article_json, capture_json
from crawler.commands.report import Report
from crawler.commands.saved import Saved, Unreadable

_AHEAD = 4  # pages per worker that are read ahead

Tell = Callable[[Saved, Explanation], None]


class SavedExtraction:
    """Extracts pages; `tell` is called with each, in their order. What fails goes to the report."""

    def __init__(self, pool: ExtractionPool, report: Report, tell: Tell) -> None:
        self._pool = pool
        self._report = report
        self._tell = tell

    def run(self, pages: Iterable[Saved | Unreadable]) -> None:
        waiting: deque[tuple[Saved, Future[Explanation]] | Unreadable] = deque()
        for page in pages:
            waiting.append(page if isinstance(page, Unreadable) else (page, self._submit(page)))
            if len(waiting) > self._pool.workers * _AHEAD:
                self._conclude(waiting.popleft())
        while waiting:
            self._conclude(waiting.popleft())

    def _submit(self, saved: Saved) -> Future[Explanation]:
        page = saved.page
        if saved.raw:
            return self._pool.explain(page.url, page.body, page.captured)
        return self._pool.explain_page(page)

    def _conclude(self, waiting: tuple[Saved, Future[Explanation]] | Unreadable) -> None:
        if isinstance(waiting, Unreadable):
            if waiting.lost:
                self._report.failure(waiting.named, waiting.reason, key=waiting.key)
            else:
                self._report.warn(waiting.reason)
            return
        saved, future = waiting
        try:
            explanation = future.result()
        except TearsheetError as error:
            fail(self._report, saved, str(error))
        else:
            self._tell(saved, explanation)


def tell_article(report: Report, saved: Saved, explanation: Explanation) -> None:
    """Report the article of a page; one that was asked for and holds none has failed."""
    outcome = explanation.outcome
    if isinstance(outcome, Article):
        report.article(article_row(saved, outcome), new=False)
    elif saved.wanted:
        fail(report, saved, f"no article here: {outcome.reason}")
    else:
        report.note(saved.page.url, outcome.reason)


def article_row(saved: Saved, article: Article) -> Json:
    """The article as a row of `--json`."""
    captures = [capture_json(saved.capture)] if saved.capture else []
    record = article_json(article, captures, {"versions": extraction_versions()})
    return record | {"body": article.body, "text_file": None, "file": str(saved.file)}


def fail(report: Report, saved: Saved, problem: str) -> None:
    """Report a page that failed, as the user named it; the page of a WARC file with its URL."""
    url = saved.page.url
    problem = problem.removeprefix(f"{url}: ")
    in_warc = saved.capture is not None and saved.key == "file"
    report.failure(saved.named, f"{url}: {problem}" if in_warc else problem, key=saved.key)
