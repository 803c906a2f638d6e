"""Clocks for crawls of another day; TEARSHEET_CLOCK names one."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def shifted() -> datetime:
    """The time of this machine and the minutes of TEARSHEET_MINUTES."""
    return datetime.now(UTC) + timedelta(minutes=float(os.environ["TEARSHEET_MINUTES"]))


def fixed() -> datetime:
    """The time that TEARSHEET_NOW says, whatever this machine's is."""
    return datetime.fromisoformat(os.environ["TEARSHEET_NOW"])
