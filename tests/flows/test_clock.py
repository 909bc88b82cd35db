"""A clock nobody can trust, in 1970 or jumping: due dates stay sane, and the journal says which times are guesses."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from kiosk.library.local import at_the_desk
from kiosk.station.view import SessionView
from kiosk.store import TrustedClock
from kiosk.store.clock import BUILT
from tests.stand import Shelf, Stand, Station, make_tag

DAWN_OF_TIME = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
PATIENT = {"idle_s": 20}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "WallClock":
    """The wall clock of every station switched on from now on; no time server knows better."""
    clock = WallClock()
    monkeypatch.setattr(at_the_desk, "TrustedClock", partial(TrustedClock, clock.now))
    monkeypatch.setattr(at_the_desk, "time_server_agrees", lambda: False)
    return clock


class WallClock:
    """A clock that is right until it is set to something else."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def set(self, to: datetime) -> None:
        self.offset = to - datetime.now(UTC)

    def set_right(self) -> None:
        self.offset = timedelta(0)


def due_dates(stand: Stand) -> list[str]:
    return [due for (due,) in stand.ask("SELECT due FROM loans ORDER BY item")]


def trust(stand: Stand) -> list[int]:
    """Whether the time of each loan was to be trusted, by the journal."""
    return [trusted for (trusted,) in stand.ask("SELECT trusted FROM journal WHERE type = 'lent' ORDER BY position")]


def runs_backwards(stand: Stand) -> bool:
    times = [at for (at,) in stand.ask("SELECT at FROM journal ORDER BY position")]
    return times != sorted(times)


def test_a_station_that_starts_in_1970_lends_as_of_the_last_time_it_knows(
    station: Station, shelf: Shelf, clock: WallClock
) -> None:
    olena = shelf.patron("Олена")
    first, second = (make_tag(shelf.item(number)) for number in ("0012000001", "0012000002"))

    with station() as stand:
        card = stand.begin(olena)
        stand.lay(first)
        stand.sees(SessionView, lambda view: view.lent == 1)
        card.remove()
        stand.take_away(first)
        stand.switch_off()
        clock.set(DAWN_OF_TIME)
        stand.switch_on()
        stand.begin(olena)
        stand.lay(second)
        stand.sees(SessionView, lambda view: view.lent == 1)

        before, after = due_dates(stand)

        assert after == before
        assert trust(stand) == [1, 0]
        assert not runs_backwards(stand)


def test_a_clock_that_jumps_back_in_mid_visit_moves_no_due_date(
    station: Station, shelf: Shelf, clock: WallClock
) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in (1, 2, 3)]

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        stand.lay(tags[0])
        stand.sees(SessionView, lambda view: view.lent == 1)
        clock.set(DAWN_OF_TIME)
        stand.lay(tags[1])
        stand.sees(SessionView, lambda view: view.lent == 2)
        clock.set_right()
        stand.lay(tags[2])
        stand.sees(SessionView, lambda view: view.lent == 3)

        assert len(set(due_dates(stand))) == 1
        assert trust(stand) == [1, 0, 1]
        assert not runs_backwards(stand)


def test_a_station_that_never_knew_the_time_gives_a_due_date_no_earlier_than_it_was_built(
    station: Station, shelf: Shelf, clock: WallClock
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))
    clock.set(DAWN_OF_TIME)

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        (due,) = due_dates(stand)

        assert date.fromisoformat(due) > BUILT.date() + timedelta(days=14)
        assert trust(stand) == [0]
