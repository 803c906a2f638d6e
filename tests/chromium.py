"""Tests that need a browser, and say so where there is none."""

from __future__ import annotations

import pytest

from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import NoBrowser


def _missing() -> str | None:
    try:
        find_chromium()
    except NoBrowser as error:
        return str(error)
    return None


_WHY = _missing()
needs_chromium = pytest.mark.skipif(_WHY is not None, reason=_WHY or "there is one")
