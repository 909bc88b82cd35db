"""What a visit comes to, for the director's figures: how it went and what was refused, never who or which book.

Pure, but for the counter at the end, which counts on for whoever asks how the station is.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import CheckinNote, VisitFacts, VisitKind
from kiosk.station.books import Books, Wish, count
from kiosk.station.states import AskingPin, Identifying, Notice, Phase, Returning, Session, StackFirst, State
from kiosk.station.view import RowState

_UNFINISHED = (RowState.OPENING, RowState.PUT_BACK, RowState.STAFF)


def facts_of_visit(state: State, phase: Session | Returning, books: Books, now: float) -> VisitFacts:
    """Sum up a visit that ends, with its books as they are at the end."""
    session = phase if isinstance(phase, Session) else None
    lent, returned = count(books, RowState.LENT), count(books, RowState.RETURNED)
    reasons = [reason for book in books if book.state is RowState.REFUSED for reason in book.reasons]
    refused = reasons if session is None else [*reasons, *session.not_renewed]
    began = now if state.came_at is None else state.came_at
    return VisitFacts(
        kind=_kind(lent=lent, returned=returned, with_account=session is not None and _used_account(session)),
        age_group="" if session is None else session.patron.age_group,
        language=state.language,
        seconds=max(round(now - began), 0),
        lent=lent,
        returned=returned,
        renewed=0 if session is None else len(session.renewed),
        refusals=_counted(refused),
        failed_checkouts=sum(1 for book in books if book.wish is Wish.BORROW and book.state in _UNFINISHED),
        holds_returned=sum(1 for book in books if CheckinNote.HELD in book.notes),
    )


def facts_of_nothing(before: State, after: State, now: float) -> VisitFacts | None:
    """Sum up a visit that ended before anything was done; None while somebody is still there, or nobody was."""
    if not isinstance(before.phase, Identifying | AskingPin | StackFirst) or _goes_on(before, after):
        return None
    reasons = after.phase.reasons if isinstance(after.phase, Notice) else ()
    known = before.phase.patron if isinstance(before.phase, AskingPin) else None
    began = now if before.came_at is None else before.came_at
    return VisitFacts(
        kind=VisitKind.NONE,
        age_group="" if known is None else known.age_group,
        language=before.language,
        seconds=max(round(now - began), 0),
        refusals=_counted(reasons),
    )


def arrived(before: State, after: State, now: float) -> State:
    """Note when somebody came. A card tapped beside a stack that lies there goes on with the same visit."""
    if not _somebody(after.phase):
        return after if after.came_at is None else replace(after, came_at=None)
    if _somebody(before.phase) and _goes_on(before, after):
        return after
    return replace(after, came_at=now)


def _somebody(phase: Phase) -> bool:
    return isinstance(phase, Identifying | AskingPin | Session | StackFirst | Returning)


def _goes_on(before: State, after: State) -> bool:
    card_beside_stack = isinstance(before.phase, StackFirst) and isinstance(after.phase, Identifying)
    return _somebody(after.phase) and (after.visit == before.visit or card_beside_stack)


def _used_account(phase: Session) -> bool:
    return phase.on_account or bool(phase.renewed or phase.not_renewed)


def _kind(*, lent: int, returned: int, with_account: bool) -> VisitKind:
    if lent and returned:
        return VisitKind.BOTH
    if lent or returned:
        return VisitKind.BORROW if lent else VisitKind.RETURN
    return VisitKind.ACCOUNT if with_account else VisitKind.NONE


def _counted(reasons: Iterable[Reason]) -> tuple[tuple[Refusal, int], ...]:
    return tuple(sorted(Counter(reason.refusal for reason in reasons).items()))


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """Visits and loans since the start of the program; the rest, which somebody should look at, of the last hour."""

    visits: int = 0
    checkouts: int = 0
    failed_checkouts: int = 0
    largest_checkout: int = 0
    holds_returned: int = 0
    calls: int = 0


REMEMBERED = 3600.0
"""Seconds a visit is worth an alarm: what nobody looked at in an hour is in the journal and the figures."""


CALL_STANDS = 600.0
"""Seconds a call for a person is an alarm: by then somebody came, or the one who called has gone."""


class VisitCounter:
    """Counts visits. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._visits = self._checkouts = 0
        self._lately: deque[tuple[float, VisitFacts]] = deque()
        self._calls: deque[float] = deque()

    def add(self, visit: VisitFacts) -> None:
        with self._one_at_a_time:
            self._visits += 1
            self._checkouts += visit.lent
            self._lately.append((self._clock(), visit))

    def called(self) -> None:
        """Note that somebody at the screen asked for a person."""
        with self._one_at_a_time:
            self._calls.append(self._clock())

    @property
    def now(self) -> VisitCounts:
        with self._one_at_a_time:
            while self._lately and self._lately[0][0] < self._clock() - REMEMBERED:
                self._lately.popleft()
            while self._calls and self._calls[0] < self._clock() - CALL_STANDS:
                self._calls.popleft()
            lately = [visit for _, visit in self._lately]
            return VisitCounts(
                visits=self._visits,
                checkouts=self._checkouts,
                failed_checkouts=sum(visit.failed_checkouts for visit in lately),
                largest_checkout=max((visit.lent for visit in lately), default=0),
                holds_returned=sum(visit.holds_returned for visit in lately),
                calls=len(self._calls),
            )
