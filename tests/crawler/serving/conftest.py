from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.extraction.article import Removed, Reservation, Source
from tests.archive.search.shelf import store, story
from tests.crawler.serving.served import Served, serving

ENGLISH = story(
    "fire",
    "Harbour fire",
    "A ferry burned at night.",
    "Nobody was hurt.",
    outlet="Courier",
    language="en",
    standfirst="The third one this year",
    authors=("Isaura Penn",),
    date_published=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    source=Source("Daily", "https://daily.example/1", "Source: Daily"),
    removed=(Removed("related.marker", "Other news", "Read also"), Removed("share.line", "Share")),
    rights=(Reservation("header", True, "https://daily.example/terms"),),
)
ARABIC = story("ar", "حريق في الميناء", "احترقت عبّارة ليلاً.", outlet="المرفأ", language="ar")
HOSTILE = '"><script>alert(1)</script>'
SCRIPTED = story(
    "evil",
    f"Headline {HOSTILE}",
    f"Paragraph {HOSTILE} needle.",
    outlet=f"Outlet {HOSTILE}",
    standfirst=f"Standfirst {HOSTILE}",
    authors=(f"Author {HOSTILE}",),
    tags=(f"Tag {HOSTILE}",),
    section=f"Section {HOSTILE}",
    description=f"Description {HOSTILE}",
    language='e"><script>',
    canonical_url="javascript:alert(1)",
    source=Source(f"Source {HOSTILE}", "javascript:alert(2)", HOSTILE),
    removed=(Removed(f"rule{HOSTILE}", HOSTILE, HOSTILE),),
    rights=(Reservation("meta", None, "data:text/html,x"),),
    continued_at="javascript:alert(3)",
)


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`news` with an article of two versions and an Arabic one, `hostile`, and one that is damaged."""
    folder = tmp_path_factory.mktemp("served")
    store(
        folder, ENGLISH, ARABIC, replace(ENGLISH, paragraphs=("A ferry burned at dawn.", "Nobody was hurt."))
    )
    store(folder, SCRIPTED, name="hostile")
    store(folder, ENGLISH, name="broken")
    (folder / "broken" / "catalogue.sqlite").write_bytes(b"no database" * 500)
    (folder / "not a collection").mkdir()
    return folder


@pytest.fixture(scope="session")
def served(collections: Path) -> Iterator[Served]:
    with serving(collections, "--host", "tunnel.example") as running:
        yield running
