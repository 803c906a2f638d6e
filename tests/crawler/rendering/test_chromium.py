from __future__ import annotations

from pathlib import Path

import pytest

from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import NoBrowser


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_browser_that_is_named_comes_before_playwrights_and_that_before_the_one_on_path(
    tmp_path: Path,
) -> None:
    named = _program(tmp_path / "mine")
    older = _program(tmp_path / "cache/ms-playwright/chromium-999/chrome-linux/chrome")
    newer = _program(tmp_path / "cache/ms-playwright/chromium-1200/chrome-linux/chrome")
    on_path = _program(tmp_path / "bin/google-chrome")
    environment = {
        "PATH": str(on_path.parent),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
    }

    assert find_chromium({**environment, "TEARSHEET_CHROMIUM": str(named)}) == named
    assert find_chromium(environment) == newer
    newer.unlink()
    assert find_chromium(environment) == older
    older.unlink()
    assert find_chromium(environment) == on_path


def test_without_one_the_error_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(
        NoBrowser, match=r"there is no Chromium to render pages with: .*playwright install chromium"
    ):
        find_chromium({"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_a_name_that_leads_nowhere_is_an_error_and_no_reason_to_take_another(tmp_path: Path) -> None:
    on_path = _program(tmp_path / "chromium")

    with pytest.raises(NoBrowser, match=r"TEARSHEET_CHROMIUM names /nowhere/chrome"):
        find_chromium({"PATH": str(on_path.parent), "TEARSHEET_CHROMIUM": "/nowhere/chrome"})
