"""WACZ files and collections in the programs of others."""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.spool import Spool
from archive.wacz.export import export_wacz
from archive.wacz.reader import read_members
from archive.warc.captures import read_captures
from archive.warc.http import entity_pieces, parse_head
from archive.warc.writer import Rotation
from tests.archive.sample_collections import article, reading
from tests.origin.oddities import INTERIM, WHOLE
from tests.origin.server import Answer, Asked
from tests.programs import program, wayback

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

_SITE = "http://www.desk.example"
_PYWB_OWN_WAYS = {
    ("response", "/chunked-odd"),  # it does not undo chunks with extensions, and gives the framed bytes
    ("revisit", "/chunked-odd"),
    ("response", "/loop"),  # it leaves out a redirect that leads to itself
    ("revisit", "/loop"),
    (
        "revisit",
        "/moved",
    ),  # it gives a redirect that was found unchanged without the body that no browser shows
    ("revisit", "/found"),
}
_BEGAN = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every odd answer, fetched twice, in several files; the pages have texts."""
    folder = tmp_path_factory.mktemp("interop") / "collections"
    began = _BEGAN
    with CollectionWriter(folder, "news", rotation=Rotation(size=12_000)) as writer:
        for path, script in [*WHOLE.items(), *WHOLE.items()]:
            began += timedelta(seconds=1)
            answer = (
                script if isinstance(script, Answer) else script(Asked(b"", path, 0, "http://desk.example"))
            )
            response = b"".join(step for step in answer.steps if isinstance(step, bytes))
            response = response[INTERIM.get(path, 0) :]
            request = f"GET {path} HTTP/1.1\r\nHost: www.desk.example\r\n\r\n".encode()
            with Spool(response) as sent:
                capture = writer.record(Exchange(_SITE + path, request, sent, began, "192.0.2.1"))
            if capture.wants_text:
                writer.expect(capture)
                if capture.record_type == "response":
                    writer.settle(capture.number, article(path.strip("/")))
    return folder


@pytest.fixture(scope="module")
def wacz(collections: Path) -> Path:
    target = collections.parent / "news.wacz"
    with reading(collections) as collection:
        export_wacz(collection, target)
    return target


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, cwd=cwd, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def entities(collections: Path) -> list[tuple[Capture, bytes]]:
    """The captures that have an entity of their own or one that they refer to, with its bytes."""
    found = []
    with reading(collections) as collection:
        for capture in collection.captures():
            with collection.read_response(capture) as block:
                head = parse_head(block.peek(1 << 20))
                found.append((capture, b"".join(entity_pieces(head, block.pieces(head.length)))))
    return found


def test_wacz_validate_finds_nothing_wrong(wacz: Path, tmp_path: Path) -> None:
    said = run(program("wacz"), "validate", "-f", wacz, cwd=tmp_path)
    assert "Validation succeeded, the passed WACZ is valid" in said
    assert "1.1.1" in said


def test_a_wacz_of_py_wacz_is_read(collections: Path, tmp_path: Path) -> None:
    warcs = sorted((collections / "news/archive").iterdir())
    run(program("wacz"), "create", "-o", tmp_path / "theirs.wacz", *warcs, cwd=tmp_path)
    members = read_members(tmp_path / "theirs.wacz", pytest.fail)
    assert [member.name for member in members] == [warc.name for warc in warcs]
    for member, warc in zip(members, warcs, strict=True):
        assert b"".join(member.pieces()) == warc.read_bytes()
        read = []
        for capture, block in read_captures(member.path, pytest.fail, opener=lambda _, of=member: of.open()):
            block.close()
            read.append(capture.record_id)
        assert read


def replayed(address: str, capture: Capture) -> tuple[int, bytes]:
    """Status and payload of a capture as pywb gives it, not rewritten."""
    url = f"{address}/news/{capture.date:%Y%m%d%H%M%S}id_/{capture.url}"
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, deflate, br"})  # else pywb decodes
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def different(address: str, collections: Path) -> set[tuple[str, str]]:
    """Record type and path of the captures that pywb gives with another status or payload than they have."""
    return {
        (capture.record_type, capture.url.removeprefix(_SITE))
        for capture, entity in entities(collections)
        if replayed(address, capture) != (capture.status, entity)
    }


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def test_pywb_serves_a_collection_as_it_lies_there(collections: Path, tmp_path: Path) -> None:
    shutil.copytree(collections, tmp_path / "collections")
    with wayback(tmp_path) as address:
        assert different(address, collections) == _PYWB_OWN_WAYS


def test_pywb_takes_the_wacz_over(collections: Path, wacz: Path, tmp_path: Path) -> None:
    run(program("wb-manager"), "init", "news", cwd=tmp_path)
    run(program("wb-manager"), "add", "--unpack-wacz", "news", wacz, cwd=tmp_path)
    with wayback(tmp_path) as address:
        assert different(address, collections) == _PYWB_OWN_WAYS
