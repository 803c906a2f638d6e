from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.serving.replay.address import SANDBOX, replay_url
from crawler.serving.replay.app import replay_app
from tests.archive.access.samples import SITE, indexed
from tests.archive.sample_collections import START
from tests.crawler.serving.origins import Origin, Said, served

APP = "http://127.0.0.1:8400"


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("replay") / "collections")


@pytest.fixture(scope="module")
def without(collections: Path) -> Iterator[Origin]:
    """A server without the files of replayweb.page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEARSHEET_REPLAY", str(collections / "nothing"))
        app = replay_app(collections, APP, names=["tunnel.example"])
    with served(app) as origin:
        yield origin


@pytest.fixture
def equipped(collections: Path, replay_files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Origin]:
    monkeypatch.setenv("TEARSHEET_REPLAY", str(replay_files))
    with served(replay_app(collections, APP)) as origin:
        yield origin


def view(origin: Origin, url: str = f"{SITE}/a", collection: str = "news", **headers: str) -> Said:
    return origin.ask(
        replay_url(origin.address, collection, url, START).removeprefix(origin.address), **headers
    )


def policy(said: Said) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in said.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_the_address_of_a_page_holds_its_url_as_one_value() -> None:
    url = "http://x.example/../a?b=c&collection=other#frag\"'<\r\n"
    escaped = "http%3A%2F%2Fx.example%2F..%2Fa%3Fb%3Dc%26collection%3Dother%23frag%22%27%3C%0D%0A"
    assert replay_url("http://h:1", "news", url, START) == (
        f"http://h:1/view?collection=news&time=20260301120000&url={escaped}"
    )


def test_without_the_files_a_page_says_how_to_get_them(without: Origin) -> None:
    said = view(without)
    assert (said.status, "tearsheet serve --get-replay" in said.text) == (200, True)
    assert "<script" not in said.text
    assert without.ask("/replay/sw.js").status == 404


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/view", 400, "collection: it is missing"),
        ("/view?collection=news&time=2026", 400, "url: it is missing"),
        ("/view?collection=news&url=x&time=then", 400, "time: 'then' is no date"),
        ("/view?collection=../news&url=x&time=2026", 404, "can't name a collection"),
        ("/view?collection=other&url=x&time=2026", 404, "is no collection"),
        ("/source/0123/news/2026id_/http://news.example/a", 403, "key: it is not that of this collection"),
        ("/source/%C3%A9/news/2026id_/http://news.example/a", 403, "key: it is not that of this collection"),
        ("/replay/../../etc/passwd", 404, "Not Found"),
        ("/replay/ui.js", 404, "Not Found"),
        ("/news/catalogue.sqlite", 404, "Not Found"),
    ],
)
def test_what_is_not_there_is_not_given(without: Origin, path: str, status: int, sentence: str) -> None:
    said = without.ask(path)
    assert (said.status, sentence in said.text) == (status, True), said.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:80:80", "a b"])
def test_other_names_are_refused_so_that_no_site_can_rebind_its_own(without: Origin, host: str) -> None:
    assert without.ask("/view.css", Host=host).status == 421
    assert view(without, Host="localhost:1").status == view(without, Host="Tunnel.Example").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_nothing_can_be_written(without: Origin, method: str) -> None:
    said = without.ask(f"/news/cdx?url={SITE}/a", method)
    assert (said.status, said.headers["allow"]) == (405, "GET, HEAD")


def test_every_answer_is_guarded(without: Origin) -> None:
    paths = (
        "/view",
        "/view.js",
        "/view.css",
        "/nothing",
        "/news/cdx",
        "/replay/sw.js",
        f"/news/2026id_/{SITE}/a",
    )
    for said in (*map(without.ask, paths), without.ask("/", Host="evil.example"), view(without)):
        assert said.headers["x-content-type-options"] == "nosniff"
        assert said.headers["cross-origin-resource-policy"] == "same-origin"
        assert said.headers["referrer-policy"] == "no-referrer"
        assert "sandbox" in policy(said)
        assert not {"set-cookie", "access-control-allow-origin"} & said.headers.keys()


def test_no_archived_script_becomes_a_service_worker(without: Origin) -> None:
    path = f"/news/2026id_/{SITE}/a"
    assert without.ask(path).status == 200
    said = without.ask(path, Service_Worker="script", Sec_Fetch_Site="same-origin")
    assert (said.status, said.text) == (403, "This is no service worker of this server.\n")


def test_an_archived_page_opens_no_other_one(without: Origin) -> None:
    assert view(without, Sec_Fetch_Site="same-origin").status == 403
    assert (
        view(without, Sec_Fetch_Site="same-site").status == view(without, Sec_Fetch_Site="none").status == 200
    )


def test_a_page_is_shown_in_frames_of_the_app_alone(equipped: Origin) -> None:
    said = view(equipped, url=f'{SITE}/"><script>alert(1)</script>')
    assert said.text.count("<script") == 1
    assert 'data-url="http://news.example/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in said.text
    rules = policy(said)
    assert rules["frame-ancestors"] == APP
    assert rules["sandbox"] == SANDBOX
    assert rules["default-src"] == "'none'"
    assert (
        rules["script-src"] == rules["connect-src"] == rules["frame-src"] == rules["worker-src"] == "'self'"
    )


def test_the_key_of_a_page_opens_its_collection_and_no_other(equipped: Origin) -> None:
    match = re.search(r'data-source="([^"]+)"', view(equipped).text)
    assert match is not None
    source = match[1]
    said = equipped.ask(f"{source}20260301120100id_/{SITE}/a")
    assert (said.status, said.body) == (200, b"two")
    assert equipped.ask(source.replace("/news/", "/other/") + f"2026id_/{SITE}/a").status == 403
    worker = equipped.ask("/replay/sw.js", Service_Worker="script")
    assert (worker.status, worker.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert policy(worker)["default-src"] == "'self'"
