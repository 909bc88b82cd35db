"""Opening days: when a branch is open, and the day a loan is due. No clock here: today is always given."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from kiosk.circulation.model import Loan, OpeningHours


def is_open(day: date, hours: OpeningHours) -> bool:
    """Say whether the branch opens its door on *day* at all."""
    return hours.week[day.weekday()] is not None and day not in hours.closed


def is_open_at(moment: datetime, hours: OpeningHours) -> bool:
    """Say whether the branch is open at *moment*, told in local time; at closing time it is closed."""
    span = hours.week[moment.weekday()]
    if span is None or moment.date() in hours.closed:
        return False
    opens, closes = span
    return opens <= moment.time() < closes


def next_open(day: date, hours: OpeningHours) -> date:
    """Find the first open day from *day* on; *day* itself for a branch that is never open."""
    for candidate in _days_worth_asking(day, hours):
        if is_open(candidate, hours):
            return candidate
    return day


def due_date(lent_on: date, days: int, hours: OpeningHours) -> date:
    """Count *days* from *lent_on*, then on to the next open day: nobody is asked to come to a locked door."""
    return next_open(lent_on + timedelta(days=days), hours)


def lifted(loan: Loan, hours: OpeningHours) -> Loan:
    """Move what falls due behind a locked door to the next open day, also when the door was locked only later."""
    return replace(loan, due=next_open(loan.due, hours))


def open_days_between(first: date, last: date, hours: OpeningHours) -> int:
    """Count the open days after *first* up to and including *last*; 0 when *last* is not after *first*."""
    return sum(is_open(first + timedelta(days=n), hours) for n in range(1, (last - first).days + 1))


def days_off(day: date, hours: OpeningHours, days: int) -> tuple[date, ...]:
    """List the days off among the *days* after *day*: those the door would open on, were they not listed as closed."""
    coming = (day + timedelta(days=n) for n in range(1, days + 1))
    return tuple(one for one in coming if one in hours.closed and hours.week[one.weekday()] is not None)


def _days_worth_asking(day: date, hours: OpeningHours) -> Iterator[date]:
    """Go through one week, and one more for every listed day off: if none of these is open, none ever is."""
    return (day + timedelta(days=n) for n in range(7 * (len(hours.closed) + 1)))


def next_opening(moment: datetime, hours: OpeningHours) -> datetime | None:
    """Say when the branch opens next, in local time; None for one that never does. During opening hours: tomorrow's."""
    for day in _days_worth_asking(moment.date(), hours):
        span = hours.week[day.weekday()]
        if span is None or not is_open(day, hours):
            continue
        opens = datetime.combine(day, span[0], moment.tzinfo)
        if opens > moment:
            return opens
    return None
