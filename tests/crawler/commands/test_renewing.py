from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet

SLUGS = ("tram-line-seven", "clay-filter", "bottle-post")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A folder with a collection of three stories; the address of one, and its host."""
    folder = tmp_path_factory.mktemp("crawled")
    with NewsroomServer() as newsroom:
        urls = [newsroom.expected(slug).url for slug in SLUGS]
        assert tearsheet("scrape", *urls, "--delay", "0", cwd=folder).status == 0
    return folder, urls[0], urls[0].split("/")[2]


@pytest.fixture
def folder(crawled: tuple[Path, str, str], tmp_path: Path) -> Path:
    """A copy of it with an outlet file of today, by which the second paragraph is none."""
    shutil.copytree(crawled[0] / "collections", tmp_path / "collections")
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/own.toml").write_text(
        f"""[[outlet]]
name = "own"
title = "Our Own"
domains = ["{crawled[2]}"]
country = "QA"
languages = ["en"]
sections = ["http://{crawled[2]}/"]
checked = false

[[outlet.rules]]
drop = ["p:nth-of-type(2)"]
"""
    )
    return tmp_path


def test_differences_are_shown_then_written_and_then_there_are_none(
    folder: Path, crawled: tuple[Path, str, str]
) -> None:
    texts = {path.name for path in (folder / "collections/news/text").iterdir()}
    done = tearsheet("replay", "--diff", "--outlet", "own", cwd=folder)
    assert (done.status, done.err) == (0, "")
    changed = [line for line in done.out.splitlines() if line.startswith("changed  ")]
    assert [line.split()[1] in texts for line in changed] == [True]
    assert f"  {crawled[1]}  (+0 -" in changed[0]
    assert '  outlet: "The Harbour Courier" -> "Our Own"' in done.out.splitlines()
    assert any(line.startswith("  [-") and line.endswith("-]") for line in done.out.splitlines())
    assert done.out.splitlines()[-1].endswith(" 0 new, 0 lost; nothing was written (--apply does)")
    assert {path.name for path in (folder / "collections/news/text").iterdir()} == texts

    rows = tearsheet("replay", "--diff", "--apply", "--json", cwd=folder).rows
    assert [row["text_file"][:3] for row in rows] == [line[9:12] for line in changed]
    assert [row["new_text_file"][:3] for row in rows] == [f"{3 + place:03}" for place in range(len(rows))]
    assert rows[0]["fields"] == {"outlet": ["The Harbour Courier", "Our Own"]}
    assert tearsheet("verify", "collections/news", cwd=folder).status == 0
    again = tearsheet("replay", "--diff", cwd=folder)
    assert again.out == "3 unchanged, 0 changed, 0 new, 0 lost\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--apply",), 2, "it goes with --diff"),
        (("--diff", "x.warc"), 2, "with --diff there is none"),
        (("--diff", "--again"), 2, "looks at all captures anyway"),
        (("--diff", "-c", "missing"), 1, "collections/missing is no collection"),
        (("--diff", "--apply", "-c", "missing"), 1, "collections/missing is no collection"),
    ],
)
def test_what_can_not_be_meant_is_said_in_a_sentence(
    arguments: tuple[str, ...], status: int, said: str, tmp_path: Path
) -> None:
    done = tearsheet("replay", *arguments, cwd=tmp_path)
    assert done.status == status
    assert said in done.err
    assert not (tmp_path / "collections").exists()
