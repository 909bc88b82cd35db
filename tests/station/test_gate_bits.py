"""Copies with several tags, and loans taken back: no tag is left in the wrong state, through the pure step."""

import pytest

from kiosk.circulation.model import ItemId, PatronId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import Identified
from kiosk.station import events as on
from kiosk.station.setup import ReturnsHabit, Setup
from kiosk.station.view import ReturnsView, Row, RowState, SessionView, Touch
from tests.fakes import FakeLibrary, FakeTag
from tests.station.world import World

OLENA = Identified(PatronId("olena"), "Олена", "Коваль", child=False, pin_needed=False)
OLD, NEW = (FakeTag(TagUid(f"E0000000000000A{number}"), "twice") for number in (1, 2))
DISC, RULES = (FakeTag(TagUid(f"E0000000000000B{part}"), "game", parts=2, part=part) for part in (1, 2))


def world_of(library: FakeLibrary, **habits: ReturnsHabit) -> World:
    return World(library, Setup(run="r", **habits))  # type: ignore[arg-type]  # a habit is named by its keyword


@pytest.fixture
def world() -> World:
    return world_of(FakeLibrary(patrons={"olena": OLENA}))


def tap(world: World) -> None:
    world.tell(on.CardPresented("slot", CardIdentity("uid", "olena")))


def only_row(world: World) -> Row:
    assert isinstance(world.view, SessionView | ReturnsView)
    (row,) = world.view.rows
    return row


def armed(world: World) -> list[bool]:
    return [tag.armed for tag in world.field.values()]


def test_a_second_tag_met_in_mid_commit_is_cleared_too(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(OLD)
    world.work_once()  # the first tag is read: checkout is asked
    world.lay(NEW)
    world.hold = False
    world.work()

    assert only_row(world).state is RowState.LENT
    assert armed(world) == [False, False]


def test_a_copy_with_a_tag_still_to_be_cleared_is_not_green(world: World) -> None:
    tap(world)
    world.lay(OLD)
    world.hold = True
    world.lay(NEW)
    world.work_once()  # the second tag is read
    world.work_once()  # the library gives the order for it

    assert only_row(world).state is RowState.OPENING

    world.hold = False
    world.work()

    assert only_row(world).state is RowState.LENT


def test_a_second_tag_that_refuses_makes_the_copy_a_matter_for_staff(world: World) -> None:
    tap(world)
    world.lay(OLD)
    world.lay(FakeTag(NEW.uid, "twice", locked=True))

    assert only_row(world).state is RowState.STAFF
    assert world.loans() == {"twice"}
    assert len(world.library.debts) == 1


def test_a_second_tag_of_a_returned_copy_is_armed_and_the_row_keeps_what_it_said() -> None:
    library = FakeLibrary(on_loan={ItemId("twice"): OLENA.patron})
    world = world_of(library, returns=ReturnsHabit.AT_ONCE)
    world.lay(FakeTag(OLD.uid, "twice", armed=False))
    before = only_row(world)

    world.lay(FakeTag(NEW.uid, "twice", armed=False))

    assert armed(world) == [True, True]
    assert only_row(world).state is RowState.RETURNED
    assert (only_row(world).title, only_row(world).notes) == (before.title, before.notes)


def test_a_second_tag_of_a_copy_returned_in_a_session_does_not_lend_it_again(world: World) -> None:
    world.library.on_loan[ItemId("twice")] = OLENA.patron
    tap(world)
    world.lay(FakeTag(OLD.uid, "twice", armed=False))
    world.touch(Touch.RETURN)

    world.lay(FakeTag(NEW.uid, "twice", armed=False))

    assert only_row(world).state is RowState.RETURNED
    assert world.loans() == set()
    assert armed(world) == [True, True]


def test_a_set_with_a_part_that_refuses_is_armed_again_while_it_lies_there(world: World) -> None:
    tap(world)
    world.lay(DISC, FakeTag(RULES.uid, "game", parts=2, part=2, locked=True))

    assert only_row(world).state is RowState.STAFF
    assert world.loans() == set()
    assert armed(world) == [True, True]


def test_a_part_laid_down_alone_is_refused_and_its_bit_mended(world: World) -> None:
    world.library.voided.add(ItemId("game"))
    tap(world)
    world.lay(FakeTag(DISC.uid, "game", parts=2, part=1, armed=False))
    world.pass_time(5)

    assert only_row(world).state is RowState.REFUSED
    assert armed(world) == [True]


def test_a_card_at_a_station_that_only_takes_back_turns_no_return_into_a_loan() -> None:
    library = FakeLibrary(patrons={"olena": OLENA}, on_loan={ItemId("1"): OLENA.patron})
    world = World(library, Setup(run="r", lends=False))
    tap(world)

    world.lay(FakeTag(TagUid("E000000000000001"), "1", armed=False))

    assert only_row(world).state is RowState.RETURNED
    assert world.loans() == set()
    assert armed(world) == [True]


def test_a_card_at_a_station_that_neither_lends_nor_takes_moves_no_book() -> None:
    world = World(FakeLibrary(patrons={"olena": OLENA}), Setup(run="r", lends=False, takes_returns=False))
    tap(world)

    world.lay(OLD)

    assert only_row(world).state is RowState.ASKING
    assert world.loans() == set()
    assert armed(world) == [True]
