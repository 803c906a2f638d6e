"""What can go wrong between a browser and the page that it was sent to."""

from __future__ import annotations

from archive.errors import TearsheetError


class NoBrowser(TearsheetError):  # noqa: N818 - a state of the machine, told as such
    """There is no Chromium on this machine, or the one that was named does not start."""


class RenderError(TearsheetError):
    """A page could not be rendered. The browser is none the worse for it."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: not rendered: {problem}")
        self.url = url
        self.problem = problem
