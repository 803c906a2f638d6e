from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from crawler.serving.replay.package import FOLDER, wrong_in
from tests.command import ROOT

_CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def replay_files() -> Path:
    """The folder with replayweb.page's files."""
    folder = Path(os.environ.get(FOLDER) or ROOT / ".replay")
    if wrong := wrong_in(folder):
        pytest.skip(f"{wrong[0]}; `make setup-interop` gets the files where npm is there")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not _CHROMIUM.exists():
        pytest.skip(f"{_CHROMIUM} is not there; install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
