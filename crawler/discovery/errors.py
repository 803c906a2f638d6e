"""Errors of discovery."""

from __future__ import annotations

from archive.errors import TearsheetError


class DiscoveryError(TearsheetError):
    """A feed or sitemap can't be read. `url` is where it came from."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")
        self.url = url
        self.problem = problem


class SpanError(TearsheetError):
    """Days that can't be crawled. `option` is what named them: `since` or `until`."""

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"--{option}: {problem}")
        self.option = option
        self.problem = problem


class UrlError(TearsheetError):
    """A URL can't be fetched as it is written."""
