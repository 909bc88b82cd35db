"""A station and a real centre over real HTTP, on both databases: what one does, the other knows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from kiosk.central.centre import Centre, open_centre
from kiosk.central.changes import touch
from kiosk.central.incarnations import begin
from kiosk.central.tables import events, items, loans, patrons, stations
from kiosk.store.outbox import backlog
from kiosk.store.replica.position import position_of
from kiosk.sync.errors import CentreSilent, Poisoned, Refused
from kiosk.wire.messages import Kind
from tests.central_bench import NETWORK
from tests.library.desk_stand import OLENA, TARAS, DeskStand, copy
from tests.sync.knowing import know
from tests.sync.served import Calendar, ServedCentre, SpeakingStation, served


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def centre(central_url: str, calendar: Calendar) -> Iterator[Centre]:
    opened = open_centre(central_url, NETWORK)
    opened.now = calendar
    know(opened)
    yield opened
    opened.close()


@pytest.fixture
def at(centre: Centre) -> Iterator[ServedCentre]:
    with served(centre) as one:
        yield one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


@pytest.fixture
def station(
    desk: DeskStand, centre: Centre, at: ServedCentre, tmp_path: Path, calendar: Calendar
) -> Iterator[SpeakingStation]:
    one = SpeakingStation(desk.store, at.url, tmp_path, calendar=calendar)
    one.known_to(centre)
    yield one
    one.hang_up()


def told(centre: Centre) -> list[tuple[str, int]]:
    wanted = (
        select(events.c.type, events.c.seq)
        .where(events.c.network == NETWORK)
        .order_by(events.c.received_at, events.c.seq)
    )
    return [tuple(row) for row in centre.look(lambda work: work.execute(wanted).all())]


def out(centre: Centre) -> dict[str, str]:
    wanted = select(loans.c.item, loans.c.patron).where(loans.c.network == NETWORK, loans.c.state == "open")
    return dict(tuple(row) for row in centre.look(lambda work: work.execute(wanted).all()))


def waiting(desk: DeskStand) -> int:
    return desk.store.look(backlog, writes=False).rows


def test_what_is_lent_at_a_station_is_known_at_the_centre(
    centre: Centre, desk: DeskStand, station: SpeakingStation
) -> None:
    desk.lend(OLENA, copy("k", "eneida"))

    assert station.speak()

    assert out(centre) == {"eneida": OLENA}
    assert waiting(desk) == 0


def test_a_new_station_gets_everything_and_then_what_changes(
    centre: Centre, desk: DeskStand, station: SpeakingStation
) -> None:
    station.speak()
    snapshot = position_of(desk.store).cursor

    def block(work):
        work.execute(
            update(patrons).where(patrons.c.network == NETWORK, patrons.c.id == TARAS).values(card_status="blocked")
        )
        touch(work, NETWORK, Kind.PATRON, [TARAS])

    centre.carry_out(block)
    station.speak()

    assert snapshot
    assert position_of(desk.store).cursor != snapshot
    assert not hasattr(desk.library.checkout(TARAS, (copy("k", "kobzar"),))[0], "loan")


def test_an_answer_lost_on_the_way_costs_nothing(
    centre: Centre, at: ServedCentre, desk: DeskStand, station: SpeakingStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    monkeypatch.setattr(station.uploader, "_note", lambda *_: (_ for _ in ()).throw(CentreSilent("lost")))
    station.speak()
    monkeypatch.undo()

    station.speak()

    assert [kind for kind, _ in told(centre)] == ["lent", "gate-set"]
    assert waiting(desk) == 0


def test_the_next_station_knows_within_one_exchange(
    centre: Centre, at: ServedCentre, desk: DeskStand, station: SpeakingStation, tmp_path: Path, calendar: Calendar
) -> None:
    other_desk = DeskStand(tmp_path / "other.db")
    other = SpeakingStation(other_desk.store, at.url, tmp_path, name="music.hall", calendar=calendar)
    other.known_to(centre)
    other.speak()
    desk.lend(OLENA, copy("k", "eneida"))
    station.speak()

    other.speak()
    other_desk.give_back(copy("k2", "eneida"))
    other.speak()
    station.speak()

    assert desk.loans_of(OLENA) == []
    assert out(centre) == {}
    other.hang_up()
    other_desk.store.close()


def test_a_station_that_was_shut_out_hears_so_and_works_on(
    centre: Centre, desk: DeskStand, station: SpeakingStation
) -> None:
    station.speak()
    shut = update(stations).where(stations.c.network == NETWORK).values(revoked_at=centre.now(), revoked_by="test")
    centre.carry_out(lambda work: work.execute(shut))
    desk.lend(OLENA, copy("k", "eneida"))

    with pytest.raises(Refused) as refused:
        station.uploader.send_next()

    assert refused.value.error == "revoked"
    assert waiting(desk) == 2


def test_a_clock_that_is_years_off_is_measured_and_signs_all_the_same(
    centre: Centre, at: ServedCentre, desk: DeskStand, tmp_path: Path, calendar: Calendar
) -> None:
    wrong = Calendar(calendar.now - timedelta(days=900))
    station = SpeakingStation(desk.store, at.url, tmp_path, calendar=wrong)
    station.known_to(centre)

    assert station.speak()

    assert round(station.clock.offset() / 86_400) == 900
    station.hang_up()


def test_a_centre_that_begins_anew_is_told_everything_it_lacks(
    centre: Centre, desk: DeskStand, station: SpeakingStation
) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    station.speak()

    def lose(work):
        for table in (events, loans):
            work.execute(table.delete())
        from kiosk.central.tables import epochs

        work.execute(epochs.delete())
        begin(work, NETWORK, "restored", centre.now())

    centre.carry_out(lose)
    station.speak(tries=3)

    assert [kind for kind, _ in told(centre)] == ["lent", "gate-set"]
    assert out(centre) == {"eneida": OLENA}
    assert desk.loans_of(OLENA) == ["eneida"]


def test_a_poisonous_event_is_set_aside_alone_and_the_rest_goes_on(
    centre: Centre, at: ServedCentre, desk: DeskStand, station: SpeakingStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("eneida", "kobzar", "zapovit"):
        desk.lend(OLENA, copy(f"k-{name}", name))
    real = station.line.events

    def fails_on_kobzar(upload):
        if any('"item":"kobzar"' in one.payload and one.type == "lent" for one in upload.events):
            raise Poisoned("500")
        return real(upload)

    monkeypatch.setattr(station.line, "events", fails_on_kobzar)
    station.speak()

    count = centre.look(
        lambda work: work.execute(select(events.c.verdict, func.count()).group_by(events.c.verdict)).all()
    )
    assert waiting(desk) == 0
    assert dict(tuple(row) for row in count)["unreadable"] == 1
    assert {"eneida", "zapovit"} <= out(centre).keys()


def test_a_copy_withdrawn_at_the_centre_is_not_lent_here(
    centre: Centre, desk: DeskStand, station: SpeakingStation
) -> None:
    station.speak()

    def withdraw(work):
        work.execute(update(items).where(items.c.network == NETWORK, items.c.id == "eneida").values(status="withdrawn"))
        touch(work, NETWORK, Kind.ITEM, ["eneida"])

    centre.carry_out(withdraw)
    station.speak()

    assert desk.item("eneida").status == "withdrawn"
