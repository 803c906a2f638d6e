from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import archive

GUIDE = Path(__file__).parents[2] / "docs/python.md"


def test_the_examples_of_the_guide_work_as_they_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8")
    assert done.attempted > 30
    assert done.failed == 0


def test_every_public_name_is_there_and_loaded_when_it_is_asked_for() -> None:
    assert {name: getattr(archive, name).__name__ for name in archive.__all__} == {
        name: name for name in archive.__all__
    }
    with pytest.raises(AttributeError, match="'archive' has no attribute 'Ferry'"):
        _ = archive.Ferry  # type: ignore[attr-defined]
    code = "import archive, sys; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
