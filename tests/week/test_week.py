"""A week of twenty outlets, most of which misbehave, crawled round after round: what their access logs, the archive
and the texts say at its end, against what was planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.errors import RecordError
from archive.history import history
from archive.warc.reader import read_records
from crawler.health.runs import FILE, RunLog
from tests.command import Done, tearsheet
from tests.week.expectation import WINDOWS, Asked, Expected, expected
from tests.week.newsroom import all_outlets
from tests.week.server import Access, WeekServer
from tests.week.serving import Blocked, Forgetful, Hurried, Loops, Storms
from tests.week.showing import Turning
from tests.week.stories import at

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

_HOURS = (7, 12, 13, 18)
ROUNDS = (*(at(day, hour) for day in range(7) for hour in _HOURS), at(7, 7), at(7, 13))


@dataclass(frozen=True, slots=True)
class Week:
    """The week when it is over.

    expected  outlet -> what should have been asked of it
    """

    folder: Path
    server: WeekServer
    crawls: dict[datetime, Done]
    expected: dict[str, Expected]

    def log(self, outlet: str) -> list[Access]:
        return [access for access in self.server.log if access.outlet == outlet]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    folder = tmp_path_factory.mktemp("week")
    with WeekServer(all_outlets()) as server:
        server.outlet_files(folder / "outlets")
        crawls = {}
        for now in ROUNDS:
            server.now = now
            crawls[now] = crawl(server, folder)
        plans = {name: expected(outlet, ROUNDS) for name, outlet in server.outlets.items()}
        yield Week(folder, server, crawls, plans)


def crawl(server: WeekServer, folder: Path) -> Done:
    """One round of all outlets at the server's moment."""
    clock = {"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": server.now.isoformat()}
    done = tearsheet("crawl", *server.outlets, "--json", "--workers", "1", cwd=folder, env=clock)
    assert done.status in (0, 1), done.err
    return done


UNTROUBLED = sorted(
    outlet.name for outlet in all_outlets() if not isinstance(outlet, Storms | Blocked | Hurried)
)


@pytest.mark.parametrize("name", UNTROUBLED)
def test_an_outlet_is_asked_for_what_its_plan_makes_due_and_for_nothing_else(week: Week, name: str) -> None:
    log = [Asked(access.moment, access.page, access.status) for access in week.log(name)]
    assert told(log) == told(week.expected[name].asked)


def told(asked: list[Asked]) -> list[str]:
    return sorted(f"{each.moment:%d %H:%M} {each.status} {each.url}" for each in asked)


def test_every_story_is_sent_whole_once_and_once_more_for_each_version_that_was_found(week: Week) -> None:
    sent: Counter[str] = Counter(access.page for access in week.server.log if access.status == 200)
    wrong = {}
    for name, outlet in week.server.outlets.items():
        for path, known in week.expected[name].stories.items():
            url = outlet.url(path)
            if known.texts and not isinstance(outlet, Turning | Forgetful) and sent[url] != len(known.texts):
                wrong[url] = (sent[url], len(known.texts))
    assert wrong == {}


def test_every_version_that_was_there_at_a_look_is_kept_to_the_byte(week: Week) -> None:
    wrong = {}
    with Collection(week.folder / "collections", "news") as collection:
        for name, outlet in week.server.outlets.items():
            for path, known in week.expected[name].stories.items():
                kept = texts(collection, outlet.url(path))
                if kept != [text for _, text in known.texts]:
                    wrong[outlet.url(path)] = (kept, known.texts)
    assert wrong == {}


def texts(collection: Collection, url: str) -> list[str]:
    """The texts that a page had, one after another; refusals and walls between two captures of one text don't count."""
    rows = [version.text for version in history(collection, url) if version.text is not None]
    return [collection.read_text(row)[0] for row, _ in groupby(rows)]


def test_edits_are_found_at_each_of_the_four_looks(week: Week) -> None:
    found: Counter[timedelta] = Counter()
    for path, known in week.expected["edits"].stories.items():
        url = week.server.outlets["edits"].url(path)
        moments = [access.moment for access in week.log("edits") if (access.url, access.status) == (url, 200)]
        assert moments == [moment for moment, _ in known.texts]
        for moment in moments[1:]:
            found[max(wait for wait in WINDOWS if known.first_seen + wait <= moment)] += 1
    assert min(found[wait] for wait in WINDOWS) > 0
    assert sum(found.values()) >= 20


def test_what_was_taken_down_is_recorded_as_gone_and_not_asked_for_again(week: Week) -> None:
    outlet = week.server.outlets["deletions"]
    gone = {path: known.gone for path, known in week.expected["deletions"].stories.items() if known.gone}
    assert {status for _, status in gone.values()} == {404, 410}
    with Collection(week.folder / "collections", "news") as collection:
        for path, (moment, status) in gone.items():
            asked = [access for access in week.log("deletions") if access.url == outlet.url(path)]
            assert (asked[-1].moment, asked[-1].status) == (moment, status)
            assert [access.status for access in asked].count(status) == 1
            *_, last = history(collection, outlet.url(path))
            assert last.note == f"gone: HTTP {status}"


def test_the_command_shows_the_versions_of_an_edited_story(week: Week) -> None:
    outlet = week.server.outlets["edits"]
    path, known = max(week.expected["edits"].stories.items(), key=lambda item: len(item[1].texts))
    done = tearsheet("history", outlet.url(path), "--json", cwd=week.folder)
    assert len(known.texts) == 3
    assert [
        (week.folder / "collections/news/text" / row["text_file"]).read_text("utf-8") for row in done.rows
    ] == [text for _, text in known.texts]
    assert [len(row["changes"]) > 0 for row in done.rows] == [False, True, True]


def test_a_quiet_round_costs_one_conditional_request_a_source(week: Week) -> None:
    outlet = week.server.outlets["steady"]
    last = max(look for known in week.expected["steady"].stories.values() for look in known.looks)
    due = {look for known in week.expected["steady"].stories.values() for look in known.looks}
    quiet = [now for now in ROUNDS if now > at(5) and now not in due]
    assert len(quiet) > 3
    assert last > at(5)
    for now in quiet:
        asked = sorted(
            (access.target, access.status) for access in week.log("steady") if access.moment == now
        )
        assert asked == sorted([("/robots.txt", 200), *((source, 304) for source in outlet.sources)])


def test_what_is_sent_again_unchanged_is_kept_as_a_revisit(week: Week) -> None:
    outlet = week.server.outlets["forgetful"]
    with Collection(week.folder / "collections", "news") as collection:
        for path, known in week.expected["forgetful"].stories.items():
            (version,) = history(collection, outlet.url(path))
            kinds = [(capture.record_type, capture.status) for capture in version.captures]
            assert kinds == [("response", 200), *[("revisit", 200)] * (len(known.looks) - 1)]


def test_after_a_storm_everything_is_caught_up_with_and_nothing_twice(week: Week) -> None:
    outlet = week.server.outlets["storms"]
    sent = Counter(access.target for access in week.log("storms") if access.status == 200)
    published = [story.path for story in outlet.stories if story.published < at(7)]
    assert {path: sent[path] for path in published} == dict.fromkeys(published, 1)
    refused = Counter(access.moment for access in week.log("storms") if access.status == 503)
    storms = [now for now in ROUNDS if any(a <= now < b for a, b in (Storms.FIRST, Storms.SECOND))]
    assert sorted(refused) == storms


def test_who_asks_for_patience_gets_it_and_loses_nothing(week: Week) -> None:
    log = week.log("hurried")
    kept = [Asked(each.moment, each.url, each.status) for each in log if each.status != 429]
    assert told(kept) == told(week.expected["hurried"].asked)
    for before in (each for each in log if each.status == 429):
        again = next(each for each in log if each.url == before.url and each.wall > before.wall)
        assert again.wall - before.wall > Hurried.WAIT - 0.05


def test_a_host_that_refuses_is_not_asked_for_its_stories_without_end(week: Week) -> None:
    log = [access for access in week.log("blocked") if access.moment >= Blocked.TURNS]
    assert {access.status for access in log if access.target != "/robots.txt"} == {403}
    assert max(Counter(access.target for access in log if access.target.startswith("/20")).values()) <= 5


def test_no_calendar_page_is_asked_for_and_no_circle_is_run_through_without_end(week: Week) -> None:
    assert not [access.url for access in week.server.log if "month=" in access.url]
    loops = week.server.outlets["loops"]
    assert isinstance(loops, Loops)
    for story in loops.stories:
        if loops.loops(story):
            rounds = {access.moment for access in week.log("loops") if access.target == story.path}
            assert len(rounds) <= 5


def test_nothing_on_the_inside_is_reached_by_links_or_redirects(week: Week) -> None:
    assert week.server.trapped == []


def test_each_outlet_is_judged_rightly_after_each_crawl(week: Week) -> None:
    wrong = {}
    with RunLog(week.folder / "collections" / FILE, writable=False) as log:
        for name, outlet in week.server.outlets.items():
            runs = log.recent(name, len(ROUNDS))
            assert [run.started for run in reversed(runs)] == list(ROUNDS)
            for run in runs:
                due = outlet.verdict(run.started)
                if due is not None and run.verdicts[0].name != due:
                    wrong[f"{name} {run.started:%d %H:%M}"] = (due, run.verdicts[0])
    assert wrong == {}


def test_the_command_tells_how_each_outlet_is_in_the_end(week: Week) -> None:
    done = tearsheet("health", "--json", cwd=week.folder)
    told = {row["outlet"]: row["verdict"] for row in done.rows}
    due = {name: outlet.verdict(ROUNDS[-1]) for name, outlet in week.server.outlets.items()}
    assert told.keys() == due.keys()
    assert {name: told[name] for name, verdict in due.items() if verdict} == {
        name: verdict for name, verdict in due.items() if verdict
    }
    broken = [row for row in done.rows if row["severity"] == "broken"]
    assert (done.status, bool(broken)) == (1, True)


def test_the_archive_and_the_access_logs_tell_of_the_same_requests(week: Week) -> None:
    logged = Counter((access.url, access.status) for access in week.server.log)
    requests, answers = archived(week.folder / "collections/news/archive")
    assert answers == logged
    assert requests == Counter(access.url for access in week.server.log)


def archived(folder: Path) -> tuple[Counter[str], Counter[tuple[str, int]]]:
    """The requests by URL, and the responses and revisits by URL and status, of all WARC files of a folder."""
    requests: Counter[str] = Counter()
    answers: Counter[tuple[str, int]] = Counter()
    damage: list[RecordError] = []
    for file in sorted(folder.iterdir()):
        for record in read_records(file, damage.append):
            if record.type == "warcinfo":
                continue
            url = record.target_uri or ""
            if record.type == "request":
                requests[url] += 1
            else:
                answers[url, int(record.block.read(12)[9:])] += 1
    assert damage == []
    return requests, answers
