from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.errors import CollectionError
from archive.known import Known
from archive.rendered import RenderedPage
from archive.spool import Spool
from archive.verification.findings import Tally
from archive.verification.references import References
from archive.verification.warcs import verify_warc
from archive.warc.captures import read_captures
from archive.warc.reader import read_records
from archive.warc.record import Record
from archive.warc.renderings import write_rendering
from archive.warc.writer import Rotation, WarcWriter
from tests.archive.rendered_pages import SHELL, Browser, rendered, story_html, with_pictures
from tests.archive.sample_collections import START, url


class _Nothing(Known):
    def __init__(self) -> None:
        """A collection that holds nothing."""
        self._urls = set()


def write(folder: Path, *pages: RenderedPage, rotation: Rotation | None = None) -> list[Capture]:
    writer = WarcWriter(folder, rotation=rotation or Rotation())
    written: list[Capture] = []
    for page in pages:
        write_rendering(writer, page, START, len(written) + 1, _Nothing(), written.append)
    writer.close()
    return written


def records(folder: Path) -> list[Record]:
    found = []
    for file in sorted(folder.iterdir()):
        for record in read_records(file, _raise):
            record.end()
            found.append(record)
    return [record for record in found if record.type != "warcinfo"]


def _raise(damage: Exception) -> None:
    raise damage


def test_what_the_browser_made_are_resource_records_that_name_the_document(tmp_path: Path) -> None:
    write(tmp_path, with_pictures(rendered("a")))
    request, response, *_, dom, screenshot, pdf = records(tmp_path)
    assert [(each.target_uri, each.content_type) for each in (dom, screenshot, pdf)] == [
        (f"urn:dom:{url('a')}", "text/html; charset=utf-8"),
        (f"urn:fullPage:{url('a')}", "image/png"),
        (f"urn:pdf:{url('a')}", "application/pdf"),
    ]
    for each in (dom, screenshot, pdf):
        assert each.type == "resource"
        assert each.get_all("WARC-Concurrent-To") == [response.record_id]
        assert (each.date, each.get("WARC-Page-ID")) == (response.date, response.get("WARC-Page-ID"))
    assert request.get("WARC-Page-Record") == dom.record_id


def test_everything_that_was_fetched_names_the_record_with_the_text(tmp_path: Path) -> None:
    captures = write(tmp_path, rendered("a"))
    *exchanges, dom = records(tmp_path)
    assert {each.get("WARC-Page-Record") for each in exchanges} == {dom.record_id}
    assert [(capture.rendering, capture.wants_text) for capture in captures] == [
        *[("part", False)] * 4,
        ("dom", True),
    ]


def test_without_a_dom_the_document_is_a_page_as_any_other_and_frames_are_none(tmp_path: Path) -> None:
    captures = write(tmp_path, rendered("a", dom=""))
    document, *others = captures
    assert (document.rendering, document.wants_text) == (None, True)
    assert {capture.wants_text for capture in others} == {False}
    responses = [record for record in records(tmp_path) if record.type == "response"]
    assert [each.get("WARC-Page-Record") for each in responses] == [None, *[responses[0].record_id] * 3]


def test_captures_read_back_are_those_that_were_written(tmp_path: Path) -> None:
    browser = Browser()
    browser.fetch("c", SHELL, status="404 Not Found")
    pages = (with_pictures(rendered("a")), rendered("b", dom=""), browser.page("c", story_html("c")))
    captures = write(tmp_path, *pages)
    (file,) = tmp_path.iterdir()
    read = []
    for number, (capture, block) in enumerate(read_captures(file, _raise), 1):
        block.close()
        object.__setattr__(capture, "number", number)
        read.append(capture)
    assert read == captures


def test_a_rendering_is_in_one_file_however_large_it_is(tmp_path: Path) -> None:
    first, second = rendered("a"), with_pictures(rendered("b"))
    captures = write(tmp_path, first, second, rotation=Rotation(size=2_000))
    files = [capture.warc for capture in captures]
    assert len(set(files[:5])) == len(set(files[5:])) == 1
    assert files[0] != files[5]


def test_a_rendering_that_can_t_be_written_leaves_nothing(tmp_path: Path) -> None:
    broken = rendered("a")
    *others, last = broken.exchanges
    broken = replace(
        broken, exchanges=(*others, replace(last, response=_FullDisk(b"HTTP/1.1 200 OK\r\n\r\n")))
    )
    writer = WarcWriter(tmp_path)
    with pytest.raises(CollectionError):
        write_rendering(writer, broken, START, 1, _Nothing(), lambda _capture: None)
    write_rendering(writer, rendered("b"), START, 1, _Nothing(), lambda _capture: None)
    writer.close()
    assert {record.get("WARC-Page-ID") for record in records(tmp_path)} == {Browser.page_id}
    assert url("a") not in {record.target_uri for record in records(tmp_path)}


class _FullDisk(Spool):
    __slots__ = ()

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        raise CollectionError(f"the disk is full at {start}")


def test_verification_finds_nothing_wrong(tmp_path: Path) -> None:
    write(tmp_path, with_pictures(rendered("a")), rendered("b"))
    (file,) = tmp_path.iterdir()
    with References(complete=True) as references:
        assert list(verify_warc(file, Tally(), references)) == []
        assert list(references.findings()) == []


def test_warcat_finds_nothing_wrong(tmp_path: Path) -> None:
    write(tmp_path, with_pictures(rendered("a")), rendered("b"))
    (file,) = tmp_path.iterdir()
    command = [sys.executable, "-W", "ignore", "-m", "warcat", "verify", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
