"""What the rules of lending refuse at a station, what they allow, and what a patron can do about it here and now."""

from datetime import timedelta
from decimal import Decimal

from kiosk.circulation.model import ItemStatus, Reason, Refusal
from kiosk.station.view import Row, RowState, SessionView, Touch
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag, today


def why(row: Row) -> list[Refusal]:
    return [reason.refusal for reason in row.reasons]


def test_a_copy_set_aside_for_another_stays_on_the_hold_shelf(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    shelf.hold(item, taras, set_aside=True)
    tag = make_tag(item)

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.REFUSED)

        assert why(view.rows[0]) == [Refusal.HELD_FOR_ANOTHER]
        assert stand.on_loan() == {}
        assert stand.holds() == [("Тарас", "ready", "0012000001")]
        assert tag.afi == ARMED


def test_a_copy_set_aside_for_me_goes_home_and_my_hold_is_done(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.hold(item, olena, set_aside=True)
    tag = make_tag(item)

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert stand.holds() == []
        assert tag.afi == CLEARED


def test_a_copy_for_the_reading_room_is_not_lent(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Словник", status=ItemStatus.NOT_FOR_LOAN))
    novel = make_tag(shelf.item("0012000002"))

    with station(printer=True) as stand:
        stand.begin(olena)
        stand.lay(tag, novel)
        view = stand.sees_rows(SessionView, RowState.REFUSED, RowState.LENT)
        refused = next(row for row in view.rows if row.state is RowState.REFUSED)
        done = stand.end()
        slip = stand.receipt()

        assert why(refused) == [Refusal.NOT_FOR_LOAN]
        assert [row.title for row in done.trouble] == ["Словник"]
        assert "Словник" in slip
        assert tag.afi == ARMED
        assert "0012000001" not in stand.on_loan()


def test_the_loan_limit_is_reached_in_mid_stack(station: Station, shelf: Shelf) -> None:
    child = shelf.patron("Марко", category="child")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(7)]

    with station() as stand:
        stand.begin(child)
        stand.lay(*tags)
        view = stand.sees_rows(SessionView, *[RowState.LENT] * 5, *[RowState.REFUSED] * 2)
        refused = [row for row in view.rows if row.state is RowState.REFUSED]

        assert view.lent == 5
        assert {row.reasons[0] for row in refused} == {Reason(Refusal.LOAN_LIMIT, number=5)}
        assert len(stand.on_loan()) == 5
        assert sorted(tag.afi for tag in tags) == [ARMED] * 2 + [CLEARED] * 5


def test_fees_above_the_limit_are_said_at_once_and_block_every_book(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", fees=Decimal("50.50"))
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        greeting = stand.sees(SessionView)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.REFUSED)

        assert greeting.blocks == (Reason(Refusal.FEES, amount=Decimal("50.50")),)
        assert why(view.rows[0]) == [Refusal.FEES]
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_a_returned_late_book_lifts_the_block_for_the_next_one(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    late = [shelf.item(f"001200010{number}") for number in range(3)]
    for item in late:
        shelf.lend(item, olena, due_in=-3)
    back, wanted = make_tag(late[0], lent=True), make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.begin(olena)
        stand.lay(wanted)
        refused = stand.sees_rows(SessionView, RowState.REFUSED)

        assert refused.blocks == (Reason(Refusal.OVERDUE, number=3),)
        assert why(refused.rows[0]) == [Refusal.OVERDUE]
        assert wanted.afi == ARMED

        stand.take_away(wanted)
        stand.lay(back)
        stand.sees_rows(SessionView, RowState.REFUSED, RowState.YOURS)
        stand.touch(Touch.RETURN)
        stand.sees_rows(SessionView, RowState.REFUSED, RowState.RETURNED)
        stand.lay(wanted)
        stand.sees_rows(SessionView, RowState.RETURNED, RowState.LENT)

        assert wanted.afi == CLEARED
        assert back.afi == ARMED


def test_my_own_book_is_renewed_where_it_lies(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001", title="Тигролови")
    loan = shelf.lend(item, olena, due_in=2)
    tag = make_tag(item, lent=True)

    with station(printer=True) as stand:
        stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.YOURS)

        assert view.rows[0].due == loan.due
        assert view.rows[0].can_renew == loan.id

        stand.touch(Touch.RENEW, loan.id)
        renewed = stand.sees(SessionView, lambda view: view.rows[0].due != loan.due and not view.busy)
        stand.sees(SessionView, lambda view: view.account is not None and view.account.loans[0].due != loan.due)
        done = stand.end()
        slip = stand.receipt()

        assert done.renewed == 1
        assert renewed.rows[0].due is not None
        assert renewed.rows[0].due >= today() + timedelta(days=30)
        assert "Тигролови" in slip
        assert stand.ask("SELECT renewals FROM loans") == [(1,)]
        assert tag.afi == CLEARED


def test_my_own_book_is_returned_from_my_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    item = shelf.item("0012000001")
    shelf.lend(item, olena)
    tag = make_tag(item, lent=True)

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.YOURS)
        stand.touch(Touch.RETURN_ROW, view.rows[0].key)
        stand.sees_rows(SessionView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_a_book_on_loan_to_another_is_taken_back_first_and_then_lent(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    item = shelf.item("0012000001")
    shelf.lend(item, taras)
    tag = make_tag(item, lent=True)

    with station() as stand:
        stand.begin(olena)
        stand.lay(tag)
        view = stand.sees_rows(SessionView, RowState.REFUSED)

        assert why(view.rows[0]) == [Refusal.ON_LOAN_TO_ANOTHER]
        assert view.rows[0].can_return
        assert stand.on_loan() == {"0012000001": "Тарас"}

        stand.touch(Touch.RETURN_ROW, view.rows[0].key)
        stand.sees_rows(SessionView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED

        stand.take_away(tag)
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
