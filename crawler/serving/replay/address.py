"""The address under which the app shows an archived page in its frame."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode

from archive.access.moments import timestamp

VIEW = "/view"
SANDBOX = "allow-scripts allow-same-origin allow-forms"
"""What the frame that shows the address has to be allowed, and no more.

`allow-same-origin` means the origin of the replay, not that of the app: without it the page has no origin, and a page
without an origin has no service worker, by which all of it is replayed. What is missing from the list, above all to
lead the window elsewhere, to open windows and to download, is denied to every frame within it.
"""


def replay_url(origin: str, collection: str, url: str, moment: datetime) -> str:
    """Where the page is replayed that a collection captured of `url` nearest to `moment` (aware).

    origin  of the replay app, without a slash at its end
    """
    asked = {"collection": collection, "time": timestamp(moment), "url": url}
    return f"{origin}{VIEW}?{urlencode(asked, quote_via=quote)}"
