"""Serves the outlets of the week, each on an address of its own, at a moment that the test chooses."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from crawler.demo.desk import Desk
from crawler.demo.site import Reply
from tests.week.outlet import FEED, SITEMAP, WeekOutlet
from tests.week.stories import START

_NOBODY = Reply(200, "text/html", b"<h1>Inside</h1>")


@dataclass(frozen=True, slots=True)
class Access:
    """One request that was answered.

    moment  of the week
    wall    seconds of this machine's monotonic clock
    target  path and query, as sent
    page    the URL without marks of campaigns
    """

    moment: datetime
    wall: float
    outlet: str
    url: str
    target: str
    status: int

    @property
    def page(self) -> str:
        return self.url.partition("?utm_")[0]


class WeekServer:
    """The outlets, for as long as the context lasts. `now` is the moment of the week that they answer for.

    Beside them there is a trap: a server that no outlet file names, of which `trapped` tells the requests.
    """

    def __init__(self, outlets: Sequence[WeekOutlet]) -> None:
        self.now = START
        self.log: list[Access] = []
        self.outlets = {outlet.name: outlet for outlet in outlets}
        self.trapped: list[str] = []
        with ExitStack() as opened:
            trap = Desk(0, lambda _: _NOBODY, lambda _, target, __: self.trapped.append(target), "127.0.9.1")
            self._desks = [opened.enter_context(trap)]
            for number, outlet in enumerate(outlets, 10):
                answer, record = partial(self._answer, outlet), partial(self._record, outlet)
                desk = opened.enter_context(Desk(0, answer, record, f"127.0.9.{number}"))
                outlet.base_url = f"http://127.0.9.{number}:{desk.server_port}"
                if hasattr(outlet, "trap_url"):
                    outlet.trap_url = f"http://127.0.9.1:{trap.server_port}"
                self._desks.append(desk)
            self._closing = opened.pop_all()

    def __enter__(self) -> Self:
        for desk in self._desks:
            desk.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def outlet_files(self, folder: Path, delay: float = 0) -> None:
        """Write an outlet file for each into `folder`."""
        folder.mkdir(parents=True)
        for outlet in self.outlets.values():
            text = outlet_file(outlet, delay)
            (folder / f"{outlet.name}.toml").write_text(text, encoding="utf-8")

    def _answer(self, outlet: WeekOutlet, target: str) -> Reply:
        return outlet.answer(target, self.now)

    def _record(self, outlet: WeekOutlet, _method: str, target: str, status: int) -> None:
        url = outlet.base_url + target
        self.log.append(Access(self.now, time.monotonic(), outlet.name, url, target, status))


def outlet_file(outlet: WeekOutlet, delay: float) -> str:
    """A `[[outlet]]` table with the outlet's sources."""

    def urls(paths: Iterable[str]) -> str:
        return json.dumps([outlet.base_url + path for path in paths])

    feeds = [path for path in outlet.sources if path == FEED or outlet.name == "loops"]
    sections = [path for path in outlet.sources if path not in (*feeds, SITEMAP)]
    return (
        f'[[outlet]]\nname = "{outlet.name}"\ntitle = "{outlet.title}"\n'
        f'domains = ["{outlet.base_url.removeprefix("http://")}"]\nlanguages = ["{outlet.language}"]\n'
        f"feeds = {urls(feeds)}\nsections = {urls(sections)}\n"
        f"news_sitemaps = {urls(path for path in outlet.sources if path == SITEMAP)}\n"
        f"delay = {delay}\nchecked = false\n"
    )
