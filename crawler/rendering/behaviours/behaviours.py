"""What is done to a page before its markup is taken, so that all of the article is there."""

from __future__ import annotations

import asyncio
import time
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib.resources import files

import orjson

from crawler.rendering.behaviours.autoconsent import opt_out
from crawler.rendering.behaviours.worlds import World

_MOST_PRESSED = 20  # "read more" controls; a list of comments has hundreds
_MOST_SCREENS = 60  # as far as an infinite page is followed
_ANSWERS_WITHIN = 2.0


async def close_known_banner(
    worlds: Sequence[World], seconds: float, quiet: asyncio.Future[None]
) -> str | None:
    """Close a consent banner of a known maker, with "no", if one comes before the page is `quiet`; returns how, or
    None if there is none."""
    rule = await opt_out(worlds, seconds, quiet)
    return rule and f"by autoconsent's rule {rule}"


async def close_banner(worlds: Sequence[World], seconds: float) -> str | None:
    """Close what asks for consent, by what its buttons say: no where there is a no, else yes."""
    for world in worlds:
        if pressed := await world.run(f"{_script()}.consent()", seconds=seconds):
            return f'by its button "{pressed}"'
    return None


async def expand(world: World, seconds: float) -> None:
    """Press "read more" and the like, within bounds."""
    await world.run(f"{_script()}.expand({_MOST_PRESSED})", seconds=seconds)


async def scroll(world: World, seconds: float, calm: Callable[[], Awaitable[None]]) -> None:
    """Go down the page screen by screen, so that what loads lazily does, and back.

    At its end the page has until it is `calm` to grow; then that is followed, too.
    """
    ends = time.monotonic() + seconds
    left = _MOST_SCREENS
    while left > 0 and (rest := ends - time.monotonic()) > 0:
        went = await world.run(f"{_script()}.down({left}, {rest})", seconds=rest + 2)
        if not went:
            break
        left -= went
        await calm()
    await world.run(f"{_script()}.up()", seconds=_ANSWERS_WITHIN)


@cache
def _script() -> str:
    """An expression for an object with the behaviours."""
    room = files(__package__)
    languages = tomllib.loads(room.joinpath("words.toml").read_text("utf-8"))
    words = {name: [phrase for one in table.values() for phrase in one] for name, table in languages.items()}
    return f"({room.joinpath('page.js').read_text('utf-8').strip()})({orjson.dumps(words).decode()})"
