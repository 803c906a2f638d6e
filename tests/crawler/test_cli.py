from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from tests.command import start, tearsheet

COMMANDS = (
    ("scrape",),
    ("crawl",),
    ("replay",),
    ("extract",),
    ("verify",),
    ("health",),
    ("demo",),
    ("outlets", "list"),
    ("outlets", "show"),
)
NO_NETWORK = "http://127.0.0.1:9/"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


def story(newsroom: NewsroomServer, slug: str) -> str:
    return newsroom.expected(slug).url


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    done = tearsheet("--version", cwd=tmp_path)
    assert (done.status, done.out, done.err) == (0, f"tearsheet {version('tearsheet')}\n", "")


def test_help_names_every_command_whole(tmp_path: Path) -> None:
    done = tearsheet("--help", cwd=tmp_path)
    assert done.status == 0
    assert all(f"\n  {command[0]}" in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_a_command_shows_an_example_on_a_line_of_its_own(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    done = tearsheet(*command, "--help", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    (heading,) = [n for n, line in enumerate(lines) if line.strip() in ("Example:", "Examples:")]
    assert lines[heading + 1].startswith(f"    tearsheet {' '.join(command)}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "No such command 'bogus'"),
        (("scrape",), "name at least one URL"),
        (("scrape", "ftp://example.com/x"), "give an http or https URL"),
        (("scrape", "example.com/x"), "write https://example.com/x"),
        (("scrape", "-i", "missing.txt"), "missing.txt can't be read (No such file or directory)"),
        (("scrape", "-i", "."), ". can't be read (Is a directory)"),
        (("scrape", NO_NETWORK, "-c", "../up"), "'../up' can't name a collection"),
        (("scrape", NO_NETWORK, "--delay", "-1"), "--delay"),
        (("scrape", NO_NETWORK, "--delay", "nan"), "--delay"),
        (("scrape", NO_NETWORK, "--concurrency", "0"), "--concurrency"),
        (("scrape", NO_NETWORK, "--outlets", "missing"), "missing is no folder"),
        (("crawl",), "Missing argument"),
        (("crawl", "al-monitr"), "did you mean al-monitor"),
        (("crawl", "al-monitor", "--max-pages", "-1"), "--max-pages"),
        (("outlets", "show", "al-monitr"), "did you mean al-monitor"),
        (("extract", "a.html", "b.html", "--url", "https://example.com/"), "name one FILE with it"),
        (("extract", "a.html", "--url", "example"), "write https://example"),
        (("replay",), "name a file, a folder or a pattern"),
        (("verify",), "Missing argument"),
        (("demo", "--into", "."), "is there already"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_told_and_ends_with_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = tearsheet(*arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("scrape", NO_NETWORK), ("crawl", "al-monitor"), ("replay", "x.warc")])
def test_a_place_that_cannot_be_written_is_named_in_one_sentence(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = tearsheet(*command, "--collections", "file/collections", cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "tearsheet: file/collections/news/archive can't be made (Not a directory); choose a folder that you may "
        "write to with --collections\n"
    )


def test_the_folder_of_the_collections_comes_from_the_option_or_the_environment(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    url = story(newsroom, "tram-line-seven")
    here = {"TEARSHEET_COLLECTIONS": str(tmp_path / "by-environment")}
    assert tearsheet("scrape", url, "--no-extract", cwd=tmp_path, env=here).status == 0
    assert (
        tearsheet("scrape", url, "--no-extract", "--collections", "by-option", cwd=tmp_path, env=here).status
        == 0
    )
    assert tearsheet("scrape", url, "--no-extract", cwd=tmp_path).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["by-environment", "by-option", "collections"]
    for folder in tmp_path.iterdir():
        with Collection(folder, "news") as collection:
            assert [capture.url for capture in collection.captures()][-1] == url


def test_a_collection_in_use_is_refused_with_the_process_that_has_it(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    newsroom.outlet_files(tmp_path / "outlets")
    first = start("crawl", "harbour-courier", "--delay", "60", cwd=tmp_path)
    try:
        _until(lambda: (tmp_path / "collections/news/.lock").exists() and _archived(tmp_path))
        for command in (("scrape", NO_NETWORK), ("replay", "x.warc")):
            second = tearsheet(*command, cwd=tmp_path)
            assert (second.status, second.out) == (1, "")
            assert second.err.startswith(
                f"tearsheet: the collection collections/news is being written to by process {first.pid} "
            )
            assert second.err.count("\n") == 1
    finally:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=60)


def test_ctrl_c_ends_a_crawl_with_the_collection_closed_in_order(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    newsroom.outlet_files(tmp_path / "outlets")
    crawl = start("crawl", "harbour-courier", "--delay", "0.3", cwd=tmp_path)
    _until(lambda: _archived(tmp_path))
    time.sleep(1)
    crawl.send_signal(signal.SIGINT)
    out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 130
    assert b"Traceback" not in err
    assert b"warning: stopped; what was done until then is kept" in err
    assert b"article" in out.splitlines()[-1]
    archive = tmp_path / "collections/news/archive"
    assert [path.suffix for path in archive.iterdir()] == [".gz"]
    verified = tearsheet("verify", "collections/news", cwd=tmp_path)
    assert (verified.status, "every byte is what it says" in verified.out) == (0, True)
    again = tearsheet("crawl", "harbour-courier", cwd=tmp_path)
    assert "repaired" not in again.err
    assert len(newsroom.slugs("harbour-courier")) <= len(
        list((tmp_path / "collections/news/text").glob("*.txt"))
    )


def _archived(folder: Path) -> bool:
    return any((folder / "collections/news/archive").glob("*.open"))


def _until(happened: object) -> None:
    end = time.monotonic() + 30
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("json_option", [["--json"], []])
def test_a_reader_who_leaves_ends_the_command_without_a_word(
    json_option: list[str], newsroom: NewsroomServer, tmp_path: Path
) -> None:
    """As in `tearsheet crawl ... | head -1`; people's lines go to the same pipe with `2>&1`."""
    newsroom.outlet_files(tmp_path / "outlets")
    errors = subprocess.PIPE if json_option else subprocess.STDOUT
    crawl = start("crawl", "harbour-courier", *json_option, cwd=tmp_path, stderr=errors)
    assert crawl.stdout is not None
    first = crawl.stdout.readline()
    crawl.stdout.close()
    assert crawl.wait(timeout=60) == 1
    if json_option:
        assert json.loads(first)["url"].startswith("http")
        assert crawl.stderr is not None
        with crawl.stderr:
            assert all(line.startswith((b"failed: ", b"note: ")) for line in crawl.stderr)
    assert tearsheet("verify", "collections/news", cwd=tmp_path).status == 0
    assert (tmp_path / "collections/news/.lock").read_text() == ""


def test_a_list_whose_reader_leaves_ends_without_a_word(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    listing = start("outlets", "list", cwd=tmp_path, stdout=writing)
    os.close(writing)
    _, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (1, b"")


class _Hostile(BaseHTTPRequestHandler):
    """A page whose headline and description would clear the terminal and rename its window."""

    def do_GET(self) -> None:
        text = "The council met on Monday and agreed on the plan for the harbour, the clerk said. " * 8
        page = (
            "<html lang=en><title>Plain \x1b[2J\x1b]0;owned\x07 &#27;[31m\x9b31m title</title><body><article>"
            f"<h1>Plain \x1b[2J\x1b]0;owned\x07 &#27;[31m title</h1><p>{text}</p><p>{text}</p></article></body></html>"
        )
        body = page.encode() if self.path != "/robots.txt" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


def test_a_full_disk_behind_standard_output_is_told_in_a_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start("outlets", "list", cwd=tmp_path, stdout=full, stderr=subprocess.PIPE)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (
        told
        == b"tearsheet: standard output can't be written: No space left on device; free some space there\n"
    )


def test_escape_codes_in_a_headline_reach_neither_the_terminal_nor_a_pipe(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), _Hostile) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/2026/11/15/a-plain-story"
        piped = tearsheet("scrape", url, cwd=tmp_path)
        onto = tearsheet("scrape", url, cwd=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
        rows = tearsheet("scrape", url, "--json", cwd=tmp_path)
        server.shutdown()
        thread.join()
    for done in (piped, onto, rows):
        assert done.status == 0
        for sign in ("\x1b[2J", "\x1b]", "\x07", "\x9b", "\x1b[31m"):
            assert sign not in done.out + done.err
    assert "Plain" in piped.out
    assert "\x1b" not in piped.out
