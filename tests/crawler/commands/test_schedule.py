from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.health.run import Run, Verdict
from crawler.health.runs import FILE, RunLog
from crawler.outlets.seen import SourceSeen
from tests.command import tearsheet

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOCK = {"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": NOW.isoformat()}
OWN = '[[outlet]]\nname = "my-paper"\ndomains = ["paper.example"]\nfeeds = ["https://paper.example/rss"]\n'


@pytest.fixture
def crawled(tmp_path: Path) -> Path:
    """An outlet that was visited an hour ago, and one whose server blocks the crawler."""
    with RunLog(tmp_path / "collections" / FILE) as log:
        for outlet, verdict in (
            ("al-marfa", Verdict("ok", "fine", "3 new texts")),
            ("zeta", Verdict("blocked", "broken", "HTTP 403")),
        ):
            started = NOW - timedelta(hours=1)
            seen = SourceSeen(outlet, "feed", f"https://{outlet}.example/rss", "ok", 200)
            run = Run(
                outlet=outlet,
                collection=outlet,
                started=started,
                finished=started + timedelta(seconds=20),
                new=3,
                new_texts=2,
                failed=1,
                sources=(seen,),
                verdicts=(verdict,),
            )
            log.finish(log.begin(outlet, outlet, started), run)
    return tmp_path


def test_status_tells_the_last_and_the_next_run_of_each_outlet_without_a_daemon(crawled: Path) -> None:
    done = tearsheet("schedule", "status", cwd=crawled, env=CLOCK)
    assert (done.status, done.err) == (0, "")
    header, marfa, zeta, sentence, logs = done.out.splitlines()
    assert header.split("  ")[0] == "outlet"
    assert marfa.split()[:8] == ["al-marfa", "1", "h", "ago", "3", "2", "1", "ok"]
    assert re.search(r" now +a new article is expected: about 24 a day$", marfa)
    assert zeta.split()[:9] == ["zeta", "1", "h", "ago", "3", "2", "1", "blocked", "in"]
    assert zeta.endswith("the last visit failed")
    assert sentence == "2 outlets; no daemon runs; `tearsheet schedule run` starts one"
    assert logs == "What a crawl says is in collections/COLLECTION/logs/OUTLET.log"


def test_status_as_json_has_a_row_for_each_outlet_that_is_named(crawled: Path) -> None:
    done = tearsheet("schedule", "status", "zeta", "--json", cwd=crawled, env=CLOCK)
    (row,) = done.rows
    assert (done.status, done.err) == (0, "")
    assert list(row) == ["outlet", "collection", "running_since", "last", "next", "why", "log"]
    assert (row["outlet"], row["running_since"], row["log"]) == ("zeta", None, None)
    assert {key: row["last"][key] for key in ("started", "new", "verdict", "severity", "reason")} == {
        "started": "2026-03-02T11:00:00+00:00",
        "new": 3,
        "verdict": "blocked",
        "severity": "broken",
        "reason": "HTTP 403",
    }
    assert datetime.fromisoformat(row["next"]) > NOW


def test_status_of_nothing_says_how_to_begin_and_makes_nothing(tmp_path: Path) -> None:
    done = tearsheet("schedule", "status", cwd=tmp_path)
    said = "0 outlets; no daemon runs; `tearsheet schedule run` starts one\n"
    assert (done.status, done.out, done.err) == (0, said, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "there are no outlet files of your own; name outlets, or give --all"),
        (("run", "al-monitr"), "did you mean al-monitor"),
        (("run", "al-monitor", "--all"), "name outlets, or give --all, --country or --language, not both"),
        (("run", "--country", "QAT"), '"QAT" is no such code'),
        (("run", "--country", "QA", "--language", "fi"), "no outlet is of that country and language"),
        (
            ("run", "al-monitor", "--at-least", "2h", "--at-most", "1h"),
            "2 h, is longer than the longest, 1 h",
        ),
        (("run", "al-monitor", "--at-least", "0s"), "below a second"),
        (("run", "al-monitor", "--at-least", "soon"), '"soon" is no time; write a number and s, m, h or d'),
        (("run", "al-monitor", "--at-most", "10 m 5"), '"10 m 5" is no time'),
        (("run", "al-monitor", "--at-most", "999999999d"), '"999999999d" is longer than a year'),
        (("run", "al-monitor", "--run-limit", "0m"), "a crawl needs some time"),
        (("run", "al-monitor", "--jobs", "0"), "--jobs"),
        (("run", "al-monitor", "-c", "../up"), "'../up' can't name a collection"),
        (("status", "al-monitr"), '"al-monitr" is neither scheduled nor was it crawled'),
        (("print", "al-monitor"), "give one of the two"),
        (("print", "al-monitor", "--cron", "--systemd"), "give one of the two"),
        (("print", "al-monitor", "--cron", "--into", "units"), "redirect the lines of cron"),
        (("print", "al-monitor", "--cron", "--interval", "7m"), "give one of 5m, 10m"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_told_and_ends_with_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = tearsheet("schedule", *arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = tearsheet("schedule", "run", "al-monitor", "--collections", "file/collections", cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "tearsheet: file/collections can't be written to (Not a directory); choose a folder that you may write to "
        "with --collections\n"
    )


def test_print_writes_the_crawls_of_the_outlets_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/mine.toml").write_text(OWN)
    cron = tearsheet("schedule", "print", "--cron", "--interval", "6h", cwd=tmp_path)
    (line,) = cron.out.splitlines()
    assert (cron.status, cron.err) == (0, "")
    assert f"-m crawler crawl my-paper -c my-paper --collections {tmp_path}/collections > " in line
    units = tearsheet("schedule", "print", "--systemd", cwd=tmp_path)
    assert [line for line in units.out.splitlines() if line.startswith("# /")] == [
        "# /etc/systemd/system/tearsheet@.service",
        "# /etc/systemd/system/tearsheet@.timer",
    ]
    assert units.out.splitlines()[-1] == "# systemctl enable --now tearsheet@my-paper.timer"
    into = tearsheet("schedule", "print", "--systemd", "--into", "units", cwd=tmp_path)
    assert into.out.splitlines()[:2] == [
        "written: units/tearsheet@.service",
        "written: units/tearsheet@.timer",
    ]
    for name in ("tearsheet@.service", "tearsheet@.timer"):
        assert (tmp_path / "units" / name).read_text() in units.out


def test_help_of_each_verb_shows_an_example(tmp_path: Path) -> None:
    for verb in ("run", "status", "print"):
        done = tearsheet("schedule", verb, "--help", cwd=tmp_path)
        assert (done.status, done.err) == (0, "")
        assert f"    tearsheet schedule {verb}" in done.out
