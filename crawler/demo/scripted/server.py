"""Serves the outlet whose pages scripts make, on two ports of loopback: its own, and one for frames."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from crawler.demo.desk import LOOPBACK, Desk
from crawler.demo.newsroom import Newsroom, Story
from crawler.demo.scripted.site import Site
from crawler.demo.server import Access
from crawler.demo.site import Reply

NAME = "tidewire"


class ScriptedServer:
    """The outlet, for as long as the context lasts. What it is asked for is in `access_log`, in order."""

    def __init__(self) -> None:
        self.access_log: list[Access] = []
        self._closing = ExitStack()
        self._desks = [self._desk(own=True), self._desk(own=False)]
        # Another name for the same machine: to a browser the frames are of another site, in a process of their own.
        own, other = (
            f"http://{host}:{desk.server_port}"
            for host, desk in zip((LOOPBACK, "localhost"), self._desks, strict=True)
        )
        self.site = Site(own, other)

    def __enter__(self) -> Self:
        for desk in self._desks:
            desk.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def story(self, slug: str) -> Story:
        """What a page of it holds once it is whole."""
        return Newsroom.load().story(slug)

    def outlet_file(self, folder: Path, *keys: str, feed: bool = True) -> Path:
        """Write an outlet file into `folder`, which is made if need be; `keys` are further lines of it."""
        folder.mkdir(parents=True, exist_ok=True)
        own, other = (url.removeprefix("http://") for url in (self.site.base_url, self.site.other_url))
        source = (
            f'feeds = ["{self.site.base_url}/feed.xml"]'
            if feed
            else f'sections = ["{self.site.base_url}/stories/"]'
        )
        lines = [
            "[[outlet]]",
            f'name = "{NAME}"',
            'title = "Tidewire"',
            f'domains = ["{own}"]',
            f'extra_hosts = ["{other}"]',
            source,
            "article_patterns = ['^/story/']",
            "delay = 0.0",
            *keys,
        ]
        path = folder / f"{NAME}.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def _desk(self, *, own: bool) -> Desk:
        def answer(path: str) -> Reply:
            return self.site.reply(path) if own else self.site.other_reply(path)

        def record(method: str, path: str, status: int) -> None:
            base = self.site.base_url if own else self.site.other_url
            self.access_log.append(Access(method, base + path, status))

        return self._closing.enter_context(Desk(0, answer, record))
