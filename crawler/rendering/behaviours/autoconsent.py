"""Consent banners of known makers, by the rules of DuckDuckGo's autoconsent.

Its bundle and rules (MPL-2.0) come as they are in a package of their own, so that they stay under their licence and
are brought up to date like any other. They are talked to by messages (its docs/api.md); it runs in our world of a
frame, and what it wants to ask of the page's own world we ask for it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

import duckduckgo_autoconsent
import orjson

from crawler.rendering.behaviours.worlds import World

_OPEN = """
if (!globalThis.autoconsentReceiveMessage) {
  const waiting = [];
  let tell = () => {};
  globalThis.autoconsentSendMessage = async (message) => { waiting.push(message); tell(); };
  globalThis.tearsheetMessages = async (within) => {
    if (!waiting.length) await new Promise((done) => { tell = done; setTimeout(done, within * 1000); });
    return waiting.splice(0);
  };
  (() => { %s })();
}
"""
_CONFIG = {
    "enabled": True,
    "autoAction": "optOut",
    "disabledCmps": [],
    "enablePrehide": False,  # it hides by style what it will close; a banner that it fails to close should be seen
    "enableCosmeticRules": False,
    "enableGeneratedRules": True,
    "enableHeuristicDetection": False,
    "heuristicMode": "off",
    "enablePopupMutationObserver": False,
    "detectRetries": 20,  # half a second apart, and from the third on when the page has changed; we say when it ends
    "isMainWorld": False,
    "prehideTimeout": 500,
    "visualTest": False,
    "performanceLoggingEnabled": False,
    "heuristicPopupSearchTimeout": 100,
    "logs": dict.fromkeys(
        ("lifecycle", "rulesteps", "detectionsteps", "evals", "errors", "messages", "waits"), False
    ),
}
_LOOKS_WITHIN = 1.5  # seconds in which a frame that is not busy has been looked through
_ASKS = 1.0  # seconds in which a frame has something to say, or is asked again


async def opt_out(frames: Iterable[World], seconds: float, quiet: asyncio.Future[None]) -> str | None:
    """Close the banner; returns the name of its maker's rule, or None where no rule fits.

    Banners come late, by scripts of their makers, so they are looked for until the page is `quiet`.
    """
    talks = [_Talk(world) for world in frames]
    if not talks:
        return None
    tasks = [asyncio.ensure_future(talk.run(seconds)) for talk in talks]
    ends = [asyncio.ensure_future(end) for end in (asyncio.wait(tasks), _over(talks, quiet))]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        names = [await task for talk, task in zip(talks, tasks, strict=True) if talk.found or task.done()]
        return next((name for name in names if name is not None), None)
    finally:
        for task in (*tasks, *ends):
            task.cancel()


async def _over(talks: Iterable[_Talk], quiet: asyncio.Future[None]) -> None:
    """Until the page is quiet and each of its frames has been looked through."""
    await asyncio.shield(quiet)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOKS_WITHIN):
            for talk in talks:
                await talk.looked.wait()


class _Talk:
    """Answers what the script asks in one frame.

    found   a banner is there: the name of its maker's rule
    looked  the frame has been looked through
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.found: str | None = None
        self.looked = asyncio.Event()

    async def run(self, seconds: float) -> str | None:
        """The name of the rule that closed a banner. Cancelled where there is none."""
        ends = time.monotonic() + seconds
        try:
            await self._world.run(_OPEN % duckduckgo_autoconsent.bundle(), seconds=seconds)
            while time.monotonic() < ends:
                messages = await self._world.run(f"tearsheetMessages({_ASKS})", seconds=_ASKS + 1)
                if messages is None:
                    await asyncio.sleep(0.1)  # the frame is busy, or leaves
                for message in messages or ():
                    if (ended := await self._take(message)) is not None:
                        return ended or None
            return None
        finally:
            self.looked.set()

    async def _take(self, message: dict[str, Any]) -> str | None:
        """None: go on; else the rule that closed a banner, empty if that failed."""
        world = self._world
        match message.get("type"):
            case "init":
                rules = {"autoconsent": _rules_for(message.get("url", ""), world.is_main)}
                await self._answer({"type": "initResp", "config": _CONFIG, "rules": rules})
            case "eval":
                result = await _ask(world, message)
                await self._answer({"type": "evalResp", "id": message["id"], "result": result})
            case "report":
                if message["state"]["findCmpAttempts"] > 1:
                    self.looked.set()
            case "popupFound":
                self.found = str(message["cmp"])
            case "autoconsentDone":
                return str(message["cmp"])
            case "optOutResult" if not message.get("result"):
                return ""
        return None

    async def _answer(self, message: dict[str, Any]) -> None:
        text = orjson.dumps(message).decode()
        await self._world.run(f"void autoconsentReceiveMessage({text})", seconds=2.0)


async def _ask(world: World, message: dict[str, Any]) -> Any:
    """A question to the page's own world, such as whether an object of the banner's maker is there."""
    if not world.is_main:
        return False  # the page's world of a frame can't be told by its number alone
    answer = await world.in_page(str(message["code"]), seconds=2.0)
    return bool(answer)


def _rules_for(url: str, is_main: bool) -> list[dict[str, Any]]:
    """The rules that may hold on a page: most are for one site, and not worth sending."""
    return [
        rule
        for rule, main, frame, pattern in _rules()
        if (main if is_main else frame) and pattern.search(url)
    ]


@cache
def _rules() -> list[tuple[dict[str, Any], bool, bool, re.Pattern[str]]]:
    """Each rule, whether it is for main frames and for other frames, and the pattern of its URLs."""
    rules = orjson.loads(duckduckgo_autoconsent.rules_json())
    listed = rules["autoconsent"] if isinstance(rules, dict) else rules
    found = []
    for rule in listed:
        context = rule.get("runContext") or {}
        found.append((rule, context.get("main", True), context.get("frame", False), _pattern(context)))
    return found


def _pattern(context: dict[str, Any]) -> re.Pattern[str]:
    try:
        return re.compile(context.get("urlPattern") or "")
    except re.error:
        return re.compile("")  # JavaScript's own form of expression: the script judges it itself
