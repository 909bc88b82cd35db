"""Filling a database with what a network knows already; and forgetting what it need not know any more."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CardStatus,
    CategoryId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    ItemTypeId,
    Loan,
    LoanId,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.store import Moment, Store
from kiosk.store.loans import LoanState
from kiosk.store.patrons import Card, Pin
from kiosk.store.seed import Stock, seed

NOON = Moment(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 0)
TITLE = Title(TitleId("t"), "Тіні забутих предків", "Михайло Коцюбинський", 1911, "uk", 12)
ITEM = Item(ItemId("i"), TITLE, ItemTypeId("book"), BranchId("b"), ItemStatus.IN_TRANSIT, "84(4УКР)", 2)
PATRON = Patron(
    PatronId("p"),
    CardNumber("c"),
    "Олена",
    "Бондар",
    CategoryId("child"),
    BranchId("b"),
    born=date(2016, 2, 29),
    expires=date(2027, 1, 1),
    card_status=CardStatus.BLOCKED,
    fees=Decimal("12.50"),
    guardian=PatronId("q"),
    language="uk",
    pin_needed=True,
)
LOAN = Loan(LoanId("l"), ITEM.id, PATRON.id, ITEM.type, NOON.at, date(2026, 3, 16), 1)
HOLD = Hold(PATRON.id, TITLE.id, NOON.at, BranchId("b"), HoldStatus.READY, ITEM.id)
STOCK = Stock([TITLE], [ITEM], [PATRON], (), {PATRON.id: "verifier"}, [LOAN], [HOLD])


def test_everything_seeded_is_read_back_as_it_was(store: Store) -> None:
    seed(store, STOCK)

    with store.reading(NOON) as work:
        assert work.items.by_id([ITEM.id]) == {ITEM.id: ITEM}
        assert work.items.titles([TITLE.id]) == {TITLE.id: TITLE}
        assert work.patrons.by_id(PATRON.id) == PATRON
        assert work.loans.open_of_patron(PATRON.id) == (LOAN,)
        assert work.holds.of_patron(PATRON.id) == (HOLD,)
        assert work.patrons.pin(PATRON.id) == Pin("verifier")


def test_a_patron_has_the_card_that_is_printed_unless_cards_are_named(store: Store) -> None:
    seed(store, STOCK)

    with store.reading(NOON) as work:
        assert work.patrons.card(PATRON.card, "") == Card(PATRON.id, PATRON.card, status=CardStatus.BLOCKED)


def test_seeding_again_brings_up_to_date_and_leaves_loans_alone(store: Store) -> None:
    seed(store, STOCK)
    store.carry_out(lambda work: work.loans.close(LOAN.id, LoanState.RETURNED, NOON.at), NOON)
    renamed = Title(TITLE.id, "Новий переклад")

    seed(store, Stock([renamed], [], [PATRON], [Card(PATRON.id, PATRON.card, "04AB")], {}, [LOAN], [HOLD]))

    with store.reading(NOON) as work:
        assert work.items.titles([TITLE.id]) == {TITLE.id: renamed}
        assert work.loans.open_of_patron(PATRON.id) == ()
        assert work.patrons.card(None, "04ab") == Card(PATRON.id, PATRON.card, "04AB")


def test_a_loan_of_nothing_to_nobody_is_refused_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(IntegrityError):
        seed(store, Stock(titles=[TITLE], loans=[LOAN]))

    with store.reading(NOON) as work:
        assert work.items.titles([TITLE.id]) == {}


def test_what_is_closed_is_forgotten_and_what_is_open_is_kept(store: Store) -> None:
    seed(store, STOCK)
    later = Moment(NOON.at + timedelta(days=3), 0)
    store.carry_out(lambda work: work.forget_closed(later.at), later)
    with store.reading(NOON) as work:
        assert work.loans.record(LOAN.id) is not None
    store.carry_out(lambda work: work.loans.close(LOAN.id, LoanState.RETURNED, NOON.at), NOON)

    store.carry_out(lambda work: work.forget_closed(later.at), later)

    with store.reading(NOON) as work:
        assert work.loans.record(LOAN.id) is None
        assert work.holds.of_patron(PATRON.id) == (HOLD,)
