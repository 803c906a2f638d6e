"""Errors of outlet files."""

from __future__ import annotations

from archive.errors import TearsheetError


class OutletError(TearsheetError):
    """An outlet file can't be used, or no outlet has the name asked for."""
