"""Books come back without a card: on time and late, ours and strangers', in daylight and thirty in a row at night."""

import time
from decimal import Decimal

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import BranchId
from kiosk.devices import PaperState
from kiosk.station.view import DoneView, ReturnsView, RowState, StackFirstView, Touch, WelcomeView
from tests.stand import ARMED, CLEARED, PATIENCE, Shelf, Stand, Station, make_tag

EVERY_DAY = {"late_fee_on_closed_days": True}


def bring_back(stand: Stand, *tags: SimulatedTag) -> ReturnsView:
    """Lay books down, say "return" when asked, and wait until every one is back."""
    stand.opens()
    stand.lay(*tags)
    stand.sees_rows(StackFirstView, *[RowState.ASKING] * len(tags))
    stand.touch(Touch.RETURN)
    return stand.sees_rows(ReturnsView, *[RowState.RETURNED] * len(tags))


def printed(stand: Stand, number: int) -> list[str]:
    """Wait until so many slips are out."""
    until = time.monotonic() + PATIENCE
    while len(stand.slips()) < number and time.monotonic() < until:
        time.sleep(0.02)
    return stand.slips()


def feed(stand: Stand, tag: SimulatedTag, number: int) -> None:
    """Lay one more book down and take it away as soon as so many are back."""
    stand.lay(tag)
    stand.sees(ReturnsView, lambda view: view.returned == number)
    stand.lift(tag)


def test_a_book_on_time_is_back_with_a_receipt_and_stays_back_after_a_restart(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001", title="Тигролови")
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)

    with station(printer=True) as stand:
        view = bring_back(stand, tag)
        stand.lift(tag)
        done = stand.sees(DoneView)
        slip = stand.receipt()

        assert view.rows[0].notes == ()
        assert done.returned == 1
        assert done.trouble == ()
        assert "Тигролови" in slip
        assert "Олена" not in slip
        assert tag.afi == ARMED

        stand.switch_off()
        stand.switch_on()
        stand.opens()
        stand.lay(tag)
        known = stand.sees_rows(StackFirstView, RowState.ASKING)

        assert (known.on_loan, known.in_stock) == (0, 1)
        assert stand.on_loan() == {}
        stand.owes()


def test_a_childs_late_book_is_called_late_and_costs_nothing(station: Station, shelf: Shelf) -> None:
    child = shelf.patron("Марко", category="child")
    item = shelf.item("0012000001")
    shelf.lend(item, child, due_in=-4)
    tag = make_tag(item, lent=True)

    with station(lending=EVERY_DAY) as stand:
        row = bring_back(stand, tag).rows[0]

        assert row.notes == ("late",)
        assert (row.late_days, row.fee) == (4, Decimal(0))
        assert stand.fees(child) == Decimal(0)
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_a_late_fee_is_charged_once_and_said_on_screen_and_paper(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", fees=Decimal("1.00"))
    item = shelf.item("0012000001")
    shelf.lend(item, olena, due_in=-4)
    tag = make_tag(item, lent=True)

    with station(printer=True, lending=EVERY_DAY) as stand:
        row = bring_back(stand, tag).rows[0]
        stand.end()
        slip = stand.receipt()

        assert row.notes == ("late", "fee")
        assert (row.late_days, row.fee) == (4, Decimal("2.00"))
        assert "Запізнення 4 дні" in slip
        assert "Пеня 2,00" in slip
        assert stand.fees(olena) == Decimal("3.00")
        assert tag.afi == ARMED


def test_a_book_somebody_waits_for_goes_to_the_hold_shelf(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    shelf.lend(item, olena)
    shelf.hold(item, taras)
    tag = make_tag(item, lent=True)

    with station(printer=True) as stand:
        row = bring_back(stand, tag).rows[0]
        stand.end()
        slip = stand.receipt()

        assert row.notes == ("held",)
        assert "На полицю броні" in slip
        assert "Тарас" not in slip
        assert stand.holds() == [("Тарас", "ready", "0012000001")]
        assert tag.afi == ARMED


def test_staff_get_a_slip_for_the_hold_shelf_where_the_branch_wants_it(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item, plain = shelf.item("0012000001", title="Тигролови"), shelf.item("0012000002")
    for one in (item, plain):
        shelf.lend(one, olena)
    shelf.hold(item, taras)

    with station(printer=True, station={"hold_slip": "always"}) as stand:
        bring_back(stand, make_tag(item, lent=True), make_tag(plain, lent=True))
        (slip,) = printed(stand, 1)

        assert "ПОЛИЦЯ БРОНІ" in slip
        assert "Тигролови" in slip
        assert "…0002" in slip
        assert "Тарас" not in slip


def test_staff_get_a_slip_for_what_travels_and_a_printer_without_paper_keeps_nobody(
    station: Station, shelf: Shelf
) -> None:
    item, other = (shelf.item(f"001200000{one}", branch=BranchId("children-2")) for one in (1, 2))
    olena = shelf.patron("Олена")
    for one in (item, other):
        shelf.lend(one, olena)

    with station(printer=True, station={"hold_slip": "always"}) as stand:
        bring_back(stand, make_tag(item, lent=True))
        (slip,) = printed(stand, 1)
        assert stand.printer is not None
        stand.printer.firmware.paper = PaperState.OUT
        stand.lay(make_tag(other, lent=True))
        stand.sees(ReturnsView, lambda view: view.returned == 2)

        assert "ПЕРЕСИЛАННЯ" in slip
        assert "Куди: children-2" in slip
        assert stand.on_loan() == {}


def test_another_branchs_book_is_sent_home(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001", branch=BranchId("children-2"))
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)

    with station(printer=True) as stand:
        row = bring_back(stand, tag).rows[0]
        stand.end()
        slip = stand.receipt()

        assert row.notes == ("other-branch",)
        assert row.destination == "children-2"
        assert "Їде у філію: children-2" in slip
        assert stand.ask("SELECT status FROM items") == [("in-transit",)]
        assert tag.afi == ARMED


def test_a_book_the_station_never_heard_of_is_kept_for_staff(station: Station, shelf: Shelf) -> None:
    tag = make_tag("0099000001", lent=True)

    with station() as stand:
        row = bring_back(stand, tag).rows[0]

        assert row.notes == ("unknown-item",)
        assert row.title == ""
        assert tag.afi == ARMED
        stand.owes(("unknown-item", "0099000001"))


def test_a_book_nobody_has_on_loan_is_taken_and_armed(station: Station, shelf: Shelf) -> None:
    tag = make_tag(shelf.item("0012000001"), lent=True)

    with station() as stand:
        stand.opens()
        stand.touch(Touch.RETURN)
        stand.sees(ReturnsView)
        stand.lay(tag)
        view = stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert view.rows[0].notes == ("not-on-loan",)
        assert tag.afi == ARMED
        stand.owes()


def test_thirty_in_a_row_through_the_night_without_a_touch(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", category="teacher")
    items = [shelf.item(f"00120000{number:02}") for number in range(30)]
    for item in items:
        shelf.lend(item, olena)
    tags = [make_tag(item, lent=True) for item in items]

    with station(station={"returns": "at-once"}) as stand:
        stand.opens()
        for number, tag in enumerate(tags, start=1):
            feed(stand, tag, number)
        done = stand.sees(DoneView)
        stand.sees(WelcomeView)

        assert done.returned == 30
        assert done.trouble == ()
        assert stand.on_loan() == {}
        assert {tag.afi for tag in tags} == {ARMED}
        assert stand.open_intents() == []
        stand.owes()


def test_lent_and_shelf_books_without_a_card_are_told_apart(station: Station, shelf: Shelf) -> None:
    lent, stays = shelf.item("0012000001", title="Тигролови"), shelf.item("0012000002")
    shelf.lend(lent, shelf.patron("Олена"))
    back, shelf_tag = make_tag(lent, lent=True), make_tag(stays)

    with station() as stand:
        stand.opens()
        stand.lay(back, shelf_tag)
        asking = stand.sees_rows(StackFirstView, RowState.ASKING, RowState.ASKING)

        assert (asking.on_loan, asking.in_stock) == (1, 1)

        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, RowState.RETURNED, RowState.ASKING)

        assert stand.on_loan() == {}
        assert back.afi == ARMED
        assert stand.ask("SELECT count(*) FROM returns") == [(1,)]


def test_silence_answers_no_to_the_question_of_a_return(station: Station, shelf: Shelf) -> None:
    item = shelf.item("0012000001")
    shelf.lend(item, shelf.patron("Олена"))
    tag = make_tag(item, lent=True)

    with station() as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees_rows(StackFirstView, RowState.ASKING)
        stand.sees(StackFirstView, lambda view: view.frame.leaving_in is not None)
        stand.sees(WelcomeView)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
