"""What spiders want rendered, by the settings and what the outlet's file says."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.items import Page
from crawler.outlets.model import Outlet
from crawler.rendering.rendering import RenderOptions
from crawler.rendering.wishes import AGAIN, WISH, Habit, Wish, Wishes

_TAKEN_ALONG = ("key", "redirect_urls", "redirect_reasons")


def wishes_of(settings: BaseSettings, outlet: Outlet | None = None, habit: Habit | None = None) -> Wishes:
    """The setting RENDER goes before the outlet's own word."""
    own = outlet.render if outlet is not None else None
    options = RenderOptions(
        block_ads=settings.getbool("RENDER_BLOCK_ADS"),
        left_out=frozenset(outlet.render_without) if outlet is not None else frozenset(),
        screenshot=settings.getbool("RENDER_SCREENSHOT"),
        pdf=settings.getbool("RENDER_PDF"),
        user_agent=settings["RENDER_USER_AGENT"],
    )
    return Wishes(settings["RENDER"] or own or "auto", options, habit, _is_missing)


def wished(request: Request, wish: Wish | None) -> Request:
    """The request, to be rendered where the wish holds."""
    if wish is not None:
        request.meta[WISH] = wish
    return request


def once_more(response: Response, wish: Wish, page: Page | None = None) -> Request:
    """A request for what a response is of, to be rendered; `page` is the one that it holds."""
    assert response.request is not None
    meta = {name: response.meta[name] for name in _TAKEN_ALONG if name in response.meta}
    return response.request.replace(headers={}, meta=meta | {WISH: wish, AGAIN: page}, dont_filter=True)


def _is_missing() -> bool:
    from crawler.rendering.shared import is_missing

    return is_missing()
