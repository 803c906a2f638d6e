from __future__ import annotations

from pathlib import Path

from crawler.outlets.loader import load_outlets
from tests.command import tearsheet

OWN = '[[outlet]]\nname = "my-paper"\ntitle = "My Paper"\ndomains = ["paper.example"]\nfeeds = ["https://paper.example/rss"]\n'


def test_list_has_a_line_for_every_outlet_bundled_and_own(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/mine.toml").write_text(OWN)
    done = tearsheet("outlets", "list", cwd=tmp_path)
    header, *lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert header.split() == ["name", "title", "country", "languages", "domains"]
    names = [outlet.name for outlet in load_outlets([tmp_path / "outlets"])]
    assert [line.split()[0] for line in lines] == names
    assert "my-paper" in names


def test_show_tells_all_that_an_outlet_has(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/mine.toml").write_text(OWN)
    done = tearsheet("outlets", "show", "my-paper", "--outlets", "mine", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    shown = dict(line.split(maxsplit=1) for line in done.out.splitlines())
    assert (shown["title"], shown["domains"], shown["feeds"]) == (
        "My Paper",
        "paper.example",
        "https://paper.example/rss",
    )


def test_a_wrong_outlet_file_is_one_sentence_that_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/mine.toml").write_text(OWN.replace("domains", "domain"))
    done = tearsheet("outlets", "list", cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("tearsheet: outlets/mine.toml")


def test_show_tells_each_rule_under_its_number(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    rules = '[[outlet.rules]]\nvalid_from = 2026-01-01\nkeep = ["main", ".body"]\n[[outlet.rules]]\ndrop = ".ad"\n'
    (tmp_path / "outlets/mine.toml").write_text(OWN + rules)
    done = tearsheet("outlets", "show", "my-paper", cwd=tmp_path)
    assert [line.split(maxsplit=1) for line in done.out.splitlines() if line.startswith("rules")] == [
        ["rules[0].valid_from", "2026-01-01"],
        ["rules[0].keep", "main"],
        ["rules[0].keep", ".body"],
        ["rules[1].drop", ".ad"],
    ]


def test_list_can_be_narrowed_to_countries_and_languages(tmp_path: Path) -> None:
    done = tearsheet(
        "outlets", "list", "--country", "qa", "--country", "LB", "--language", "fr", cwd=tmp_path
    )
    wanted = [o.name for o in load_outlets() if o.country in ("QA", "LB") and "fr" in o.languages]
    assert (done.status, [line.split()[0] for line in done.out.splitlines()[1:]]) == (0, wanted)
    assert "lorient-le-jour" in wanted
    none = tearsheet("outlets", "list", "--country", "QA", "--language", "is", cwd=tmp_path)
    assert (none.status, none.out, none.err) == (0, "", "no outlet is of that country and language\n")
    wrong = tearsheet("outlets", "list", "--language", "arabic", cwd=tmp_path)
    assert (wrong.status, '"arabic" is no such code' in wrong.err) == (2, True)
