"""Which pages go to the browser: decided without one, so that a crawl which renders nothing loads nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from archive.errors import TearsheetError
from archive.extraction.article import Kind
from archive.outcomes import Settled
from crawler.rendering.rendering import RenderOptions

Mode = Literal["never", "auto", "always"]
"""never: no page is rendered; always: every article and section page is; auto: those of which a plain request brought
no article though it should."""

WISH = "rendering"
"""Key in a request's meta under which its Wish lies."""
RENDERED = "rendered"
"""Flag of a response that a browser made: its body is the DOM."""
AGAIN = "asked_again"
"""Key in the meta of a request that asks for a page a second time, rendered."""

HELPFUL: frozenset[Kind] = frozenset({"shell", "empty", "consent", "bot-wall", "redirect", "section"})
"""What the plain answer to a request for an article may be when a browser would see the article: a page whose text
scripts bring may have a menu that makes a list of it, or send its reader on by script. A paywall or a form to log in
stays one in a browser."""

ENOUGH = 3
"""Pages in a row that only rendering made articles of, after which the next ones go to the browser at once."""
PROBE = 25
"""One in so many of those is asked for plainly all the same, the first of each run among them."""
IN_VAIN = 5
"""Pages in a row of one run of which rendering made nothing either, after which it is left."""


@dataclass(slots=True)
class Habit:
    """What an outlet's pages have shown until now. `learned` is called with the new streak, for it to be remembered.

    streak  pages in a row, in all runs, of which a plain request brought no article and a rendered one did
    """

    streak: int = 0
    learned: Callable[[int], None] = lambda _streak: None
    _asked: int = 0
    _in_vain: int = 0

    def renders_at_once(self) -> bool:
        """Whether the next page goes to the browser without a plain request before."""
        if self.streak < ENOUGH:
            return False
        self._asked += 1
        return self._asked % PROBE != 1

    @property
    def is_hopeless(self) -> bool:
        """Whether rendering has brought nothing lately."""
        return self._in_vain >= IN_VAIN

    def plain(self) -> None:
        """A plain request brought an article."""
        self._learn(0)

    def rendered(self, *, helped: bool) -> None:
        """A page was rendered, and is an article now or is not."""
        self._in_vain = 0 if helped else self._in_vain + 1
        if helped:
            self._learn(min(self.streak + 1, ENOUGH))
        elif self.is_hopeless:
            self._learn(0)

    def _learn(self, streak: int) -> None:
        if streak != self.streak:
            self.streak = streak
            self.learned(streak)


@dataclass(frozen=True, slots=True)
class Wish:
    """That a page be rendered, if `holds` says so when its turn comes: what is known of an outlet then may be more
    than when the request was made."""

    options: RenderOptions
    holds: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class Wishes:
    """What one spider wants rendered.

    habit    what is known of the outlet; None where pages are of anybody, so nothing is learned of them
    missing  says that there is no browser, and tells of it; asked only when one is needed
    """

    mode: Mode
    options: RenderOptions = field(default_factory=RenderOptions)
    habit: Habit | None = None
    missing: Callable[[], bool] = lambda: False

    def first(self) -> Wish | None:
        """What the first request for an article is to carry."""
        if self.mode == "always":
            return Wish(self.options)
        if self.mode == "auto" and self.habit is not None:
            return Wish(self.options, self._renders_at_once)
        return None

    def list(self) -> Wish | None:
        """What the first request for a section page is to carry."""
        return Wish(self.options) if self.mode == "always" else None

    def after(self, settled: Settled) -> Wish | None:
        """What to ask for an article with once more, after what came of a plain request for it; None: not at all.
        Learns from it."""
        if self.mode != "auto":
            return None
        if settled.state == "text":
            if self.habit is not None:
                self.habit.plain()
            return None
        # Of a page that has not changed since it is known that it is no article, not what it is instead: that is worth
        # a try where somebody asks for this very page.
        kinds = HELPFUL if self.habit is not None else HELPFUL | {None}
        may_help = settled.state == "no-article" and settled.kind in kinds
        hopeless = self.habit is not None and self.habit.is_hopeless
        return Wish(self.options) if may_help and not hopeless and not self.missing() else None

    def after_list(self) -> Wish | None:
        """What to ask for a section page with once more that named no article."""
        return Wish(self.options) if self.mode == "auto" and not self.missing() else None

    def rendered(self, settled: Settled) -> None:
        """Learn from what came of a rendered page."""
        if self.habit is not None and self.mode == "auto":
            self.habit.rendered(helped=settled.state == "text")

    def failed(self) -> None:
        """A page could not be rendered."""
        if self.habit is not None:
            self.habit.rendered(helped=False)

    def give_up(self, error: TearsheetError) -> None:
        """There is no browser, or it does not start."""
        from crawler.rendering.shared import give_up

        give_up(str(error))
        self.mode = "never"

    def _renders_at_once(self) -> bool:
        assert self.habit is not None
        return self.habit.renders_at_once() and not self.missing()
