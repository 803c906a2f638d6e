from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.outlets.entry import entry, file_for, write_entry
from crawler.outlets.errors import OutletError
from crawler.outlets.loader import load_outlets, load_own_outlets
from crawler.outlets.model import Outlet

FULL = Outlet.model_validate(
    {
        "name": "al-marfa",
        "title": 'صحيفة "المرفأ" \\ \t',
        "domains": ["marfa.example"],
        "extra_hosts": ["feeds.example"],
        "country": "QA",
        "languages": ["ar", "en"],
        "feeds": [f"https://feeds.example/a-feed-with-a-long-address/{number}" for number in range(3)],
        "article_patterns": [r"/\d+/[\w-]+$"],
        "delay": 2.5,
        "rules": [
            {"valid_from": date(2026, 1, 2), "keep": "main", "drop": ["aside", ".ad[title='a \"b\"']"]},
            {"valid_until": date(2026, 1, 1), "title_suffix": ["| المرفأ"]},
        ],
        "notes": "one\ntwo",
        "checked": date(2026, 11, 22),
    }
)


@pytest.mark.parametrize(
    "outlet", [FULL, FULL.model_copy(update={"checked": False, "delay": None, "title": "al-marfa"})]
)
def test_an_entry_that_is_written_and_read_again_is_the_same(outlet: Outlet, tmp_path: Path) -> None:
    path = file_for(tmp_path / "outlets", outlet.name, replace=False)
    write_entry(outlet, path)
    assert path == tmp_path / "outlets/al-marfa.toml"
    assert list(load_own_outlets([path.parent])) == [outlet]


def test_every_bundled_outlet_can_be_written(tmp_path: Path) -> None:
    outlets = list(load_outlets())
    (tmp_path / "all.toml").write_text("\n".join(map(entry, outlets)), encoding="utf-8")
    assert list(load_own_outlets([tmp_path])) == outlets


def test_an_entry_says_what_every_entry_should_and_no_more() -> None:
    outlet = Outlet(name="daily", domains=("daily.example",), sections=("https://daily.example/",))
    assert entry(outlet).splitlines() == [
        "[[outlet]]",
        'name = "daily"',
        'title = "daily"',
        'domains = ["daily.example"]',
        'country = "XX"',
        "languages = []",
        'sections = ["https://daily.example/"]',
        "checked = false",
    ]


def test_an_outlet_of_that_name_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write_entry(FULL, tmp_path / "al-marfa.toml")
    with pytest.raises(OutletError, match=r'al-marfa\.toml has an outlet "al-marfa" already; .*--force'):
        file_for(tmp_path, "al-marfa", replace=False)
    assert file_for(tmp_path, "al-marfa", replace=True) == tmp_path / "al-marfa.toml"


def test_a_file_with_other_outlets_is_never_replaced(tmp_path: Path) -> None:
    both = entry(FULL) + entry(FULL).replace('"al-marfa"', '"second"')
    (tmp_path / "al-marfa.toml").write_text(both, encoding="utf-8")
    with pytest.raises(OutletError, match='not for "al-marfa" alone'):
        file_for(tmp_path, "al-marfa", replace=True)
    with pytest.raises(OutletError, match=r'al-marfa\.toml has an outlet "second" already; edit it there'):
        file_for(tmp_path, "second", replace=True)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "outlets").write_text("a file")
    with pytest.raises(OutletError, match=r"outlets/al-marfa\.toml: can't be written"):
        write_entry(FULL, tmp_path / "outlets/al-marfa.toml")
