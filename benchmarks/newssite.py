"""A loopback site of generated news pages: cheap to serve, each with a text of its own."""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime

HOST = "127.0.0.1"
_WORDS = """harbour council ferry bridge budget school clinic market railway storm barrier lantern director report
    tuesday autumn decision measure resident builder engineer witness island village season repair contract delay
    survey minister quarter journey""".split()  # noqa: SIM905 - a list of words reads better than of quoted ones
_PARAGRAPHS = 18
_DATE = datetime(2026, 11, 15, tzinfo=UTC)


def page(number: int, size: int, teasers: int = 0) -> bytes:
    """An article of about `size` bytes: a news page's share of text, the rest scripts, styles and lists of links, and
    as many `teasers` of other stories, twelve elements each, as are asked for."""
    chance = random.Random(number)

    def sentence() -> str:
        return f"The {' '.join(chance.choices(_WORDS, k=14))} of number {number} was agreed upon, officials said."

    headline = f"Story {number}: {' '.join(chance.choices(_WORDS, k=6))}"
    paragraphs = "".join(f"<p>{sentence()} {sentence()}</p>\n" for _ in range(_PARAGRAPHS))
    links = "".join(f'<li><a href="/section/{word}">{word}</a></li>' for word in _WORDS)
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>'
        f'<meta property="og:type" content="article"><meta property="article:published_time" '
        f'content="{_DATE.isoformat()}">'
    )
    body = (
        f"</head><body><nav><ul>{links}</ul></nav><article><h1>{headline}</h1>{paragraphs}</article>"
        f"{''.join(_teaser(chance) for _ in range(teasers))}<footer><ul>{links}</ul></footer></body></html>"
    )
    room = max(0, size - len(head) - len(body) - len("<script></script>"))
    filler = "".join(f"var v{n}={chance.random()};" for n in range(room // 24))[:room]
    return f"{head}<script>{filler}</script>{body}".encode()


def _teaser(chance: random.Random) -> str:
    number, title = chance.randrange(10**6), " ".join(chance.choices(_WORDS, k=8))
    link = f"/2026/10/{number}-{'-'.join(title.split()[:3])}.html"
    return (
        f'<div class="teaser item-{number % 5}"><div class="media"><a href="{link}"><picture>'
        f'<img src="/i/{number}.jpg" alt="{title}"></picture></a></div><div class="teaser-text"><span class="label">'
        f'<a href="/section/{number % 9}">{chance.choice(_WORDS)}</a></span><h3><a href="{link}">{title}</a></h3>'
        f'<p>{title} {title}</p><time datetime="2026-10-{number % 28 + 1:02}">{number % 28 + 1} October</time>'
        "</div></div>\n"
    )


def sitemap(port: int, first: int, last: int) -> bytes:
    """A sitemap (sitemaps.org, 0.9) of the pages `first` up to `last`."""
    urls = "".join(f"<url><loc>http://{HOST}:{port}/story/{n}</loc></url>" for n in range(first, last))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def outlet(port: int, sitemaps: int) -> str:
    """The outlet file for the site."""
    listed = ", ".join(f'"http://{HOST}:{port}/sitemap/{n}"' for n in range(sitemaps))
    return (
        f'[[outlet]]\nname = "pages"\ndomains = ["{HOST}:{port}"]\nnews_sitemaps = [{listed}]\n'
        "article_patterns = ['^/story/']\ndelay = 0.0\n"
    )


class Site:
    """Serves `count` pages of `size` bytes over HTTP/1.1 with keep-alive."""

    def __init__(self, count: int, size: int, per_sitemap: int = 1000) -> None:
        self.sitemaps = -(-count // per_sitemap)
        self._count = count
        self._size = size
        self._per_sitemap = per_sitemap
        self._port = 0

    async def serve(self, started: Callable[[int], None]) -> None:
        """Serve until cancelled; `started` is told the port."""
        server = await asyncio.start_server(self._answer, HOST, 0)
        self._port = server.sockets[0].getsockname()[1]
        started(self._port)
        async with server:
            await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                kind, body = self._entity(head.split(b" ", 2)[1].decode())
                status = b"200 OK" if body is not None else b"404 Not Found"
                writer.write(
                    b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
                    % (status, kind, len(body or b""), body or b"")
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    def _entity(self, path: str) -> tuple[bytes, bytes | None]:
        kind, _, number = path.strip("/").partition("/")
        if kind == "story" and number.isdecimal() and int(number) < self._count:
            return b"text/html; charset=utf-8", page(int(number), self._size)
        if kind == "sitemap" and number.isdecimal():
            first = int(number) * self._per_sitemap
            return b"application/xml", sitemap(self._port, first, min(first + self._per_sitemap, self._count))
        return b"text/plain", None


def main() -> None:
    """Serve until killed; prints the port."""
    parser = argparse.ArgumentParser(description="Serve generated news pages on loopback.")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=50_000, help="bytes of a page")
    options = parser.parse_args()
    site = Site(options.pages, options.size)
    asyncio.run(site.serve(lambda port: print(port, site.sitemaps, flush=True)))


if __name__ == "__main__":
    main()
