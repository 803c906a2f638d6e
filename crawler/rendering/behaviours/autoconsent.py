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
from functools import cache
from typing import Any

import duckduckgo_autoconsent
import orjson

from crawler.rendering.behaviours.worlds import World

_OPEN = """
if (!globalThis.autoconsentReceiveMessage) {
  globalThis.tearsheetMessages = [];
  globalThis.autoconsentSendMessage = async (message) => { tearsheetMessages.push(message); };
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
    "detectRetries": 2,
    "isMainWorld": False,
    "prehideTimeout": 500,
    "visualTest": False,
    "performanceLoggingEnabled": False,
    "heuristicPopupSearchTimeout": 100,
    "logs": dict.fromkeys(
        ("lifecycle", "rulesteps", "detectionsteps", "evals", "errors", "messages", "waits"), False
    ),
}
_NOTHING_WITHIN = 1.5  # seconds in which a banner is found, if there is one


async def opt_out(frames: Iterable[World], seconds: float) -> str | None:
    """Close the banner; returns the name of its maker's rule, or None where no rule fits."""
    talks = [asyncio.ensure_future(_talk(world, seconds)) for world in frames]
    try:
        for name in await asyncio.gather(*talks):
            if name is not None:
                return name
    finally:
        for talk in talks:
            talk.cancel()
    return None


async def _talk(world: World, seconds: float) -> str | None:
    """Answer what the script asks until it is done."""
    await world.run(_OPEN % duckduckgo_autoconsent.bundle(), seconds=seconds)
    found: str | None = None
    ends = time.monotonic() + seconds
    gives_up = time.monotonic() + _NOTHING_WITHIN
    while time.monotonic() < (ends if found else min(gives_up, ends)):
        messages = await world.run("tearsheetMessages.splice(0)", seconds=1.0)
        for message in messages or ():
            kind = message.get("type")
            if kind == "init":
                rules = {"autoconsent": _rules_for(message.get("url", ""), world.is_main)}
                await _answer(world, {"type": "initResp", "config": _CONFIG, "rules": rules})
            elif kind == "eval":
                await _answer(
                    world, {"type": "evalResp", "id": message["id"], "result": await _ask(world, message)}
                )
            elif kind == "popupFound":
                found = str(message["cmp"])
            elif kind == "autoconsentDone":
                return str(message["cmp"])
            elif kind == "optOutResult" and not message.get("result"):
                return None
        await asyncio.sleep(0.1)
    return None


async def _answer(world: World, message: dict[str, Any]) -> None:
    text = orjson.dumps(message).decode()
    await world.run(f"void autoconsentReceiveMessage({text})", seconds=2.0)


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
