"""What can go wrong with scheduling."""

from __future__ import annotations

from archive.errors import TearsheetError


class ScheduleError(TearsheetError):
    """Visits can't be scheduled as asked."""
