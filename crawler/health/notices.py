"""Notices: who is told when an outlet's verdict has changed, through Apprise."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from archive.errors import TearsheetError
from crawler.health.run import Verdict
from crawler.health.runs import RunLog, Told

_MISSING = "notices need the package apprise; install it with: pip install 'tearsheet[notify]'"


class NoticeError(TearsheetError):
    """A notice can't be sent. Its text never holds the address, in which there may be a password."""


@dataclass(frozen=True, slots=True)
class Change:
    """An outlet whose verdict is another one than was told last, or worse; `before` is None where nothing ever was."""

    outlet: str
    verdict: Verdict
    before: str | None

    @property
    def sentence(self) -> str:
        if self.verdict.severity == "fine":
            return f"{self.outlet}: {self.verdict.name} again, it was {self.before}; {self.verdict.reason}"
        return f"{self.outlet}: {self.verdict.severity}, {self.verdict.name}: {self.verdict.reason}"


class Channel:
    """One address of Apprise's, such as `mailto://…` or `json://…`. Loaded only where it is wanted: Apprise takes a
    second."""

    def __init__(self, address: str) -> None:
        """Raises NoticeError where Apprise is missing, ValueError where it does not know such an address."""
        scheme, separator, _ = address.partition("://")
        self.scheme = scheme if separator and scheme.isalnum() else ""
        self.key = sha256(address.encode()).hexdigest()[:16]
        """What stands for it in the log of runs, which thus holds no password."""
        self._apprise = _apprise()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = self._apprise.add(address)
        if not known:
            given = f"this address of {self.scheme}://" if self.scheme else "an address without a scheme"
            raise ValueError(
                f"Apprise does not know {given}; one looks like mailto://user:password@example.com"
            )

    def send(self, changes: Sequence[Change]) -> None:
        """Send one notice of all changes. Raises NoticeError."""
        from apprise import NotifyType

        levels = {"broken": NotifyType.FAILURE, "degraded": NotifyType.WARNING, "fine": NotifyType.SUCCESS}
        severities = [change.verdict.severity for change in changes]
        worst = next(level for level in levels if level in severities)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sent = self._apprise.notify(
                title=title(changes),
                body="\n".join(change.sentence for change in changes),
                notify_type=levels[worst],
            )
        if not sent:
            raise NoticeError(
                f"the notice by {self.scheme}://… could not be sent; see that the address is right and its server "
                "answers, and run the command again"
            )


def title(changes: Sequence[Change]) -> str:
    """`tearsheet: 1 outlet broken, 2 ok again`."""
    told = {"broken": "broken", "degraded": "degraded", "fine": "ok again"}
    numbers = {severity: sum(c.verdict.severity == severity for c in changes) for severity in told}
    parts = [f"{number} {told[severity]}" for severity, number in numbers.items() if number]
    return f"tearsheet: outlets: {', '.join(parts)}"


def changes_for(channel: Channel, verdicts: Sequence[tuple[str, Verdict]], log: RunLog) -> list[Change]:
    """What is to be told there of outlets and their verdicts. That one is well is told only if it was not; the same
    verdict is told again once the outlet is broken by it, and not where it becomes better without being well."""
    found: list[Change] = []
    for outlet, verdict in verdicts:
        before = log.told_last(outlet, channel.key)
        known = before or Told("ok", broken=False)
        if verdict.name != known.verdict or (verdict.severity == "broken" and not known.broken):
            found.append(Change(outlet, verdict, before.verdict if before else None))
    return found


def _apprise() -> Any:
    # What it logs may hold the address.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own modules
        try:
            from apprise import Apprise
        except ImportError as error:
            raise NoticeError(_MISSING) from error
        return Apprise()
