from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import COMMAND, Done, environment, tearsheet
from tests.crawler.commands.test_scrape import FIELDS

SLUGS = ("tram-line-seven", "clay-filter", "island-clinic")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a collection of three stories, in English and Arabic."""
    made = tmp_path_factory.mktemp("scraped")
    with NewsroomServer() as newsroom:
        urls = [newsroom.expected(slug).url for slug in SLUGS]
        assert tearsheet("scrape", *urls, "--delay", "0", cwd=made).status == 0
    return made


def export(folder: Path, *arguments: object, cwd: Path) -> Done:
    return tearsheet("export", *arguments, "--collections", folder / "collections", cwd=cwd)


def test_wacz_tells_what_it_holds_and_is_replayed_to_the_same_texts(folder: Path, tmp_path: Path) -> None:
    done = export(folder, "wacz", "out.wacz", "--title", "Three stories", cwd=tmp_path)
    size = (tmp_path / "out.wacz").stat().st_size
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("out.wacz: 1 WARC file, ")
    assert done.out.endswith(f" captures, 3 pages, {size:,} bytes\n")
    with zipfile.ZipFile(tmp_path / "out.wacz") as opened:
        assert json.loads(opened.read("datapackage.json"))["title"] == "Three stories"
    assert tearsheet("replay", "out.wacz", "-c", "again", cwd=tmp_path).status == 0
    texts = {path.name: path.read_bytes() for path in (folder / "collections/news/text").iterdir()}
    again = tmp_path / "collections/again"
    assert {path.name: path.read_bytes() for path in (again / "text").iterdir()} == texts
    assert tearsheet("verify", again, cwd=tmp_path).status == 0


def test_pages_are_extracted_from_a_wacz_without_unpacking_it(folder: Path, tmp_path: Path) -> None:
    export(folder, "wacz", "out.wacz", cwd=tmp_path)
    rows = export(folder, "jsonl", "-", cwd=tmp_path).rows
    done = tearsheet("extract", "out.wacz", "--json", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert [(row["url"], row["body"], row["file"]) for row in done.rows] == [
        (row["url"], row["body"], "out.wacz") for row in rows
    ]
    (one,) = tearsheet("extract", "out.wacz", "--url", rows[1]["url"], "--json", cwd=tmp_path).rows
    assert one["headline"] == rows[1]["headline"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.wacz"]


def test_a_wacz_that_can_not_be_read_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    export(folder, "wacz", "out.wacz", cwd=tmp_path)
    whole = (tmp_path / "out.wacz").read_bytes()
    (tmp_path / "cut.wacz").write_bytes(whole[: len(whole) // 2])
    for command in ("replay", "extract"):
        done = tearsheet(command, "cut.wacz", cwd=tmp_path)
        assert done.status == 1
        assert done.err.startswith("failed: cut.wacz: its zip directory can't be read")
        assert len(done.err.splitlines()) == 1


def test_json_lines_have_the_fields_of_every_other_command(folder: Path, tmp_path: Path) -> None:
    done = export(folder, "jsonl", "-", cwd=tmp_path)
    assert (done.status, done.err) == (0, "3 articles\n")
    assert [list(row) for row in done.rows] == [[*FIELDS[:-2], "words", "body", "text_file"]] * 3
    said = export(folder, "jsonl", "out.jsonl", cwd=tmp_path)
    assert (said.status, said.out, said.err) == (0, "out.jsonl: 3 articles\n", "")
    assert (tmp_path / "out.jsonl").read_text() == done.out


def test_csv_is_read_back_by_a_strict_reader(folder: Path, tmp_path: Path) -> None:
    assert export(folder, "csv", "out.csv", cwd=tmp_path).out == "out.csv: 3 articles\n"
    rows = export(folder, "jsonl", "-", cwd=tmp_path).rows
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file, strict=True))
    assert [(row["headline"], row["body"]) for row in read] == [
        (row["headline"], row["body"]) for row in rows
    ]


def test_text_files_keep_the_names_that_prove_them(folder: Path, tmp_path: Path) -> None:
    assert export(folder, "text", "out", cwd=tmp_path).out == "out: 3 articles\n"
    names = {path.name for path in (folder / "collections/news/text").glob("*.txt")}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names | {"contents.tsv"}
    for name in names:
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest().startswith(name[4:20])


def test_filters_take_an_outlet_by_name_or_title_a_language_and_days(folder: Path, tmp_path: Path) -> None:
    rows = export(folder, "jsonl", "-", cwd=tmp_path).rows

    def count(*filters: str) -> int:
        return len(export(folder, "jsonl", "-", *filters, cwd=tmp_path).rows)

    assert count("--language", "AR") == sum(row["language"] == "ar" for row in rows) == 1
    day = rows[0]["date_published"][:10]
    assert count("--since", day, "--until", day) == sum(row["date_published"][:10] == day for row in rows)
    outlets = tmp_path / "outlets"
    outlets.mkdir()
    (outlets / "x.toml").write_text(
        f'[[outlet]]\nname = "mine"\ntitle = "{rows[0]["outlet"]}"\ndomains = ["mine.example"]\n'
        'country = "QA"\nlanguages = ["en"]\nsections = ["https://mine.example/"]\nchecked = false\n'
    )
    same = sum(row["outlet"] == rows[0]["outlet"] for row in rows)
    assert count("--outlet", "mine") == count("--outlet", rows[0]["outlet"].upper()) == same


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("wacz", "there"),
            1,
            "tearsheet: there is there already; name another file, or replace it with --force",
        ),
        (
            ("jsonl", "there"),
            1,
            "tearsheet: there is there already; name another file, or replace it with --force",
        ),
        (("csv", "x", "-c", "none"), 1, "none is no collection; name one with -c"),
        (("csv", "x", "--language", "fr"), 1, "the filters leave none of its 3 texts"),
        (("text", "-"), 2, "only jsonl and csv go to standard output"),
        (("csv", "x", "--since", "yesterday"), 2, "does not match the formats"),
        (("csv", "x", "--since", "2026-03-02", "--until", "2026-03-01"), 2, "it is before --since"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_is_written(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    (tmp_path / "there").write_text("mine")
    done = export(folder, *arguments, cwd=tmp_path)
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"there": "mine"}


def test_force_replaces_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    assert export(folder, "wacz", "there", "--force", cwd=tmp_path).status == 0
    assert zipfile.is_zipfile(tmp_path / "there")


def test_a_reader_that_has_gone_is_no_error_of_ours(folder: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "export", "jsonl", "-", "--collections", str(folder / "collections")]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as going:
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdout.close()
        assert b"Traceback" not in going.stderr.read()
