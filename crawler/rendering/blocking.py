"""Advertisements and trackers, by the domain that serves them.

The maintained lists (EasyList and those made of it) are GPL or CC BY-SA, thousands of kilobytes, and mostly rules that
hide elements by style: not what an archive wants. Most of what costs a crawler time and bytes comes from a few
hundred well-known domains; those are listed here. An archive keeps what was there, so it is off unless asked for.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit


def is_advert(url: str) -> bool:
    """Whether a URL's host is one of the listed domains or belongs to one."""
    labels = (urlsplit(url).hostname or "").split(".")
    return any(".".join(labels[start:]) in _domains() for start in range(len(labels) - 1))


@cache
def _domains() -> frozenset[str]:
    text = files(__package__).joinpath("ad_domains.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["domains"])
