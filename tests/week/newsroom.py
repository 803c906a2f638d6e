"""All outlets of the simulated week."""

from __future__ import annotations

from tests.week.listing import Calendar, DeadFeed, Gigantic, HtmlFeed, Links, MovedFeed, StaleFeed
from tests.week.outlet import WeekOutlet
from tests.week.publishing import Deletions, Edits, Steady
from tests.week.serving import Blocked, Forgetful, Hurried, Loops, Storms, Undermined
from tests.week.showing import ConsentWall, Layout, Paywall, Undated


def all_outlets() -> list[WeekOutlet]:
    """One of each."""
    return [
        kind()
        for kind in (
            *(Steady, Edits, Deletions, DeadFeed, HtmlFeed, MovedFeed, StaleFeed, Storms, Hurried, Loops),
            *(Calendar, Gigantic, Links, Undermined, Forgetful),
            *(ConsentWall, Layout, Paywall, Undated, Blocked),
        )
    ]
