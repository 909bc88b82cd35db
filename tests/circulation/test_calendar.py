from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.circulation.calendar import due_date, is_open, is_open_at, lifted, next_open, next_opening, open_days_between
from kiosk.circulation.model import ItemId, ItemTypeId, Loan, LoanId, OpeningHours, PatronId
from tests.circulation.builders import DAY, EVERY_DAY, TODAY, WEEKDAYS

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
weeks = st.tuples(*[st.sampled_from([DAY, None])] * 7)


@st.composite
def hours_near(draw, day):
    """Opening hours with days off right where they hurt: around *day*."""
    offs = draw(st.frozensets(st.integers(-3, 20), max_size=24))
    return OpeningHours(draw(weeks), frozenset(day + timedelta(days=n) for n in offs))


@pytest.mark.parametrize(
    ("lent_on", "term", "due"),
    [
        (date(2026, 3, 4), 7, date(2026, 3, 11)),  # a Wednesday: as counted
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # a Saturday: on to Monday
        (date(2026, 2, 28), 8, date(2026, 3, 9)),  # a Sunday: on to Monday
        (date(2024, 1, 30), 30, date(2024, 2, 29)),  # into a leap day
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # over the end of the year
    ],
)
def test_a_loan_falls_due_on_the_next_open_weekday(lent_on, term, due):
    assert due_date(lent_on, term, WEEKDAYS) == due


def test_a_loan_never_falls_due_on_a_day_off():
    off = frozenset({date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)})

    due = due_date(TODAY, 7, OpeningHours(WEEKDAYS.week, off))

    assert due == date(2026, 3, 16)


def test_a_branch_that_never_opens_keeps_the_counted_day():
    never = OpeningHours(week=(None,) * 7)

    assert next_open(TODAY, never) == TODAY
    assert due_date(TODAY, 30, never) == TODAY + timedelta(days=30)


def test_a_branch_open_one_day_a_week_may_be_closed_on_it_for_weeks():
    fridays = OpeningHours(
        week=(None,) * 4 + (DAY, None, None),
        closed=frozenset({date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 20)}),
    )

    assert next_open(TODAY, fridays) == date(2026, 3, 27)


def test_the_door_is_open_from_the_opening_minute_and_shut_at_the_closing_minute():
    told = [is_open_at(datetime(2026, 3, 4, h, m), WEEKDAYS) for h, m in ((9, 59), (10, 0), (18, 59), (19, 0))]  # noqa: DTZ001 - opening hours are local time

    assert told == [False, True, True, False]
    assert not is_open_at(datetime(2026, 3, 7, 12), WEEKDAYS)  # noqa: DTZ001 - likewise, a Saturday


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="a week has 7 days, this one has 5"):
        OpeningHours(week=(DAY,) * 5)


def test_late_days_are_counted_after_the_due_day_and_through_today():
    friday, tuesday = date(2026, 3, 6), date(2026, 3, 10)

    assert open_days_between(friday, tuesday, EVERY_DAY) == 4
    assert open_days_between(friday, tuesday, WEEKDAYS) == 2
    assert open_days_between(tuesday, friday, WEEKDAYS) == 0


@given(st.data(), days, st.integers(1, 90))
def test_a_due_day_is_open_and_never_before_the_term_is_over(data, lent_on, term):
    counted = lent_on + timedelta(days=term)
    hours = data.draw(hours_near(counted))

    due = due_date(lent_on, term, hours)

    assert due >= counted
    assert is_open(due, hours) or not any(hours.week)
    assert not any(is_open(counted + timedelta(days=n), hours) for n in range((due - counted).days))


@given(st.data(), days, st.integers(0, 40), st.integers(0, 40))
def test_counting_days_in_two_goes_gives_the_same_as_in_one(data, first, n, m):
    hours = data.draw(hours_near(first))
    middle, last = first + timedelta(days=n), first + timedelta(days=n + m)

    whole = open_days_between(first, last, hours)

    assert whole == open_days_between(first, middle, hours) + open_days_between(middle, last, hours)


def test_a_loan_due_behind_a_locked_door_is_due_when_it_opens_again():
    sunday_off = OpeningHours((DAY,) * 6 + (None,), frozenset({date(2026, 12, 14)}))
    loan = Loan(
        LoanId("l"),
        ItemId("i"),
        PatronId("p"),
        ItemTypeId("book"),
        datetime(2026, 11, 1, tzinfo=UTC),
        date(2026, 12, 13),
    )

    assert lifted(loan, sunday_off).due == date(2026, 12, 15)
    assert lifted(replace(loan, due=date(2026, 12, 16)), sunday_off).due == date(2026, 12, 16)


def test_the_next_opening_is_told_with_its_hour():
    hours = OpeningHours((DAY,) * 5 + (None, None))

    assert next_opening(datetime(2026, 12, 11, 8), hours) == datetime(2026, 12, 11, 10)  # noqa: DTZ001 - civil time
    assert next_opening(datetime(2026, 12, 11, 12), hours) == datetime(2026, 12, 14, 10)  # noqa: DTZ001 - likewise
    assert next_opening(datetime(2026, 12, 11, 12), OpeningHours((None,) * 7)) is None  # noqa: DTZ001 - likewise
