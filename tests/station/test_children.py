"""A child reads of no debt, no fine and no lateness; a grown-up is told on paper, and reading earns a stamp."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.circulation.model import ItemId, PatronId, Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.port import Account, CheckinNote, Copy, GateFact, Identified, LoanId, LoanLine, Returned
from kiosk.station import events as on
from kiosk.station.setup import Setup
from kiosk.station.view import DoneView, ParentSlip, RowState, SessionView, Touch
from tests.fakes import DUE, FakeLibrary
from tests.station.test_visits import book
from tests.station.world import FACTS, World

FEES = Reason(Refusal.FEES, amount=Decimal("12.50"))
LATE = Reason(Refusal.OVERDUE, number=4)
CHILD = Identified(PatronId("marko"), "Марко", "Лис", child=True, pin_needed=False, blocks=(FEES, LATE))
GROWN_UP = replace(CHILD, patron=PatronId("olena"), child=False)
LATE_LINE = LoanLine(LoanId("loan-9"), ItemId("9"), "Казки", "", DUE, overdue=True, renewals_left=0)


class OwingLibrary(FakeLibrary):
    """A library whose patrons owe something, have a late book, and whose returns are late and cost."""

    def account(self, patron: PatronId) -> Account:
        return Account((LATE_LINE,), (), Decimal("12.50"), 8)

    def finish_checkin(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[Returned, ...]:
        for copy in copies:
            self.on_loan.pop(copy.item, None)
        notes = (CheckinNote.LATE, CheckinNote.FEE, CheckinNote.HELD)
        return tuple(Returned(copy, None, notes, late_days=5, fee=Decimal("7.50")) for copy in copies)


def world_of(patron: Identified, **setup: object) -> World:
    return World(OwingLibrary(patrons={"card": patron}), Setup(run="r", **setup))  # type: ignore[arg-type]


def tap(world: World) -> SessionView:
    world.tell(on.CardPresented("slot", CardIdentity("uid", "card")))
    assert isinstance(world.view, SessionView)
    return world.view


def test_a_child_sees_no_debt_and_the_parents_get_a_slip_once() -> None:
    world = world_of(CHILD)

    view = tap(world)
    world.touch(Touch.ACCOUNT)

    assert view.blocks == ()
    assert view.parent_slip is ParentSlip.PRINTED
    assert [(slip.blocks, slip.late) for slip in world.parent_slips] == [((FEES, LATE), (LATE_LINE,))]
    assert isinstance(world.view, SessionView)
    assert world.view.account is not None
    assert world.view.account.fees is None


def test_a_grown_up_sees_the_debt_and_gets_no_such_slip() -> None:
    world = world_of(GROWN_UP)

    view = tap(world)

    assert view.blocks == (FEES, LATE)
    assert world.parent_slips == []


def test_other_blocks_are_told_to_a_child_too() -> None:
    unknown = Reason(Refusal.CATEGORY_UNKNOWN)

    assert tap(world_of(replace(CHILD, blocks=(unknown, FEES)))).blocks == (unknown,)


def test_a_child_without_debts_gets_no_slip() -> None:
    world = world_of(replace(CHILD, blocks=()))

    assert tap(world).parent_slip is ParentSlip.NONE
    assert world.parent_slips == []


@pytest.mark.parametrize("why", ["no printer", "no paper"])
def test_without_paper_the_screen_asks_for_a_grown_up(why: str) -> None:
    world = world_of(CHILD)
    if why == "no printer":
        world.tell(on.DeviceDown(on.DeviceKind.PRINTER, "pulled"))
    world.paper = False

    assert tap(world).parent_slip is ParentSlip.TELL
    world.tell(on.DeviceUp(on.DeviceKind.PRINTER, FACTS))


def test_a_book_refused_for_fees_tells_a_child_no_amount() -> None:
    world = world_of(CHILD)
    world.library.refused[ItemId("1")] = Refusal.FEES
    tap(world)
    world.lay(book("1"))

    assert isinstance(world.view, SessionView)
    assert world.view.rows[0].reasons == (Reason(Refusal.FEES),)


@pytest.mark.parametrize(("for_children", "notes"), [(True, ("held",)), (False, ("late", "fee", "held"))])
def test_a_return_without_a_card_is_told_by_who_comes_to_this_branch(
    for_children: bool,
    notes: tuple[str, ...],
) -> None:
    world = world_of(GROWN_UP, for_children=for_children)
    world.library.on_loan[ItemId("1")] = PatronId("marko")
    world.touch(Touch.RETURN)
    world.lay(book("1"))

    row = world.view.rows[0]  # type: ignore[union-attr]
    assert (row.state, row.notes) == (RowState.RETURNED, notes)
    assert (row.late_days, row.fee) == ((0, 0) if for_children else (5, Decimal("7.50")))


def test_reading_earns_stamps_on_the_goodbye_and_on_the_slip() -> None:
    world = world_of(replace(CHILD, blocks=()))
    tap(world)
    world.lay(book("1"), book("2"))
    world.touch(Touch.DONE)
    assert isinstance(world.view, DoneView)
    assert world.view.stamps == 2

    world.touch(Touch.PRINT)

    assert world.printed[0].stamps == 2


def test_a_grown_up_earns_no_stamps() -> None:
    world = world_of(replace(GROWN_UP, blocks=()))
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.DONE)

    assert isinstance(world.view, DoneView)
    assert world.view.stamps == 0
