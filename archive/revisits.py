"""From a revisit to the capture whose record holds the page."""

from __future__ import annotations

from collections.abc import Callable

from archive.capture import Capture


def resolved(capture: Capture, by_record_id: Callable[[str], Capture | None]) -> Capture | None:
    """What a revisit found unchanged, over revisits of revisits; a capture that is none stands for itself.

    None where one on the way is not known, or where revisits refer to each other in a circle.
    """
    seen: set[str] = set()
    found: Capture | None = capture
    while found and found.record_type == "revisit" and found.record_id not in seen:
        seen.add(found.record_id)
        found = by_record_id(found.refers_to) if found.refers_to else None
    return found if found and found.record_type != "revisit" else None
