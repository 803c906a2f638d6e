from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.extraction.article import OutletRules
from crawler.outlets.errors import OutletError
from crawler.outlets.loader import OutletCatalogue, load_outlets
from crawler.outlets.model import Outlet

HARBOUR = """\
# A paper of our own
[[outlet]]
name = "the-harbour"
title = "The Harbour"
domains = ["harbour.example.com"]
feeds = ["https://harbour.example.com/feed"]
"""


def write(folder: Path, text: str, name: str = "own.toml") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refusal(folder: Path) -> str:
    with pytest.raises(OutletError) as caught:
        load_outlets([folder])
    return str(caught.value)


def test_a_folder_extends_the_bundled_catalogue(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR)
    assert len(load_outlets([tmp_path])) == len(load_outlets()) + 1
    assert load_outlets([tmp_path]).get("the-harbour") == Outlet(
        name="the-harbour",
        title="The Harbour",
        domains=("harbour.example.com",),
        feeds=("https://harbour.example.com/feed",),
    )


def test_a_later_folder_replaces_an_outlet_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path / "one", HARBOUR)
    write(tmp_path / "two", '[[outlet]]\nname = "cnn"\ndomains = ["cnn.example.com"]\n')
    write(tmp_path / "three", '[[outlet]]\nname = "the-harbour"\ndomains = ["other.example.com"]\n')
    outlets = load_outlets([tmp_path / "one", tmp_path / "two", tmp_path / "three"])
    assert outlets.get("cnn").domains == ("cnn.example.com",)
    assert outlets.get("the-harbour") == Outlet(name="the-harbour", domains=("other.example.com",))
    assert outlets.for_url("https://harbour.example.com/a") is None
    assert outlets.for_url("https://edition.cnn.com/a") is None


def test_files_that_are_no_toml_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "not toml", "README.md")
    write(tmp_path, "not toml", ".draft.toml")
    (tmp_path / "folder.toml").mkdir()
    assert len(load_outlets([tmp_path])) == len(load_outlets())


def test_an_empty_file_and_a_byte_order_mark_are_accepted(tmp_path: Path) -> None:
    write(tmp_path, "", "empty.toml")
    write(tmp_path, "\ufeff" + HARBOUR)
    assert load_outlets([tmp_path]).get("the-harbour").title == "The Harbour"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == (
        f"{tmp_path / 'none'}: there is no such folder of outlet files; create it or name another"
    )


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + "country = QA\n")
    assert refusal(tmp_path) == (
        f"{file}: line 7: no valid TOML at `country = QA` (Invalid value); correct it"
    )


def test_a_file_that_breaks_off_names_its_last_line(tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + 'sections = ["https://harbour.example.com/",')
    assert refusal(tmp_path).startswith(f"{file}: line 7: no valid TOML at `sections = ")


def test_bytes_that_are_not_utf8_name_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(HARBOUR.encode() + b'title = "\xe9"\n')
    assert refusal(tmp_path) == f"{file}: line 7: a byte that is not UTF-8; save the file as UTF-8"


def test_a_wrong_item_of_an_array_names_its_own_line(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        HARBOUR
        + '\n[[outlet]]\nname = "quay"\ndomains = ["quay.example.com"]\nsections = [\n'
        + '  "https://quay.example.com/",\n  "https://harbour.example.com/",\n]\n',
    )
    assert refusal(tmp_path) == (
        f"{file}: line 13: sections[1]: https://harbour.example.com/ is on harbour.example.com, which is "
        "none of the outlet's domains; add it to domains, or to extra_hosts if only lists of links are there"
    )


def test_a_wrong_value_names_its_key(tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + "delay = -1\n")
    assert refusal(tmp_path) == (
        f"{file}: line 7: delay: input should be greater than or equal to 0; correct it"
    )


def test_an_unknown_key_is_refused_and_the_right_one_suggested(tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + 'sitemap = "https://harbour.example.com/s.xml"\ncolour = 1\n')
    assert refusal(tmp_path) == (
        f"{file}: line 7: sitemap: is no key of an outlet; write sitemaps (1 more in this outlet)"
    )


def test_a_missing_key_names_the_table(tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + '\n[[outlet]]\nname = "quay"\n')
    assert refusal(tmp_path) == f"{file}: line 8: domains: is missing; add it"


def test_a_key_outside_of_a_table_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, 'title = "Mine"\n' + HARBOUR)
    assert refusal(tmp_path) == (
        f"{file}: line 1: title: an outlet file holds [[outlet]] tables alone; move it"
    )
    write(tmp_path, HARBOUR + "[outlets.cnn]\ndelay = 1\n")
    assert refusal(tmp_path).startswith(f"{file}: line 7: outlets: ")


def test_a_single_table_is_told_to_be_one_of_many(tmp_path: Path) -> None:
    file = write(tmp_path, "# mine\n" + HARBOUR.replace("[[outlet]]", "[outlet]"))
    assert refusal(tmp_path) == (
        f"{file}: line 3: outlet: write [[outlet]] with two brackets above each outlet"
    )


def test_the_same_name_twice_in_one_folder_is_refused(tmp_path: Path) -> None:
    first = write(tmp_path, HARBOUR, "a.toml")
    second = write(tmp_path, "\n" + HARBOUR, "b.toml")
    assert refusal(tmp_path) == (
        f'{second}: line 3: name: "the-harbour" is taken by {first}: line 2; rename one of them'
    )


def test_an_unknown_name_gets_the_nearest_ones(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR)
    outlets = load_outlets([tmp_path])
    with pytest.raises(OutletError, match=r'^no outlet is named "The-Harbor"; did you mean the-harbour'):
        outlets.get("The-Harbor")
    with pytest.raises(OutletError, match=r"; write an outlet file for it, or correct the name$"):
        outlets.get("zzzzqqqq")


def of(*outlets: Outlet, user: tuple[Outlet, ...] = ()) -> OutletCatalogue:
    return OutletCatalogue([outlets, user])


def test_iteration_is_sorted_by_name() -> None:
    outlets = of(Outlet(name="b", domains=("b.com",)), user=(Outlet(name="a", domains=("a.com",)),))
    assert [outlet.name for outlet in outlets] == ["a", "b"]


def test_the_longest_domain_finds_the_outlet_of_a_url() -> None:
    parent = Outlet(name="parent", domains=("example.com",))
    child = Outlet(name="child", domains=("arabic.example.com",))
    local = Outlet(name="local", domains=("127.0.0.1:8001",))
    outlets = of(parent, child, local)
    assert outlets.for_url("https://www.example.com/a") == parent
    assert outlets.for_url("https://www.arabic.example.com/a") == child
    assert outlets.for_url("http://127.0.0.1:8001/a") == local
    assert outlets.for_url("http://127.0.0.1:8002/a") is None
    assert outlets.for_url("https://example.org/") is None


def test_outlets_that_share_a_domain_are_told_apart() -> None:
    paper = Outlet(name="a-paper", title="Paper", domains=("example.com",))
    persian = Outlet.model_validate(
        {"name": "persian", "domains": ["example.com"], "article_patterns": ["^/persian/"]}
    )
    own = Outlet(name="z-own", title="Own", domains=("example.com",))
    assert of(paper, persian).for_url("https://example.com/persian/1") == persian
    assert of(paper, persian).for_url("https://example.com/world/1") == paper
    assert of(paper, persian, user=(own,)).for_url("https://example.com/world/1") == own
    assert of(paper, persian, user=(own,)).hosts() == {"example.com": "Own"}


def test_hosts_name_the_outlet_of_each_domain() -> None:
    assert of(
        Outlet(name="a", title="A", domains=("a.com", "a.net"), extra_hosts=("cdn.com",)),
        Outlet(name="b", title="B", domains=("127.0.0.1:81",)),
    ).hosts() == {"a.com": "A", "a.net": "A", "127.0.0.1:81": "B"}


RULES = """
[[outlet.rules]]
valid_until = 2026-06-30
keep = ["div.story"]
drop = [".promo"]

[[outlet.rules]]
valid_from = 2026-07-01
keep = [
  "main",
  ".body",
]
drop = ".promo"
title_suffix = " - The Harbour"
authors = [".who"]
date = "time.first"
"""


def test_rules_of_an_outlet_s_pages_reach_extraction_by_its_domains(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR + RULES + '\n[[outlet]]\nname = "quay"\ndomains = ["quay.example.com"]\n')
    rules = load_outlets([tmp_path]).rules()
    assert rules.outlets["quay.example.com"] == "quay"
    assert rules.pages == {
        "harbour.example.com": (
            OutletRules(valid_until=date(2026, 6, 30), keep=("div.story",), drop=(".promo",)),
            OutletRules(
                valid_from=date(2026, 7, 1),
                keep=("main", ".body"),
                drop=(".promo",),
                title_suffixes=(" - The Harbour",),
                authors=(".who",),
                dates=("time.first",),
            ),
        )
    }


@pytest.mark.parametrize(
    ("written", "wrong", "sentence"),
    [
        ('".body"', '".body::text"', 'line 17: rules[1].keep[1]: ".body::text" is no CSS selector (Pseudo'),
        ('drop = ".promo"', 'drop = ">"', 'line 19: rules[1].drop[0]: ">" is no CSS selector (Expected sel'),
        ("2026-07-01", '"2026-07-01"', "line 14: rules[1].valid_from: write a day, such as 2026-01-31 "),
        ("2026-06-30", "2026-06-30T10:00:00", "line 9: rules[0].valid_until: write a day, such as "),
        (
            "title_suffix",
            "title_sufix",
            "line 20: rules[1].title_sufix: is no key of an outlet's rules; write ",
        ),
        (
            "2026-07-01",
            "2026-07-01\nvalid_until = 2026-06-01",
            "line 15: rules[1].valid_until: 2026-06-01 is ",
        ),
    ],
)
def test_a_wrong_rule_names_line_and_key(written: str, wrong: str, sentence: str, tmp_path: Path) -> None:
    file = write(tmp_path, HARBOUR + RULES.replace(written, wrong, 1) + '\n[[outlet]]\nname = "quay"\n')
    assert refusal(tmp_path).startswith(f"{file}: {sentence}")


def test_an_outlet_says_which_of_its_pages_a_browser_renders_and_without_what(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR + 'render = "always"\nrender_without = ["image", "font"]\n')
    outlet = load_outlets([tmp_path]).get("the-harbour")
    assert (outlet.render, outlet.render_without) == ("always", ("image", "font"))
    file = write(tmp_path, HARBOUR + 'render = "sometimes"\n')
    assert refusal(tmp_path) == (
        f"{file}: line 7: render: input should be 'never', 'auto' or 'always'; correct it"
    )
