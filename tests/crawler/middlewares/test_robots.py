from __future__ import annotations

from pathlib import Path

from tests.crawler.crawls import crawl
from tests.origin.oddities import plain, scripts
from tests.origin.server import Answer, Asked, Origin, Wait

_OURS = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.PatientRobots": 100,
}


def test_no_request_slips_through_while_robots_txt_is_being_fetched(tmp_path: Path) -> None:
    everything = scripts()
    everything["/robots.txt"] = Answer((Wait(0.3), *_steps(everything["/robots.txt"])))
    everything["*"] = Answer((plain(),))
    with Origin(everything) as origin:
        asked = [origin.url(f"/private/{number}") for number in range(8)] + [origin.url("/public")]
        crawled = crawl(
            tmp_path,
            asked,
            ROBOTSTXT_OBEY=True,
            CONCURRENT_REQUESTS_PER_DOMAIN=16,
            DOWNLOADER_MIDDLEWARES=_OURS,
        )
    assert [served.path for served in origin.served] == ["/robots.txt", "/public"]
    refused = [row["asked"] for row in crawled.rows if "error" in row]
    assert sorted(refused) == asked[:-1]


def test_a_host_without_robots_txt_is_open(tmp_path: Path) -> None:
    def missing(_: Asked) -> Answer:
        return Answer((Wait(0.3), plain(b"no such file", status=b"404 Not Found")))

    with Origin({"/robots.txt": missing, "*": Answer((plain(),))}) as origin:
        asked = [origin.url(f"/page/{number}") for number in range(4)]
        crawled = crawl(tmp_path, asked, ROBOTSTXT_OBEY=True, DOWNLOADER_MIDDLEWARES=_OURS)
    assert sorted(row["asked"] for row in crawled.rows if row.get("status") == 200) == asked


def test_a_host_whose_robots_txt_fails_is_closed(tmp_path: Path) -> None:
    failing = Answer((plain(b"User-agent: *\nAllow: /", status=b"503 Service Unavailable"),))
    with Origin({"/robots.txt": failing, "*": Answer((plain(),))}) as origin:
        asked = [origin.url(f"/page/{number}") for number in range(3)]
        crawled = crawl(tmp_path, asked, ROBOTSTXT_OBEY=True, DOWNLOADER_MIDDLEWARES=_OURS)
    assert [served.path for served in origin.served] == ["/robots.txt"]
    assert sorted(row["asked"] for row in crawled.rows if "status" not in row) == asked


def test_a_host_whose_robots_txt_never_comes_is_closed(tmp_path: Path) -> None:
    silent = Answer((Wait(6),), ending="close")
    with Origin({"/robots.txt": silent, "*": Answer((plain(),))}) as origin:
        crawled = crawl(
            tmp_path,
            [origin.url("/page")],
            ROBOTSTXT_OBEY=True,
            DOWNLOADER_MIDDLEWARES=_OURS,
            DOWNLOAD_TIMEOUT=2,
            LOG_LEVEL="CRITICAL",  # Scrapy logs the error with its traceback
        )
    assert [(row["asked"], "status" in row) for row in crawled.rows] == [(origin.url("/page"), False)]
    assert [served.path for served in origin.served] == ["/robots.txt"]


def test_an_error_page_in_place_of_robots_txt_has_no_rules(tmp_path: Path) -> None:
    missing = Answer((plain(b"User-agent: *\nDisallow: /", status=b"404 Not Found"),))
    with Origin({"/robots.txt": missing, "*": Answer((plain(),))}) as origin:
        crawled = crawl(tmp_path, [origin.url("/page")], ROBOTSTXT_OBEY=True, DOWNLOADER_MIDDLEWARES=_OURS)
    assert [row["status"] for row in crawled.rows] == [200]


def _steps(script: object) -> tuple[bytes | Wait, ...]:
    assert isinstance(script, Answer)
    return script.steps
