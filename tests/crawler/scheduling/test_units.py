from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.units import INTERVALS, UnitPlan, cron_lines, systemd_names, systemd_units

HOSTILE = 'a %h b\'s "$HOME" \\n;#é'
PLAN = UnitPlan(
    names=("al-monitor", "axios"),
    interval=timedelta(hours=1),
    command=("/usr/bin/env", "-m", "crawler"),
    place=Path("/srv/news"),
    collections=Path("/srv/news/collections"),
    user="press",
)


def hostile(folder: Path) -> UnitPlan:
    """A plan whose crawl prints its words and the folder it works in, with names that mean something to all who read
    them."""
    place = folder / HOSTILE
    place.mkdir()
    script = place / "tell me"
    script.write_text('#!/bin/sh\npwd\nfor word in "$@"; do printf "<%s>" "$word"; done\n')
    script.chmod(0o755)
    return replace(
        PLAN, command=("/bin/sh", str(script)), place=place, collections=place / "collections", outlets=place
    )


def told(plan: UnitPlan) -> str:
    words = ["crawl", "axios", "-c", "axios", "--collections", plan.collections, "--outlets", plan.place]
    return f"{plan.place}\n" + "".join(f"<{word}>" for word in words)


def by_cron(line: str) -> str:
    """What cron hands to the shell: what stands before a percent sign without a backslash (crontab(5))."""
    command = line.split(maxsplit=5)[5]
    return re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")


def test_a_line_of_cron_runs_what_it_says_whatever_the_paths_are_called(tmp_path: Path) -> None:
    plan = hostile(tmp_path)
    line = cron_lines(plan)[1]
    assert "\n" not in line
    subprocess.run(["/bin/sh", "-c", by_cron(line)], check=True, env={"PATH": "/usr/bin:/bin"}, cwd="/")
    assert (plan.collections / ".axios.cron.log").read_text() == told(plan)


def test_a_line_of_cron_does_nothing_while_the_run_before_goes_on(tmp_path: Path) -> None:
    plan = replace(hostile(tmp_path), command=("sleep", "3;"))
    shell = by_cron(cron_lines(plan)[1])
    lock = plan.collections / ".axios.cron.lock"
    plan.collections.mkdir()
    with subprocess.Popen(["flock", str(lock), "sh", "-c", "echo; read wait"], stdin=-1, stdout=-1) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        done = subprocess.run(["/bin/sh", "-c", shell], check=False, capture_output=True)
        holder.communicate(b"\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (plan.collections / ".axios.cron.log").read_text() == ""


@pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS)
def test_the_times_of_cron_are_as_far_apart_as_the_interval(interval: timedelta) -> None:
    plan = replace(PLAN, interval=interval, names=tuple(f"outlet-{n}" for n in range(40)))
    starts = set()
    for line in cron_lines(plan):
        minutes, hours, *rest = line.split()[:5]
        assert rest == ["*", "*", "*"]
        at = [
            int(hour) * 60 + int(minute)
            for hour in (range(24) if hours == "*" else hours.split(","))
            for minute in minutes.split(",")
        ]
        assert len(at) == timedelta(days=1) / interval
        assert {later - earlier for earlier, later in pairwise(at)} <= {interval.seconds // 60}
        starts.add(at[0])
    assert len(starts) > min(interval.total_seconds() / 60, 40) / 2


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS)
def test_systemd_finds_no_fault_with_the_units(interval: timedelta, tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    for name, text in systemd_units(replace(hostile(tmp_path), interval=interval)).items():
        (units / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *units.iterdir()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_service_has_its_paths_in_quotes_and_without_specifiers() -> None:
    place = Path('/a %h/b "c" $d\\e')
    service = systemd_units(replace(PLAN, place=place, collections=place))["tearsheet@.service"].splitlines()
    quoted = '"/a %%h/b \\"c\\" $d\\\\e"'
    assert 'WorkingDirectory=/a %%h/b "c" $d\\e' in service
    assert f"ReadWritePaths={quoted}" in service
    start = f"ExecStart=/usr/bin/env -m crawler crawl %i -c %i --collections {quoted.replace('$', '$$')}"
    assert start in service
    assert "EnvironmentFile=-%E/tearsheet/environment" in service


def test_each_outlet_has_a_timer_of_its_own() -> None:
    assert systemd_names(PLAN) == ["tearsheet@al-monitor.timer", "tearsheet@axios.timer"]


def test_a_program_that_systemd_would_not_start_is_refused() -> None:
    with pytest.raises(ScheduleError, match="quote or backslash"):
        systemd_units(replace(PLAN, command=("/srv/it's/python", "-m", "crawler")))


def test_a_path_that_no_unit_can_hold_is_refused() -> None:
    with pytest.raises(ScheduleError, match=r"'/srv/a\\nb' has a control character"):
        replace(PLAN, place=Path("/srv/a\nb"))
