"""What the centre tells, laid under what the station did: nothing of its own is undone by an older word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.circulation.model import ItemStatus, Part, PartKind
from kiosk.library.port import GateOutcome, NotLent
from kiosk.store.debts import DebtKind
from kiosk.store.replica import Malformed, take_page
from kiosk.store.replica.position import position_of
from kiosk.wire.messages import Kind
from tests.library.desk_stand import OLENA, TARAS, DeskStand, card, copy, facts
from tests.store import told
from tests.store.told import Teller, ask


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskStand]:
    stand = DeskStand(tmp_path / "station.db")
    yield stand
    stand.store.close()


@pytest.fixture
def centre(desk: DeskStand) -> Teller:
    return Teller(desk)


def loans(desk: DeskStand) -> list[tuple[str, str]]:
    return ask(desk, "SELECT item, patron FROM loans WHERE state = 'open' ORDER BY item")


# --- plain news ----------------------------------------------------------------------------------------


def test_a_new_book_and_a_new_patron_can_be_lent_at_once(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.title("tyhrolovy"), told.item("tyhrolovy"), told.patron("ivan"))

    ivan = desk.library.identify(card("card-ivan"))
    desk.lend(ivan.patron, copy("k", "tyhrolovy"))

    assert loans(desk) == [("tyhrolovy", "p-ivan")]


def test_a_page_and_the_place_it_leads_to_are_one(desk: DeskStand, centre: Teller) -> None:
    page, place = centre.page(told.title("tyhrolovy"))
    assert take_page(desk.store, page, place, told.LATER)

    again = take_page(desk.store, page, place, told.LATER)

    assert not again
    assert position_of(desk.store).cursor == page.cursor


def test_copies_may_come_before_their_title_and_loans_before_their_copy(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.loan("l1", "late", "newcomer"))
    centre.tell(told.item("late"))

    centre.tell(told.title("late"), told.patron("newcomer"))

    assert desk.item("late").title.name == "Late"
    assert desk.item("late").status is ItemStatus.AVAILABLE
    assert desk.loans_of("p-newcomer") == ["late"]


def test_a_loan_of_a_copy_no_list_knows_can_be_given_back_and_not_lent_again(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.loan("l1", "nowhere", "olena"))

    desk.give_back(copy("k1", "nowhere"))
    (again,) = desk.library.checkout(OLENA, (copy("k2", "nowhere"),))

    assert desk.loans_of(OLENA) == []
    assert isinstance(again, NotLent)


def test_what_a_newer_centre_adds_is_left_alone_and_what_an_older_one_lacks_has_its_default(
    desk: DeskStand, centre: Teller
) -> None:
    kind, key, row = told.item("eneida")

    centre.tell(
        (kind, key, [*row, [["Диск 1", "disc"]], "a column of tomorrow"]), (Kind.TITLE, "t-short", ["t-short", "Short"])
    )

    assert desk.item("eneida").status is ItemStatus.AVAILABLE
    assert desk.item("eneida").contents == (Part("Диск 1", PartKind.DISC),)
    assert ask(desk, "SELECT name, language, isbns FROM titles WHERE id = 't-short'") == [("Short", "", "[]")]


@pytest.mark.parametrize(
    "bad",
    [
        told.item("eneida", status="eaten by mice"),
        (Kind.LOAN, "l1", ["l1", "eneida", "p-olena", "book", "yesterday", "2026-03-20", 0]),
        (Kind.LOAN, "l1", ["l1", "eneida"]),
        told.patron("olena", fees="much"),
        told.patron("olena", cards=[[None, None, "active"]]),
        (Kind.TITLE, "t-x", [None, "No id"]),
        (Kind.TITLE, "t-x", ["t-x", {"a": "table"}]),
    ],
)
def test_a_row_that_cannot_be_kept_refuses_its_page_and_says_which_it_was(
    desk: DeskStand, centre: Teller, bad: tuple[Kind, str, list[object]]
) -> None:
    page, place = centre.page(told.title("good"), bad)

    with pytest.raises(Malformed, match=f"{bad[0]} .*{bad[1]}"):
        take_page(desk.store, page, place, told.LATER)

    assert position_of(desk.store) == place
    assert ask(desk, "SELECT 1 FROM titles WHERE id = 't-good'") == []


# --- loans ---------------------------------------------------------------------------------------------


def test_a_book_lent_elsewhere_comes_back_here(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.loan("l1", "eneida", "olena"))

    returned = desk.give_back(copy("k", "eneida"))

    assert returned.notes == ()
    assert desk.journal()[-1].facts()["loan"] == "l1"


def test_a_loan_the_centre_no_longer_has_open_ends_here(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    loan = desk.journal()[0].facts()["loan"]
    centre.hear_all()

    centre.tell(told.gone(Kind.LOAN, loan))

    assert loans(desk) == []
    assert ask(desk, "SELECT state, closed_at FROM loans") == [("returned", "2026-03-02T11:00:00.000000Z")]


def test_what_was_lent_here_stands_though_the_centre_has_not_heard_of_it(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.loan("l1", "eneida", "taras"))
    desk.give_back(copy("k1", "eneida"))
    desk.lend(OLENA, copy("k2", "eneida"))

    centre.tell(
        told.loan("l1", "eneida", "taras", due="2026-04-01"), told.item("eneida", "in-transit", location="music")
    )

    assert loans(desk) == [("eneida", OLENA)]
    assert desk.item("eneida").status is ItemStatus.AVAILABLE


def test_once_the_centre_has_heard_its_word_counts(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    centre.hear_all()

    centre.tell(told.loan("l9", "eneida", "taras"))

    assert loans(desk) == [("eneida", TARAS)]


def test_no_bit_is_left_to_be_cleared_for_a_loan_that_ended_elsewhere(desk: DeskStand, centre: Teller) -> None:
    (lent,) = desk.library.checkout(OLENA, (copy("k", "eneida"),))
    desk.restart()
    centre.hear_all()

    centre.tell(told.gone(Kind.LOAN, lent.loan))

    assert desk.library.recognise((copy("k2", "eneida"),))[0].orders == ()


# --- patrons -------------------------------------------------------------------------------------------


def test_a_fee_charged_here_is_not_forgotten_by_an_older_word(desk: DeskStand, centre: Teller) -> None:
    desk.store.look(lambda c: c.exec_driver_sql("UPDATE patrons SET fees = '7.50' WHERE id = 'p-olena'"))
    desk.lend(OLENA, copy("k", "eneida"))

    centre.tell(told.patron("olena", fees="0.00", card_status="blocked"))

    assert ask(desk, "SELECT fees, card_status FROM patrons WHERE id = 'p-olena'") == [("7.50", "blocked")]


def test_wrong_tries_of_a_pin_survive_the_same_pin_and_not_a_new_one(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.patron("olena", pin="$first"))
    desk.store.look(lambda c: c.exec_driver_sql("UPDATE pins SET failures = 2"))

    centre.tell(told.patron("olena", pin="$first"))
    kept = ask(desk, "SELECT failures FROM pins")
    centre.tell(told.patron("olena", pin="$second"))

    assert kept == [(2,)]
    assert ask(desk, "SELECT verifier, failures FROM pins") == [("$second", 0)]


def test_a_patron_without_a_pin_any_more_has_none_here(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.patron("olena", pin="$first"))

    centre.tell(told.patron("olena"))

    assert ask(desk, "SELECT * FROM pins") == []


def test_a_card_that_changed_hands_opens_one_account(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.patron("olena", cards=[["card-taras", None, "active"]]))

    assert desk.library.identify(card("card-taras")).patron == OLENA


def test_everything_of_a_merged_patron_belongs_to_the_other(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    centre.tell(told.hold("h1", "olena", "kobzar"), told.hold("h2", "taras", "kobzar"))

    centre.tell(told.patron("olena", merged_into="p-taras", cards=[]), told.patron("taras"))

    assert desk.loans_of(TARAS) == ["eneida"]
    assert [hold.patron for hold in desk.queue("kobzar")] == [TARAS]


def test_a_patron_who_is_gone_leaves_no_name_behind_even_with_a_book_out(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k", "eneida"))

    centre.tell(told.gone(Kind.PATRON, OLENA), told.gone(Kind.PATRON, TARAS))

    assert ask(desk, "SELECT given_name, family_name, card_status FROM patrons WHERE id = 'p-olena'") == [
        ("", "", "blocked")
    ]
    assert ask(desk, "SELECT 1 FROM patrons WHERE id = 'p-taras'") == []
    assert ask(desk, "SELECT 1 FROM cards WHERE patron IN ('p-olena', 'p-taras')") == []


def test_a_withdrawn_copy_that_is_out_stays_known_until_it_is_back(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k", "eneida"))
    centre.hear_all()

    centre.tell(told.gone(Kind.ITEM, "eneida"), told.gone(Kind.ITEM, "kobzar"))

    assert desk.item("eneida").status is ItemStatus.WITHDRAWN
    assert ask(desk, "SELECT 1 FROM items WHERE id = 'kobzar'") == []


# --- holds ---------------------------------------------------------------------------------------------


def test_a_copy_that_waits_for_one_patron_does_not_leave_with_another(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.hold("h1", "taras", "eneida", "ready", "eneida"))

    (answer,) = desk.library.checkout(OLENA, (copy("k", "eneida"),))

    assert isinstance(answer, NotLent)


def test_a_hold_served_here_is_not_opened_again_by_an_older_word(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.hold("h1", "olena", "eneida", "ready", "eneida"))
    desk.lend(OLENA, copy("k", "eneida"))

    centre.tell(told.hold("h1", "olena", "eneida", "ready", "eneida"))

    assert desk.queue("eneida") == ()


def test_a_hold_that_is_over_and_placed_anew_is_one_place_in_the_queue(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.hold("h1", "olena", "eneida"))

    centre.tell(told.hold("h2", "olena", "eneida", "ready", "eneida"))
    centre.tell(told.gone(Kind.HOLD, "h1"))

    (hold,) = desk.queue("eneida")
    assert (hold.patron, hold.item) == (OLENA, "eneida")


# --- debts ---------------------------------------------------------------------------------------------


def test_a_gate_debt_of_another_station_is_mended_at_the_next_sight_of_the_tag(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.debt("d1", "eneida", "E0-eneida"))

    (seen,) = desk.library.recognise((copy("k", "eneida"),))

    assert [(order.tag, order.armed) for order in seen.orders] == [("E0-eneida", True)]
    assert [(debt.id, debt.origin) for debt in desk.debts_in_full()] == [("d1", "centre")]


def test_a_bit_is_not_ordered_cleared_for_a_book_nobody_has_on_loan(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.debt("d1", "eneida", "E0-eneida", kind="gate-not-cleared"))

    assert desk.library.recognise((copy("k", "eneida"),))[0].orders == ()


def test_a_debt_settled_elsewhere_orders_nothing_here_any_more(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.debt("d1", "eneida", "E0-eneida"))

    centre.tell(told.gone(Kind.DEBT, "d1"))

    assert desk.debts() == []
    assert desk.library.recognise((copy("k", "eneida"),))[0].orders == ()


def test_a_debt_two_stations_found_has_one_name_and_ends_by_it(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.give_back(copy("k2", "eneida"), GateOutcome.LOCKED)
    centre.hear_all()
    centre.tell(told.debt("theirs", "eneida", "E0-eneida"))
    (known,) = desk.debts_in_full()

    centre.tell(told.gone(Kind.DEBT, "theirs"))

    assert known.id == "theirs"
    assert desk.debts() == []
    assert desk.library.recognise((copy("k3", "eneida"),))[0].orders == ()


def test_a_debt_that_ended_and_came_up_again_in_one_page_is_open(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.debt("d1", "eneida", "E0-eneida"))

    centre.tell(told.gone(Kind.DEBT, "d1"), told.debt("d2", "eneida", "E0-eneida"))

    assert [debt.id for debt in desk.debts_in_full()] == ["d2"]


def test_our_own_debt_told_back_to_us_stays_one(desk: DeskStand, centre: Teller) -> None:
    desk.lend(OLENA, copy("k1", "eneida"))
    desk.give_back(copy("k2", "eneida"), GateOutcome.LOCKED)
    (own,) = desk.debts_in_full()
    centre.hear_all()

    centre.tell(told.debt(own.id, "eneida", "E0-eneida"))

    assert desk.debts() == [(DebtKind.GATE_NOT_ARMED, "E0-eneida")]
    assert ask(desk, "SELECT count(*) FROM intents WHERE state = 'owed'") == [(1,)]


def test_a_debt_mended_here_is_not_opened_again_by_an_older_word(desk: DeskStand, centre: Teller) -> None:
    centre.tell(told.debt("d1", "eneida", "E0-eneida"))
    (seen,) = desk.library.recognise((copy("k", "eneida"),))
    desk.library.settle(facts(seen.orders))

    centre.tell(told.debt("d1", "eneida", "E0-eneida"))

    assert desk.debts() == []
