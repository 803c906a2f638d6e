"""What can go wrong with a crawl's state."""

from __future__ import annotations

from archive.errors import TearsheetError


class StateError(TearsheetError):
    """The file of a crawl's state can't be used."""
