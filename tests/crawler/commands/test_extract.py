from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet
from tests.crawler.commands.test_scrape import FIELDS


@pytest.fixture(scope="module")
def newsroom() -> NewsroomServer:
    with NewsroomServer() as server:
        return server  # its pages are read from it, not fetched


def save(newsroom: NewsroomServer, outlet: str, slug: str, file: Path) -> str:
    url = newsroom.expected(slug).url
    file.write_bytes(newsroom.reply(outlet, url.removeprefix(newsroom.base_urls[outlet])).body)
    return url


def test_without_url_a_page_is_taken_for_what_its_canonical_link_says(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    url = save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    done = tearsheet("extract", "page.html", "--json", cwd=tmp_path)
    (row,) = done.rows
    assert (done.status, done.err) == (0, "")
    assert list(row) == [*FIELDS, "file"]
    assert (row["url"], row["canonical_url"], row["file"]) == (url, url, "page.html")
    assert (row["captures"], row["text_file"], row["source"]) == ([], None, None)
    assert row["headline"] == newsroom.expected("tram-line-seven").headline


def test_the_address_given_goes_before_the_canonical_one(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    url = "https://www.example.org/2026/11/a-story"
    (row,) = tearsheet("extract", "page.html", "--url", url, "--json", cwd=tmp_path).rows
    assert row["url"] == url


def test_rows_come_in_the_order_of_the_files_whatever_fails(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "a.html")
    save(newsroom, "al-marfa", "clay-filter", tmp_path / "d.html")
    (tmp_path / "b.html").write_text("<p>Too little.")
    (tmp_path / "c.bin").write_bytes(bytes(range(256)) * 40)
    names = ["a.html", "b.html", "c.bin", "missing.html", ".", "d.html"]
    done = tearsheet("extract", *names, "--json", cwd=tmp_path)
    assert done.status == 1
    assert [row["file"] for row in done.rows] == names
    assert done.failures["b.html"].startswith("no article here: ")
    assert done.failures["c.bin"].startswith("the body is binary data")
    assert done.failures["missing.html"] == "can't be read (No such file or directory); check the path"
    assert done.failures["."] == "can't be read (Is a directory); check the path"
    assert done.err.splitlines() == [f"failed: {name}: {why}" for name, why in done.failures.items()]


def test_a_page_without_an_article_is_one_sentence_and_1(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<title>Nothing</title><p>Nothing here.")
    done = tearsheet("extract", "page.html", cwd=tmp_path)
    assert (done.status, done.out) == (1, "0 articles, 1 failed\n")
    assert done.err.startswith("failed: page.html: no article here: ")
    assert done.err.count("\n") == 1


def test_nothing_is_stored(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    done = tearsheet("extract", "page.html", cwd=tmp_path)
    assert done.out.splitlines()[-1] == "1 article"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a collection: two stories in English, one in Arabic, a page without an article."""
    folder = tmp_path_factory.mktemp("crawled")
    with NewsroomServer() as newsroom:
        slugs = ("tram-line-seven", "clay-filter", "island-clinic")
        urls = [newsroom.expected(slug).url for slug in slugs]
        front = newsroom.base_urls["harbour-courier"] + "/"
        tearsheet("scrape", *urls, front, "--delay", "0", "--concurrency", "1", cwd=folder)
    (folder / "urls.txt").write_text("\n".join([*urls, front]))
    return folder


def story_urls(folder: Path) -> list[str]:
    return (folder / "urls.txt").read_text().splitlines()


def test_a_warc_file_gives_the_articles_that_a_crawl_of_its_pages_gives(crawled: Path) -> None:
    (warc,) = (crawled / "collections/news/archive").iterdir()
    done = tearsheet("extract", warc.relative_to(crawled), "--json", cwd=crawled)
    front = story_urls(crawled)[3]
    assert done.status == 0
    assert done.err.startswith(f"note: {front}: The page is a list of others: ")
    rows = {row["url"]: row for row in done.articles}
    assert set(rows) == set(story_urls(crawled)[:3])
    for text in (crawled / "collections/news/text").glob("*.json"):
        stored = json.loads(text.read_bytes())
        assert stored == {key: rows[stored["url"]][key] for key in stored}


def test_url_names_the_page_of_a_warc_file(crawled: Path) -> None:
    (warc,) = (crawled / "collections/news/archive").iterdir()
    url = story_urls(crawled)[0]
    done = tearsheet("extract", warc, "--url", url, "--explain", "--json", cwd=crawled)
    (row,) = done.rows
    assert (done.status, done.err, row["url"]) == (0, "", url)
    assert "\n\n".join(line["text"] for line in row["lines"] if line["verdict"] == "kept") == row["body"]
    missing = tearsheet("extract", warc, "--url", "https://a.example/", cwd=crawled)
    assert missing.status == 1
    assert missing.err.startswith(
        f"failed: {warc}: there is no capture of https://a.example/ among its 4 pages"
    )


def test_explain_takes_pages_of_a_collection_by_address_and_by_text(crawled: Path) -> None:
    url = story_urls(crawled)[1]
    by_url = tearsheet("extract", "-c", "news", url, "--explain", cwd=crawled)
    assert (by_url.status, by_url.err) == (0, "")
    assert by_url.out.splitlines()[0] == url
    (text,) = [file for file in (crawled / "collections/news/text").glob("*.json") if url in file.read_text()]
    for name in (text.relative_to(crawled), text.stem.partition("_")[0]):
        assert tearsheet("extract", "-c", "news", name, "--explain", cwd=crawled).out == by_url.out


def test_explaining_why_a_page_is_no_article_is_no_failure(crawled: Path) -> None:
    done = tearsheet("extract", "-c", "news", story_urls(crawled)[3], "--explain", cwd=crawled)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[2].startswith("no article (section): ")


def test_what_a_collection_does_not_hold_is_named(crawled: Path) -> None:
    names = ["https://a.example/b", "https://a.example/000", "999", "no-address"]
    done = tearsheet("extract", "-c", "news", *names, "--explain", "--json", cwd=crawled)
    assert done.status == 1
    assert list(done.failures) == names
    assert done.failures[names[0]].startswith("collections/news holds no such page; ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["https://a.example/"], "name its collection with -c"),
        (
            ["-c", "news", "https://a.example/", "--url", "https://a.example/"],
            "write the URL in place of FILE",
        ),
        (["a.html", "b.html", "--url", "https://a.example/"], "name one FILE with it"),
    ],
)
def test_what_can_t_be_meant_is_wrong_usage(arguments: list[str], sentence: str, crawled: Path) -> None:
    done = tearsheet("extract", *arguments, cwd=crawled)
    assert done.status == 2
    assert sentence in " ".join(done.err.replace("│", " ").split())
