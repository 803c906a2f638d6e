from __future__ import annotations

from pathlib import Path

from tests.crawler.crawls import crawl
from tests.origin.oddities import plain
from tests.origin.server import Answer, Origin

_BUSY_AT_THE_END = """
import time
from pydispatch import dispatcher
from scrapy import signals

def stall():
    time.sleep(1.5)

dispatcher.connect(stall, signal=signals.engine_stopped)
"""


def test_a_crawl_whose_process_stalls_while_connections_are_closed_ends_without_an_error(
    tmp_path: Path,
) -> None:
    with Origin({"*": Answer((plain(),))}) as origin:
        done = crawl(tmp_path, [origin.url("/a")], prelude=_BUSY_AT_THE_END)
    assert done.row(origin.url("/a"))["status"] == 200
    assert done.log == ""
