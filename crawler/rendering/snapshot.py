"""What is kept of a page beside its exchanges: its markup, a picture, a print."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from crawler.rendering.behaviours.worlds import World, wake, worlds
from crawler.rendering.deadline import Deadline
from crawler.rendering.frames import Framing
from crawler.rendering.protocol import ProtocolError, Session
from crawler.rendering.rendering import RenderOptions

_TALLEST = 16_000  # pixels; Chromium's compositor draws no more than 16,384


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page as it is now: markup in UTF-8, a PNG, a PDF, and what is missing, a sentence each."""

    markup: bytes = b""
    picture: bytes | None = None
    printed: bytes | None = None
    notes: tuple[str, ...] = ()


async def take(
    page: Session, frames: Mapping[str, Session], options: RenderOptions, deadline: Deadline
) -> Snapshot | None:
    """None if the page does not answer. `frames` are sessions of frames of their own process by the id of the frame.
    Raises ProtocolError if the page is gone."""
    main = await _reach(page)
    notes: list[str] = []
    text = await _markup(main, Framing(frames, deadline, notes)) if main is not None else None
    if text is None:
        return None
    image = (
        await _within(_picture(page, notes), "screenshot", deadline, notes) if options.screenshot else None
    )
    pdf = await _within(_printed(page), "PDF", deadline, notes) if options.pdf else None
    return Snapshot(text, image, pdf, tuple(notes))


async def _reach(page: Session) -> World | None:
    """The main frame, if need be by ending the script that keeps it from answering."""
    await wake(page)
    return next(iter(await worlds(page)), None)


async def _markup(main: World, framing: Framing) -> bytes | None:
    """The document as it is now, doctype first.

    Open shadow roots are written as declarative ones (`<template shadowrootmode>`, HTML 4.12.3): a browser that
    reads the file builds the same tree, and the content stands in the markup for whoever reads that. Flattened into
    the light tree, which knows no slots, a replay would show it unstyled and twice.
    """
    text = await framing.markup(main)
    return text.encode("utf-8", "replace") if text is not None else None


async def _within(made: Awaitable[bytes], name: str, deadline: Deadline, notes: list[str]) -> bytes | None:
    """A picture that can't be had costs the picture, not the page."""
    try:
        async with asyncio.timeout(deadline.left() * 0.7):
            return await made
    except (ProtocolError, TimeoutError) as error:
        notes.append(f"there is no {name}: {error or 'it took too long'}")
        return None


async def _picture(page: Session, notes: list[str]) -> bytes:
    """A PNG of the whole page."""
    size = (await page.send("Page.getLayoutMetrics"))["cssContentSize"]
    if size["height"] > _TALLEST:
        notes.append("the screenshot ends before the page does")
    clip = {
        "x": 0,
        "y": 0,
        "width": max(1, min(int(size["width"]), _TALLEST)),
        "height": max(1, min(int(size["height"]), _TALLEST)),
        "scale": 1,
    }
    # The browser packs it in the thread by which all pages go. Packed for speed the same pixels take a fifth of the
    # time and, where there are photographs, a quarter more bytes.
    answer = await page.send(
        "Page.captureScreenshot", format="png", optimizeForSpeed=True, captureBeyondViewport=True, clip=clip
    )
    return b64decode(answer["data"])


async def _printed(page: Session) -> bytes:
    answer = await page.send("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
    return b64decode(answer["data"])
