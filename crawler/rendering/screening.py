"""Which of a page's requests go out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crawler.rendering.blocking import is_advert
from crawler.rendering.protocol import Event
from crawler.rendering.rendering import RenderOptions

Admit = Callable[[str, str], Awaitable[bool]]
"""From a request's URL and kind ("script", "image", "document" ...): whether it may go out; may wait for its turn."""

_MOST_DOCUMENTS = 6
"""The page itself and five that scripts or refreshes lead on to: consent and challenge pages take one or two."""


class Screening:
    """Judges each request of a page.

    notes    what was left out, a sentence each, each once
    waiting  requests that wait for their turn
    """

    def __init__(self, options: RenderOptions, admit: Admit | None) -> None:
        self._options = options
        self._admit = admit
        self._documents: set[str] = set()
        self.main_frame = ""
        self.is_settled = False
        """From now on the page stays where it is: what leads elsewhere is refused."""
        self.notes: dict[str, None] = {}
        self.waiting = 0

    async def may_go(self, event: Event) -> bool:
        """Judge a request by its event Fetch.requestPaused."""
        url, kind = event["request"]["url"], event.get("resourceType", "Other").lower()
        is_first = not self._documents
        if not url.startswith(("http://", "https://")):
            return True
        if kind == "document" and event.get("frameId") == self.main_frame and not self._may_leave(event):
            self.notes[f"the page was kept from leaving for {url}"] = None
            return False
        if kind in self._options.left_out:
            self.notes[f"not loaded, as asked: {kind}"] = None
            return False
        if self._options.block_ads and is_advert(url):
            self.notes["advertisements and trackers were not loaded, as asked"] = None
            return False
        return is_first or await self._is_admitted(url, kind)

    def _may_leave(self, event: Event) -> bool:
        """Redirects belong to the document that they lead to, and have its network id."""
        document = str(event.get("networkId") or event["requestId"])
        if document not in self._documents:
            if self.is_settled or len(self._documents) == _MOST_DOCUMENTS:
                return False
            self._documents.add(document)
        return True

    async def _is_admitted(self, url: str, kind: str) -> bool:
        if self._admit is None:
            return True
        self.waiting += 1
        try:
            admitted = await self._admit(url, kind)
        finally:
            self.waiting -= 1
        if not admitted:
            self.notes[f"not admitted: {url}"] = None
        return admitted
