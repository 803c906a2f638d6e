"""What time it is, for those who decide by it. The setting CLOCK names the function."""

from __future__ import annotations

from datetime import UTC, datetime


def system() -> datetime:
    """The time of this machine, aware, UTC."""
    return datetime.now(UTC)
