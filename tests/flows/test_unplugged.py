"""Devices that go away and come back: the card readers, their service, the pad, with people and books in the middle."""

from decimal import Decimal

from drivers.tag_pads.feig_frames import TagCode
from kiosk.circulation.model import Reason, Refusal
from kiosk.station.view import (
    OutOfOrderView,
    ReturnsView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag

PATIENT = {"idle_s": 20, "put_back_s": 20}
"""For people who wait until a technician has plugged it in again."""
RESTS = {"settle": 1.5}
"""A lifted card is told as late as in a real station: later than a service that is gone."""


def test_without_a_card_reader_books_come_back_and_nobody_borrows_until_it_is_there_again(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    shelf.lend(shelf.item("0012000001"), olena)
    back = make_tag("0012000001", lent=True)

    with station() as stand:
        stand.opens()
        with stand.pcscd_killed():
            stand.sees(WelcomeView, lambda view: not view.frame.lends and view.frame.returns)
            stand.lay(back)
            stand.sees(StackFirstView, lambda view: view.on_loan == 1)
            stand.touch(Touch.RETURN)
            stand.sees(ReturnsView, lambda view: view.returned == 1)
            stand.take_away(back)
            stand.sees(WelcomeView)

        assert stand.on_loan() == {}
        assert back.afi == ARMED

        stand.opens()
        stand.tap(olena)
        stand.sees(SessionView, lambda view: view.name == "Олена К.")


def test_a_visit_outlives_the_card_readers_it_began_on(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand:
        stand.begin(olena).remove()
        with stand.pcscd_killed():
            stand.sees(SessionView, lambda view: not view.frame.lends)
            stand.lay(tag)
            stand.sees(SessionView, lambda view: view.lent == 1)
            done = stand.end()

        assert (done.lent, done.trouble) == (1, ())
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED


def test_a_restart_of_the_card_service_neither_ends_the_visit_of_a_resting_card_nor_opens_another(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT, pcsc=RESTS) as stand:
        card = stand.begin(olena)
        visit = stand.view.frame.visit
        with stand.pcscd_killed():
            stand.sees(SessionView, lambda view: not view.frame.lends)
        card.insert()
        stand.sees(SessionView, lambda view: view.frame.lends)
        stand.lay(tag)
        session = stand.sees(SessionView, lambda view: view.lent == 1)

        assert (session.frame.visit, session.finishing) == (visit, False)

        done = stand.end()
        stand.sees(WelcomeView, lambda view: view.lift_card)

        assert done.take_card
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_a_card_forgotten_before_a_restart_of_the_card_service_opens_nothing_after_it(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")

    with station(pcsc=RESTS) as stand:
        card = stand.begin(olena)
        stand.touch(Touch.DONE)
        visit = stand.sees(WelcomeView, lambda view: view.lift_card).frame.visit
        with stand.pcscd_killed():
            stand.sees(WelcomeView, lambda view: not view.frame.lends)
        card.insert()
        welcome = stand.sees(WelcomeView, lambda view: view.frame.lends and view.lift_card)

        assert welcome.frame.visit == visit


def test_a_station_without_its_pad_says_what_is_missing_and_opens_when_it_is_back(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        stand.pad.unplug()
        out = stand.sees(OutOfOrderView)
        stand.pad.plug()
        stand.begin(olena)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert out.missing == ("pad",)
        assert tag.afi == CLEARED


def test_a_pad_unplugged_before_any_book_was_laid_down_serves_the_same_visit_when_it_is_back(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        stand.pad.unplug()
        stand.sees(SessionView, lambda view: not view.frame.lends)
        stand.lay(tag)
        stand.pad.plug()
        session = stand.sees(SessionView, lambda view: view.lent == 1)

        assert session.frame.visit == 1
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED


def test_books_already_lent_stay_lent_when_the_pad_is_unplugged_and_are_lent_once(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(2)]

    with station(timing=PATIENT | {"gone_s": 20}) as stand:
        stand.begin(olena)
        stand.lay(*tags)
        stand.sees_rows(SessionView, RowState.LENT, RowState.LENT)
        stand.pad.unplug()
        stand.sees(SessionView, lambda view: not view.frame.lends)
        away = stand.sees_rows(SessionView, RowState.LENT, RowState.LENT)
        stand.pad.plug()
        stand.sees(SessionView, lambda view: view.frame.lends)
        done = stand.end()

        assert away.lent == 2
        assert (done.lent, done.trouble) == (2, ())
        assert stand.ask("SELECT count(*) FROM loans") == [(2,)]
        assert {tag.afi for tag in tags} == {CLEARED}
        assert stand.debts() == []


def test_a_pad_unplugged_before_the_gate_bit_was_written_finishes_the_loan_when_it_is_back(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        with stand.busy_ledger():
            stand.lay(tag)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING])
            stand.pad.unplug()
            stand.sees(SessionView, lambda view: not view.frame.lends)
        stand.sees_rows(SessionView, RowState.PUT_BACK)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == ARMED

        stand.pad.plug()
        stand.sees_rows(SessionView, RowState.LENT)

        assert tag.afi == CLEARED
        assert stand.open_intents() == []
        assert stand.debts() == []


def test_a_pad_that_falls_silent_as_it_writes_is_asked_again_before_the_book_is_green(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    def fall_silent() -> None:
        stand.pad.troubles.silent = True

    with station(timing=PATIENT) as stand:
        stand.begin(olena)
        stand.when(tag, TagCode.WRITE_AFI, fall_silent)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: not view.frame.lends)
        stand.sees_rows(SessionView, RowState.PUT_BACK)

        assert stand.open_intents() == [("checkout", "0012000001")]

        stand.pad.troubles.silent = False
        session = stand.sees_rows(SessionView, RowState.LENT)

        assert session.frame.visit == 1
        assert tag.afi == CLEARED
        assert stand.open_intents() == []


def test_a_pad_that_comes_back_after_the_visit_settles_what_the_visit_owed(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing=PATIENT) as stand:
        card = stand.begin(olena)
        with stand.busy_ledger():
            stand.lay(tag)
            stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.WAITING])
            stand.pad.unplug()
            stand.sees(SessionView, lambda view: not view.frame.lends)
        stand.sees_rows(SessionView, RowState.PUT_BACK)
        done = stand.end()
        card.remove()
        stand.sees(OutOfOrderView)

        assert [row.state for row in done.trouble] == [RowState.PUT_BACK]
        assert [item for _, item in stand.debts()] == ["0012000001"]
        assert stand.on_loan() == {"0012000001": "Олена"}

        stand.switch_off()
        stand.pad.plug()
        stand.switch_on()
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        stand.owes()

        assert tag.afi == CLEARED
        assert stand.on_loan() == {"0012000001": "Олена"}


def test_books_left_lying_are_still_the_last_patrons_after_the_pad_was_unplugged(
    station: Station, shelf: Shelf
) -> None:
    olena, taras = shelf.patron("Олена", fees=Decimal("99.00")), shelf.patron("Тарас")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(3)]

    with station() as stand:
        stand.begin(olena).remove()
        stand.lay(*tags)
        stand.sees_rows(SessionView, *[RowState.REFUSED] * 3)
        stand.end()
        stand.touch(Touch.DONE)
        stand.opens()
        stand.pad.unplug()
        stand.sees(OutOfOrderView)
        stand.pad.plug()
        stand.begin(taras)
        session = stand.sees_rows(SessionView, *[RowState.REFUSED] * 3)

        assert {row.reasons for row in session.rows} == {(Reason(Refusal.LEFT_BEHIND),)}
        assert stand.on_loan() == {}
        assert {tag.afi for tag in tags} == {ARMED}


def test_a_pad_unplugged_in_mid_return_takes_the_book_back_when_it_is_there_again(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    shelf.lend(shelf.item("0012000001"), olena)
    tag = make_tag("0012000001", lent=True)

    with station(timing=PATIENT) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        with stand.busy_ledger():
            stand.touch(Touch.RETURN)
            stand.sees(ReturnsView, lambda view: view.busy)
            stand.pad.unplug()
            stand.sees(ReturnsView, lambda view: not view.frame.returns)
        stand.sees_rows(ReturnsView, RowState.PUT_BACK)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED

        stand.pad.plug()
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        assert stand.debts() == []
