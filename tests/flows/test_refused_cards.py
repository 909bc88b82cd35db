"""Cards that may not be served: unknown, out of use, a child's with limits, and those a PIN protects."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kiosk.circulation.model import CardStatus, Reason, Refusal
from kiosk.station.view import (
    NoticeView,
    ParentSlip,
    PinView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag, today


def test_an_unknown_card_lends_nothing_and_says_whom_to_ask(station: Station, shelf: Shelf) -> None:
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        card = stand.unknown_card()
        card.insert()
        notice = stand.sees(NoticeView)
        stand.lay(tag)
        card.remove()
        stand.sees(StackFirstView, lambda view: view.in_stock == 1)

        assert notice.reasons == (Reason(Refusal.CARD_UNKNOWN),)
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        ({"card_status": CardStatus.BLOCKED}, Reason(Refusal.CARD_BLOCKED)),
        ({"card_status": CardStatus.LOST}, Reason(Refusal.CARD_LOST)),
        ({"expires": date(2020, 3, 1)}, Reason(Refusal.CARD_EXPIRED, day=date(2020, 3, 1))),
    ],
    ids=["blocked", "lost", "expired"],
)
def test_a_card_out_of_use_lends_nothing_and_names_nobody(
    station: Station, shelf: Shelf, standing: dict[str, Any], why: Reason
) -> None:
    olena = shelf.patron("Олена", **standing)
    tag = make_tag(shelf.item("0012000001"))

    with station(timing={"notice_s": 9}) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees(StackFirstView, lambda view: view.in_stock == 1)
        card = stand.tap(olena)
        notice = stand.sees(NoticeView)
        card.remove()

        assert notice.reasons == (why,)
        assert "Олена" not in stand.page()
        assert "Коваль" not in stand.page()

        stand.touch(Touch.CANCEL)
        stand.sees(StackFirstView, lambda view: view.in_stock == 1)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_a_child_is_not_lent_what_the_library_keeps_for_older_ones(station: Station, shelf: Shelf) -> None:
    ivas = shelf.patron("Івась", category="child", born=today() - timedelta(days=3600))
    fit, unfit = make_tag(shelf.item("0012000001")), make_tag(shelf.item("0012000002", age_from=16))

    with station() as stand:
        stand.opens()
        stand.tap(ivas)
        stand.sees(SessionView, lambda view: view.frame.child)
        stand.lay(fit, unfit)
        stand.sees(SessionView, lambda view: len(view.rows) == 2 and not view.busy)

        assert stand.rows()["Книжка 0012000002"].reasons == (Reason(Refusal.TOO_YOUNG, number=16),)
        assert stand.on_loan() == {"0012000001": "Івась"}
        assert (fit.afi, unfit.afi) == (CLEARED, ARMED)


def test_a_child_who_owes_reads_of_no_debt_and_takes_a_slip_home(station: Station, shelf: Shelf) -> None:
    ivas = shelf.patron("Івась", category="child", born=today() - timedelta(days=3600), fees=Decimal("12.75"))
    tag = make_tag(shelf.item("0012000001"))

    with station(printer=True, timing={"idle_s": 9}) as stand:
        stand.opens()
        stand.tap(ivas)
        session = stand.sees(SessionView, lambda view: view.parent_slip is ParentSlip.PRINTED)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: [row.state for row in view.rows] == [RowState.REFUSED])
        books = stand.page()
        stand.touch(Touch.ACCOUNT)
        stand.sees(SessionView, lambda view: view.on_account and view.account is not None)
        account = stand.page()

        assert session.blocks == ()
        assert "12,75" not in books + account
        assert "борг" not in books + account
        assert "12,75" in "".join(stand.slips())
        assert "Івась" not in "".join(stand.slips())
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_three_wrong_pins_lock_the_card_and_a_restart_does_not_open_it(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", pin="1234")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        card = stand.tap(olena)
        stand.sees(PinView)
        card.remove()
        stand.type_pin("0000")
        stand.sees(PinView, lambda view: view.tries_left == 2)
        stand.type_pin("1111")
        stand.sees(PinView, lambda view: view.tries_left == 1)
        stand.type_pin("2222")
        locked = stand.sees(NoticeView)

        assert (locked.hint, locked.minutes) == ("pin-locked", 15)

        stand.switch_off()
        stand.switch_on()
        stand.opens()
        stand.lay(tag)
        card = stand.tap(olena)
        stand.sees(PinView)
        card.remove()
        stand.type_pin("1234")
        still_locked = stand.sees(NoticeView)

        assert still_locked.hint == "pin-locked"
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_the_right_pin_opens_the_visit_and_lends_what_lies_there(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", pin="1234")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        stand.lay(tag)
        card = stand.tap(olena)
        stand.sees(PinView, lambda view: view.books == 1)
        card.remove()
        stand.type_pin("99")
        stand.sees(PinView, lambda view: view.typed == 2)
        stand.touch(Touch.ERASE)
        stand.touch(Touch.ERASE)
        stand.type_pin("1234")
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED


def test_a_pin_nobody_types_is_asked_for_once_more_and_then_the_visit_is_over(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена", pin="1234")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing={"idle_s": 0.8, "answer_s": 0.5}) as stand:
        stand.opens()
        stand.lay(tag)
        card = stand.tap(olena)
        stand.sees(PinView)
        stand.type_pin("12")
        stand.sees(PinView, lambda view: view.typed == 2)
        card.remove()
        stand.sees(PinView, lambda view: view.frame.leaving_in is not None)
        notice = stand.sees(NoticeView)
        stand.sees(WelcomeView)

        assert (notice.hint, notice.reasons) == ("pin-abandoned", ())
        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        assert stand.ask("SELECT failures FROM pins") == [(0,)]
