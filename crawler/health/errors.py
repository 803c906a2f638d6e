"""What can go wrong with the log of runs."""

from __future__ import annotations

from archive.errors import TearsheetError


class RunLogError(TearsheetError):
    """The file of the log of runs can't be used."""
