"""Serves the newsroom on loopback: one port an outlet, HTTP/1.1 with keep-alive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from crawler.demo.desk import LOOPBACK, Desk
from crawler.demo.edition import Edition, ExpectedArticle
from crawler.demo.newsroom import FIRST_EDITION, Newsroom
from crawler.demo.outlet_files import outlet_file
from crawler.demo.site import Reply, site

_MISSING = Reply(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is no such page.\n")


@dataclass(frozen=True, slots=True)
class Access:
    """One request that was answered."""

    method: str
    url: str
    status: int


@dataclass(frozen=True, slots=True)
class ServedOutlet:
    """An outlet and where it is served; `base_url` has no slash at the end."""

    name: str
    title: str
    base_url: str


class NewsroomServer:
    """The outlets of the newsroom, each on a port of 127.0.0.1, for as long as the context lasts.

    The ports are bound when the object is made and served from when the context is entered. `ports` gives
    one an outlet; 0 takes any that is free. Raises ValueError for another count of them, OSError for one
    that can't be bound.

    Setting `edition` changes what is served from the next request on.
    """

    def __init__(self, ports: tuple[int, ...] = (0, 0, 0), edition: int = FIRST_EDITION) -> None:
        self.newsroom = Newsroom.load()
        self.edition = edition
        self.access_log: list[Access] = []
        if len(ports) != len(self.newsroom.outlets):
            raise ValueError(
                f"{len(ports)} ports for {len(self.newsroom.outlets)} outlets; give one port for each"
            )
        with ExitStack() as opened:
            self._desks = [
                opened.enter_context(
                    Desk(port, partial(self.reply, outlet.name), partial(self._record, outlet.name))
                )
                for outlet, port in zip(self.newsroom.outlets, ports, strict=True)
            ]
            self._closing = opened.pop_all()
        self.base_urls = {
            outlet.name: f"http://{LOOPBACK}:{desk.server_port}"
            for outlet, desk in zip(self.newsroom.outlets, self._desks, strict=True)
        }
        self._replies = lru_cache(maxsize=None)(self._build)

    @property
    def outlets(self) -> tuple[ServedOutlet, ...]:
        return tuple(
            ServedOutlet(outlet.name, outlet.title, self.base_urls[outlet.name])
            for outlet in self.newsroom.outlets
        )

    def __enter__(self) -> Self:
        for desk in self._desks:
            desk.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, end open connections and free the ports."""
        self._closing.close()

    def expected(self, slug: str, edition: int | None = None) -> ExpectedArticle:
        """What a correct extraction of the story's page gives in `edition`, by default the one being served.

        Raises KeyError for a slug that names no story of that edition.
        """
        for view in self._views(self.edition if edition is None else edition):
            for story in view.stories:
                if story.slug == slug:
                    return view.expected(story)
        raise KeyError(slug)

    def slugs(self, outlet: str, edition: int | None = None) -> tuple[str, ...]:
        """The stories that an outlet has out in `edition`, newest first."""
        number = self.edition if edition is None else edition
        return tuple(story.slug for story in self.newsroom.outlet(outlet).in_edition(number))

    def outlet_files(self, folder: Path) -> list[Path]:
        """Write an outlet file for each outlet into `folder`, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for outlet in self.newsroom.outlets:
            path = folder / f"{outlet.name}.toml"
            path.write_text(outlet_file(outlet, self.base_urls[outlet.name]), encoding="utf-8")
            paths.append(path)
        return paths

    def reply(self, outlet: str, path: str) -> Reply:
        """What `outlet` answers on the percent-encoded `path`, whose query is left aside."""
        replies = self._replies(outlet, self.edition)
        return replies.get(unquote(path.partition("?")[0])) or _MISSING

    def _record(self, outlet: str, method: str, path: str, status: int) -> None:
        self.access_log.append(Access(method, self.base_urls[outlet] + path, status))

    def _build(self, outlet: str, edition: int) -> dict[str, Reply]:
        return site(Edition(self.newsroom, self.newsroom.outlet(outlet), self.base_urls, edition))

    def _views(self, edition: int) -> Iterator[Edition]:
        for outlet in self.newsroom.outlets:
            yield Edition(self.newsroom, outlet, self.base_urls, edition)
