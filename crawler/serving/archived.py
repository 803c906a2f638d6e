"""Where the archived page of a capture is shown: on another origin, so that nothing in it can reach the app."""

from __future__ import annotations

from dataclasses import dataclass

from archive.capture import Capture
from crawler.serving.replay.address import SANDBOX, replay_url


@dataclass(frozen=True, slots=True)
class Archived:
    """How archived pages are shown.

    origin     scheme, host and port that replay them, such as `http://127.0.0.1:8401`
    app        the origin of the app, in whose frames alone they are shown
    installed  whether that by which they are replayed is there
    """

    origin: str
    app: str
    installed: bool

    @property
    def sandbox(self) -> str:
        """What the frame is allowed."""
        return SANDBOX

    def url(self, capture: Capture, collection: str) -> str | None:
        """The absolute address of the archived page, or None where nothing shows it."""
        return replay_url(self.origin, collection, capture.url, capture.date) if self.installed else None
