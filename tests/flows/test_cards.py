"""Cards: tapped, laid down, lifted too early, left behind, two at once, and those that may not be served."""

from datetime import timedelta

from kiosk.circulation.model import Reason, Refusal
from kiosk.station.view import (
    DoneView,
    NoticeView,
    PinView,
    ReceiptState,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.stand import ARMED, CLEARED, Shelf, Station, make_tag, today

ADULT_TERM = timedelta(days=30)
SLOW_PAD = 0.06
"""Seconds every answer of a slow pad takes: a book is half a second on its way, so a hand can be quicker."""


def test_the_card_first_then_the_books_and_the_loan_outlives_a_restart(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001", title="Тигролови"))

    with station(printer=True) as stand:
        stand.opens()
        card = stand.tap(olena)
        stand.sees(SessionView, lambda view: view.name == "Олена К.")
        card.remove()
        stand.lay(tag)
        session = stand.sees(SessionView, lambda view: view.lent == 1)
        stand.lift(tag)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.OFFERED)
        stand.touch(Touch.PRINT)
        stand.sees(DoneView, lambda view: view.receipt is ReceiptState.PRINTED)

        assert session.rows[0].due is not None
        assert session.rows[0].due >= today() + ADULT_TERM
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        assert "Тигролови" in stand.slips()[0]
        assert "Коваль" not in stand.slips()[0]

        stand.switch_off()
        stand.switch_on()
        stand.sees(WelcomeView, lambda view: view.frame.returns)
        stand.lay(tag)
        look = stand.sees(StackFirstView, lambda view: view.on_loan == 1)

        assert look.in_stock == 0
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert stand.debts() == []


def test_books_first_are_shown_to_nobody_in_particular_and_lent_when_the_card_comes(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(3)]

    with station() as stand:
        stand.opens()
        stand.lay(*tags)
        look = stand.sees(StackFirstView, lambda view: view.in_stock == 3)

        assert {row.state for row in look.rows} == {RowState.ASKING}
        assert stand.on_loan() == {}
        assert {tag.afi for tag in tags} == {ARMED}

        stand.tap(olena)
        stand.sees(SessionView, lambda view: view.lent == 3)

        assert set(stand.on_loan().values()) == {"Олена"}
        assert {tag.afi for tag in tags} == {CLEARED}


def test_card_and_books_laid_down_in_one_movement_are_one_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(3)]

    with station() as stand:
        stand.opens()
        card = stand.card(olena)
        stand.lay(tags[0])
        card.insert()
        stand.lay(*tags[1:])
        session = stand.sees(SessionView, lambda view: view.lent == 3 and not view.busy)

        assert [row.state for row in session.rows] == [RowState.LENT] * 3
        assert {tag.afi for tag in tags} == {CLEARED}
        assert len(stand.on_loan()) == 3
        assert stand.open_intents() == []


def test_a_card_only_tapped_may_be_gone_before_the_books_are_read(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        stand.pad.troubles.delay = SLOW_PAD
        card = stand.tap(olena)
        stand.sees(SessionView)
        card.remove()
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED


def test_a_card_torn_away_before_it_was_read_is_asked_for_again(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")

    with station() as stand:
        stand.opens()
        card = stand.card(olena)
        card.tear_at = 2
        card.insert()
        notice = stand.sees(NoticeView)
        card.tear_at = None
        card.insert()
        stand.sees(SessionView, lambda view: view.name == "Олена К.")

        assert (notice.hint, notice.reasons) == ("card-torn", ())


def test_a_resting_card_lifted_while_books_are_read_ends_the_visit_after_they_are_lent(
    station: Station, shelf: Shelf
) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing={"resting_card_s": 0.01}) as stand:
        stand.opens()
        stand.pad.troubles.delay = SLOW_PAD
        card = stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(tag)
        stand.sees(SessionView, lambda view: RowState.READING in [row.state for row in view.rows])
        card.remove()
        done = stand.sees(DoneView)

        assert (done.lent, done.trouble) == (1, ())
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        assert stand.debts() == []


def test_a_card_lifted_in_mid_commit_leaves_no_gate_bit_behind(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(4)]

    with station(timing={"resting_card_s": 0.01}) as stand:
        stand.opens()
        stand.pad.troubles.delay = SLOW_PAD
        card = stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(*tags)
        stand.sees(SessionView, lambda view: RowState.OPENING in [row.state for row in view.rows])
        card.remove()
        finishing = stand.sees(SessionView, lambda view: view.finishing)
        done = stand.sees(DoneView)

        assert finishing.lent < 4
        assert (done.lent, done.trouble) == (4, ())
        assert {tag.afi for tag in tags} == {CLEARED}
        assert len(stand.on_loan()) == 4
        assert stand.open_intents() == []


def test_a_card_left_behind_is_called_out_for_and_opens_nothing(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    hers, next_ones = make_tag(shelf.item("0012000001")), make_tag(shelf.item("0012000002"))

    with station() as stand:
        stand.opens()
        card = stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(hers)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.touch(Touch.DONE)
        done = stand.sees(DoneView)
        stand.lift(hers)
        stand.sees(WelcomeView, lambda view: view.lift_card)
        stand.lay(next_ones)
        stand.sees(StackFirstView, lambda view: view.in_stock == 1)

        assert done.take_card
        assert stand.on_loan() == {"0012000001": "Олена"}
        assert next_ones.afi == ARMED

        stand.lift(next_ones)
        stand.sees(WelcomeView, lambda view: view.lift_card)
        card.remove()
        stand.sees(WelcomeView, lambda view: not view.lift_card)


def test_a_card_left_behind_opens_nothing_when_the_station_is_switched_on_again(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")

    with station() as stand:
        stand.opens()
        stand.switch_off()
        card = stand.tap(olena)
        stand.switch_on()
        welcome = stand.sees(WelcomeView, lambda view: view.frame.lends and view.lift_card)
        card.remove()
        stand.sees(WelcomeView, lambda view: not view.lift_card)

        assert welcome.frame.visit == 0

        stand.tap(olena)
        stand.sees(SessionView)


def test_the_same_card_tapped_again_ends_the_visit(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(timing={"same_card_s": 0.01}) as stand:
        stand.opens()
        card = stand.tap(olena)
        stand.sees(SessionView)
        card.remove()
        stand.lay(tag)
        stand.sees(SessionView, lambda view: view.lent == 1)
        card = stand.tap(olena)
        done = stand.sees(DoneView)
        card.remove()
        stand.sees(DoneView, lambda view: not view.take_card)

        assert (done.lent, done.take_card) == (1, True)
        assert tag.afi == CLEARED


def test_two_cards_before_anybody_is_known_ask_for_one_and_open_neither_account(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена", pin="1234"), shelf.patron("Тарас")
    tag = make_tag(shelf.item("0012000001"))

    with station() as stand:
        stand.opens()
        first = stand.tap(olena)
        stand.sees(PinView)
        second = stand.tap(taras, slot=1)
        notice = stand.sees(NoticeView)
        stand.lay(tag)
        first.remove()
        second.remove()
        stand.sees(StackFirstView, lambda view: view.in_stock == 1)

        assert (notice.hint, notice.reasons) == ("card-several", ())
        assert stand.on_loan() == {}
        assert tag.afi == ARMED


def test_a_second_card_ends_the_first_visit_and_gets_nothing_of_it(station: Station, shelf: Shelf) -> None:
    olena, taras = shelf.patron("Олена"), shelf.patron("Тарас")
    hers, his = make_tag(shelf.item("0012000001")), make_tag(shelf.item("0012000002"))

    with station() as stand:
        stand.opens()
        stand.tap(olena)
        stand.sees(SessionView)
        stand.lay(hers)
        stand.sees(SessionView, lambda view: view.lent == 1)
        stand.tap(taras, slot=1)
        session = stand.sees(SessionView, lambda view: view.name == "Тарас К." and bool(view.rows))
        stand.lay(his)
        stand.sees(SessionView, lambda view: view.lent == 1)

        assert session.rows[-1].reasons == (Reason(Refusal.LEFT_BEHIND),)
        assert session.rows[-1].title == ""
        assert stand.on_loan() == {"0012000001": "Олена", "0012000002": "Тарас"}
        assert (hers.afi, his.afi) == (CLEARED, CLEARED)
        assert stand.debts() == []
