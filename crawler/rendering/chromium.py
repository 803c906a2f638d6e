"""Where Chromium is on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from crawler.rendering.errors import NoBrowser

VARIABLE = "TEARSHEET_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_LAYOUTS = (  # of Playwright's folder of browsers: the full browser before the shell, which renders the same
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/Google Chrome for Testing",
    "chromium_headless_shell-*/*/headless_shell",
    "chromium_headless_shell-*/*/chrome-headless-shell",
)
_HOW = "`playwright install chromium` or, on Debian, `apt install chromium` brings it"


def find_chromium(environment: Mapping[str, str] = os.environ) -> Path:
    """The Chromium to use: what TEARSHEET_CHROMIUM names, else Playwright's own, else the one on PATH.

    Raises NoBrowser with how to get one.
    """
    if named := environment.get(VARIABLE):
        if found := shutil.which(named, path=environment.get("PATH")):
            return Path(found)
        raise NoBrowser(f"{VARIABLE} names {named}, which is no program: let it name a Chromium, or unset it")
    if own := _playwrights(environment):
        return own
    for name in _NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            return Path(found)
    raise NoBrowser(f"there is no Chromium to render pages with: {_HOW}, or {VARIABLE} names one elsewhere")


def _playwrights(environment: Mapping[str, str]) -> Path | None:
    """The newest Chromium that Playwright has installed. Its folders end in a number that counts up."""
    for folder in _folders(environment):
        for layout in _LAYOUTS:
            found = [path for path in folder.glob(layout) if os.access(path, os.X_OK)]
            if found:
                return max(found, key=lambda path: _revision(path.relative_to(folder)))
    return None


def _folders(environment: Mapping[str, str]) -> list[Path]:
    """Where Playwright keeps browsers, by its documentation ("Managing browser binaries")."""
    if named := environment.get("PLAYWRIGHT_BROWSERS_PATH"):
        return [Path(named)]
    home = Path(environment.get("HOME", "/nonexistent"))
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return [cache / "ms-playwright", home / "Library" / "Caches" / "ms-playwright"]


def _revision(path: Path) -> int:
    number = path.parts[0].rpartition("-")[2]
    return int(number) if number.isdecimal() else 0
