"""Units of systemd and lines of cron that crawl outlets at fixed intervals, for those who have no use for a daemon."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.policy import brief, position

INTERVALS = {
    **{f"{minutes}m": timedelta(minutes=minutes) for minutes in (5, 10, 15, 20, 30)},
    **{f"{hours}h": timedelta(hours=hours) for hours in (1, 2, 3, 4, 6, 8, 12, 24)},
}
"""Those that divide an hour or a day, which is what cron can say."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STOP_SECONDS = 300  # for the pages in flight


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What is to be crawled how. Paths are absolute.

    command      the words that start tearsheet
    place        the folder to work in, where `outlets/` is read
    collections  the folder of the collections
    user         whose name the crawls of systemd have
    outlets      a further folder of outlet files
    """

    names: tuple[str, ...]
    interval: timedelta
    command: tuple[str, ...]
    place: Path
    collections: Path
    user: str
    outlets: Path | None = None
    limit: timedelta = timedelta(hours=2)

    def __post_init__(self) -> None:
        """Raises ScheduleError for paths that can't be written in a unit or a line of cron."""
        for path in (*self.command, self.place, self.collections, self.outlets or "", self.user):
            if _CONTROL.search(str(path)):
                raise ScheduleError(
                    f"{str(path)!r} has a control character in its name, which units and lines of cron can't hold; "
                    "rename it"
                )

    def crawl(self, outlet: str) -> list[str]:
        """The words of the command that crawls an outlet, into a collection of its own, since one has one writer."""
        words = [*self.command, "crawl", outlet, "-c", outlet]
        words += ["--collections", str(self.collections)]
        return [*words, *(["--outlets", str(self.outlets)] if self.outlets else [])]


def systemd_units(plan: UnitPlan) -> dict[str, str]:
    """File name -> text of a service and a timer for all outlets: systemd puts the outlet's name for %i. Raises
    ScheduleError for a program that systemd would not start."""
    return {"tearsheet@.service": _service(plan), "tearsheet@.timer": _timer(plan)}


def systemd_names(plan: UnitPlan) -> list[str]:
    """The timers of the outlets."""
    return [f"tearsheet@{name}.timer" for name in plan.names]


def cron_lines(plan: UnitPlan) -> list[str]:
    """A line for each outlet, its minute by its name. A run that finds the one before still under way does nothing."""
    return [_cron_line(plan, name) for name in plan.names]


def _service(plan: UnitPlan) -> str:
    # The outlet's name is put in by systemd, all other percent signs are meant as they are (systemd.unit(5)).
    program, *words = plan.crawl("\0")
    if set(program) & set("'\"\\"):
        raise ScheduleError(
            f"{program} has a quote or backslash in its name, which systemd does not start; rename it"
        )
    # Of the program's own path alone systemd takes a dollar as it is.
    start = " ".join([_quoted(program), *(_quoted(word.replace("$", "$$")) for word in words)]).replace(
        "\0", "%i"
    )
    return f"""\
[Unit]
Description=tearsheet: crawl of %i
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={start}
User={plan.user}
WorkingDirectory={_path(plan.place)}
# Settings such as TEARSHEET_CONTACT, one NAME=value a line; the file may be missing.
EnvironmentFile=-%E/tearsheet/environment
# 1: some page could not be fetched, which is an outlet's everyday life; 130: stopped in order.
SuccessExitStatus=1 130
TimeoutStartSec={int(plan.limit.total_seconds())}
# The crawl alone is told to stop: it needs its extraction workers to finish the pages in flight.
KillMode=mixed
TimeoutStopSec={_STOP_SECONDS}
Nice=10
UMask=0022

NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={_quoted(str(plan.collections))}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=
"""


def _timer(plan: UnitPlan) -> str:
    return f"""\
[Unit]
Description=tearsheet: %i every {brief(plan.interval)}

[Timer]
OnCalendar={_calendar(plan.interval)}
# Spreads the outlets over the interval, each always at the same time of it.
RandomizedDelaySec={int(plan.interval.total_seconds())}
FixedRandomDelay=yes
AccuracySec=1s
Persistent=yes

[Install]
WantedBy=timers.target
"""


def _calendar(interval: timedelta) -> str:
    """As systemd.time(7) has it, in UTC."""
    minutes = int(interval.total_seconds()) // 60
    if minutes < 60:
        return f"*-*-* *:0/{minutes}:00 UTC"
    return f"*-*-* {'00' if minutes == 1440 else f'0/{minutes // 60}'}:00:00 UTC"


def _cron_line(plan: UnitPlan, outlet: str) -> str:
    files = plan.collections / f".{outlet}"
    lock, log = shlex.quote(f"{files}.cron.lock"), shlex.quote(f"{files}.cron.log")
    words = ["timeout", "-k", str(_STOP_SECONDS), str(int(plan.limit.total_seconds())), *plan.crawl(outlet)]
    shell = (
        f"mkdir -p {shlex.quote(str(plan.collections))} && cd {shlex.quote(str(plan.place))} && "
        f"flock -n -E 0 {lock} {shlex.join(words)} > {log} 2>&1"
    )
    # For cron a percent sign ends the command, even inside of quotes, unless a backslash stands before it (crontab(5)).
    return f"{_times(plan.interval, outlet)} {shell.replace('%', chr(92) + '%')}"


def _times(interval: timedelta, outlet: str) -> str:
    """The first two fields of crontab(5), with the others free; the outlet's name decides by how much it is late."""
    minutes = int(interval.total_seconds()) // 60
    late = int(position(outlet) * minutes)
    if minutes <= 60:
        return f"{_every(late, minutes, 60)} * * * *"
    return f"{late % 60} {_every(late // 60, minutes // 60, 24)} * * *"


def _every(first: int, step: int, of: int) -> str:
    return ",".join(str(number) for number in range(first, of, step))


def _quoted(text: str) -> str:
    """A word of a list in a unit, in quotes where it has to be (systemd.syntax(7)), without specifiers."""
    text = text.replace("%", "%%")
    if re.fullmatch(r"[\w./:@%+=,$\0-]+", text, re.ASCII):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _path(path: Path) -> str:
    """A path that is all of a value, which takes no quotes."""
    return str(path).replace("%", "%%")
