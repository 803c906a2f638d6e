"""Errors of discovery."""

from __future__ import annotations

from archive.errors import TearsheetError


class DiscoveryError(TearsheetError):
    """A feed or sitemap can't be read. `url` is where it came from."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")
        self.url = url
        self.problem = problem


class UrlError(TearsheetError):
    """A URL can't be fetched as it is written."""
