"""`tearsheet health`: do outlets come in as they usually do?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from crawler.health.notices import Channel
    from crawler.health.runs import Run, RunLog

FORGOTTEN = timedelta(days=30)
"""How long before the last crawl of all an outlet's own may lie: one that was renamed would be broken for ever."""


def health(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="OUTLET", help="Names of outlets; default: all that were crawled."),
    ] = None,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
    notify: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="Tell this address of Apprise's which verdicts changed since it was told last; can be repeated.",
        ),
    ] = None,
) -> None:
    """Say how the outlets are that were crawled, by their last crawl and what is usual for each.

    A verdict is ok, unreachable, blocked, feed dead, feed stale, consent wall, paywall, layout changed, no text,
    links broken, dates missing or moved. Exit status 1: an outlet is broken, which means that what it publishes does
    not come in. An outlet whose feed is stale is degraded at first, for that may be a holiday; once it was silent for
    two weeks and for six times its usual gap, it is broken.

    \b
    Examples:
      tearsheet health
      tearsheet health al-monitor --json
      tearsheet health --notify mailto://user:password@example.com
    """
    from crawler.commands.console import print_json
    from crawler.commands.health_table import outlet_row, print_health
    from crawler.health.runs import RunLog

    channels = _channels(notify or ())
    with RunLog(_log(collections), writable=bool(channels)) as log:
        runs = _chosen(log, names or (), collections)
        if as_json:
            for outlet, last in runs.items():
                print_json(outlet_row(outlet, last))
        else:
            print_health(runs)
        ended = [run for last in runs.values() if (run := _ended(last)) is not None]
        for channel in channels:
            _tell(channel, ended, log)
    raise typer.Exit(int(any(run.severity == "broken" for run in ended)))


def _log(collections: Path) -> Path:
    from crawler.health.errors import RunLogError
    from crawler.health.runs import FILE

    path = collections / FILE
    if not path.exists():
        raise RunLogError(
            f"{path} is not there: no outlet was crawled into {collections} yet; `tearsheet crawl OUTLET` does it, "
            "or name another folder with --collections"
        )
    return path


def _chosen(log: RunLog, names: Sequence[str], collections: Path) -> dict[str, list[Run]]:
    if not names:
        return _not_forgotten(log.latest())
    chosen = {name: log.recent(name) for name in dict.fromkeys(names)}
    for name, runs in chosen.items():
        if not runs:
            close = get_close_matches(name, log.outlets(), n=1)
            hint = f"did you mean {close[0]}?" if close else f"`tearsheet crawl {name}` does it"
            sentence = f'no outlet "{name}" was crawled into {collections} yet; {hint}'
            raise typer.BadParameter(sentence, param_hint="OUTLET")
    return chosen


def _not_forgotten(runs: dict[str, list[Run]]) -> dict[str, list[Run]]:
    """Those that are crawled still, as far as the others' crawls show; what is left out is told of."""
    newest = max((last[0].started for last in runs.values()), default=None)
    kept = {name: last for name, last in runs.items() if newest and newest - last[0].started <= FORGOTTEN}
    if left := sorted(runs.keys() - kept.keys()):
        typer.echo(
            f"note: not crawled any more since {FORGOTTEN.days} days, so left out: {', '.join(left)}; name them to see "
            "how they were",
            err=True,
        )
    return kept


def _ended(runs: Sequence[Run]) -> Run | None:
    """The last run that was judged."""
    return next((run for run in runs if run.verdicts), None)


def _channels(addresses: Sequence[str]) -> list[Channel]:
    from crawler.health.notices import Channel

    try:
        return [Channel(address) for address in dict.fromkeys(addresses)]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--notify") from error


def _tell(channel: Channel, runs: Sequence[Run], log: RunLog) -> None:
    from crawler.health.notices import changes_for

    changes = changes_for(channel, [(run.outlet, run.verdicts[0]) for run in runs], log)
    if changes:
        channel.send(changes)
        for change in changes:
            log.told(change.outlet, channel.key, change.verdict)
