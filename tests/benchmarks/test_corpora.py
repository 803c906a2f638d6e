from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import corpora
from tests.archive.extraction.layouts import LAYOUTS, theme

LEAKS = (
    "def leak_lines(text, gold):\n    return [line for line in text.split('\\n') if line == 'Read also']\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    layout = LAYOUTS[0]
    known = {"html": theme(layout), "gold": "\n".join(layout.body), "title": layout.headline}
    other = {"html": "<html><body></body></html>", "with": ["quay"], "without": ["Read also"]}
    with gzip.open(tmp_path / "coast.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in (known, other))
    return tmp_path


def test_a_corpus_is_scored_page_by_page(place: Path) -> None:
    (path,) = corpora.files(place).values()
    (place / "leaks.py").write_text(LEAKS, encoding="utf-8")
    scored = corpora.score(path, 1, compare=False)
    assert (scored.name, scored.pages, scored.theirs) == ("coast", 2, None)
    assert scored.ours == {"f1": 1.0, "exact": 1.0, "leaks": 0.0, "without": 0.0, "title": 1.0}


def test_every_so_manieth_page_is_taken_and_leaks_need_a_module_of_the_folder(place: Path) -> None:
    (path,) = corpora.files(place).values()
    scored = corpora.score(path, 2, compare=True)
    assert scored.pages == 1
    assert scored.theirs is not None
    assert "leaks" not in scored.ours


def test_a_folder_that_is_named_must_hold_corpora(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert corpora.folder(place) == place
    monkeypatch.setenv("TEARSHEET_CORPORA", str(place))
    assert corpora.folder(None) == place
    with pytest.raises(SystemExit, match="no corpus there"):
        corpora.folder(place / "empty")


def test_the_demo_newsroom_is_extracted_word_for_word() -> None:
    scored = corpora.newsroom(compare=False)
    assert scored.ours == {"f1": 1.0, "exact": 1.0, "leaks": 0.0, "title": 1.0, "authors": 1.0, "date": 1.0}
