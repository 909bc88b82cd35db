"""Copies and cards named by their barcodes: whatever tag they carry, its gate bit is never forgotten."""

import pytest

from kiosk.barcodes import ScannedCard, ScannedCopy, StrangeBarcode
from kiosk.circulation.model import CardNumber, ItemId, PatronId, Reason, Refusal
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import CheckinNote, Identified
from kiosk.station import events as on
from kiosk.station.setup import ReturnsHabit, Setup, Untagged
from kiosk.station.states import AskingPin, Notice, Session, StackFirst, Welcome
from kiosk.station.view import NoticeView, ReturnsView, Row, RowState, SessionView, StackFirstView, Touch, WelcomeView
from tests.fakes import FakeLibrary, FakeTag
from tests.station.world import FACTS, World

OLENA = Identified(PatronId("olena"), "Олена", "Коваль", child=False, pin_needed=False)
BOOK, OTHER = ItemId("B1"), ItemId("B2")
TAG = FakeTag(TagUid("E0000000000000B1"), "B1", owner="UA-1")
DUMB, DUMBER = TagUid("E0000000000000D1"), TagUid("E0000000000000D2")
TRANSITION = Setup(run="r", untagged=Untagged.SERVE, owners=frozenset({"UA-1"}), scans_cards=True)
TAGGED = Setup(run="r", owners=frozenset({"UA-1"}))


def world_of(setup: Setup = TRANSITION) -> World:
    return World(FakeLibrary(patrons={"olena": OLENA, "21234": OLENA}), setup)


def scan(world: World, item: str = BOOK) -> None:
    world.tell(on.BarcodeScanned(ScannedCopy(ItemId(item))))


def tap(world: World) -> None:
    world.tell(on.CardPresented("slot", CardIdentity("uid", "olena")))
    world.tell(on.CardLifted("slot"))


def lay_unreadable(world: World, *uids: TagUid) -> None:
    world.lay(*(FakeTag(uid, "") for uid in uids))


def rows(world: World) -> tuple[Row, ...]:
    view = world.view
    assert isinstance(view, SessionView | StackFirstView | ReturnsView)
    return view.rows


def states(world: World) -> list[RowState]:
    return [row.state for row in rows(world)]


def test_a_copy_without_a_tag_is_lent_once_the_pad_has_seen_none() -> None:
    world = world_of()
    tap(world)
    scan(world)

    waiting = rows(world)[0]
    assert (waiting.state, waiting.lay_down) == (RowState.WAITING, True)
    world.pass_time(3.0)

    assert states(world) == [RowState.LENT]
    assert world.loans() == {BOOK}


def test_a_copy_whose_tag_comes_in_time_is_lent_with_its_gate_bit_cleared() -> None:
    world = world_of()
    tap(world)
    scan(world)
    world.lay(TAG)

    assert states(world) == [RowState.LENT]
    assert not world.tag_of("B1").armed


def test_a_tag_seen_only_after_the_loan_is_cleared_too() -> None:
    world = world_of()
    tap(world)
    scan(world)
    world.pass_time(3.0)
    world.lay(TAG)

    assert states(world) == [RowState.LENT]
    assert not world.tag_of("B1").armed


def test_a_tag_of_another_library_with_the_same_number_is_another_copy() -> None:
    world = world_of()
    tap(world)
    scan(world)
    world.lay(FakeTag(TAG.uid, "B1", owner="XX-1"))
    world.pass_time(3.0)

    assert sorted(states(world)) == [RowState.LENT, RowState.REFUSED]
    assert world.field[TAG.uid].armed


def test_where_copies_have_tags_one_whose_tag_is_not_seen_is_not_lent() -> None:
    world = world_of(TAGGED)
    tap(world)
    scan(world)
    world.pass_time(3.0)

    assert rows(world)[0].reasons == (Reason(Refusal.TAG_UNSEEN),)
    assert world.loans() == set()
    world.lay(TAG)
    assert states(world) == [RowState.LENT]
    assert not world.tag_of("B1").armed


@pytest.mark.parametrize("tag_first", [True, False])
def test_the_one_tag_nobody_can_read_obeys_for_the_copy_whose_barcode_is_scanned(*, tag_first: bool) -> None:
    world = world_of(TAGGED)
    tap(world)
    if tag_first:
        lay_unreadable(world, DUMB)
        scan(world)
    else:
        scan(world)
        lay_unreadable(world, DUMB)

    assert states(world) == [RowState.LENT]
    assert world.loans() == {BOOK}
    assert not world.field[DUMB].armed


def test_of_two_tags_nobody_can_read_none_is_touched() -> None:
    world = world_of()
    tap(world)
    lay_unreadable(world, DUMB, DUMBER)
    scan(world)
    world.pass_time(3.0)

    assert rows(world)[0].reasons == (Reason(Refusal.SEVERAL_UNREAD),)
    assert world.loans() == set()
    assert world.field[DUMB].armed
    assert world.field[DUMBER].armed


def test_a_tag_nobody_can_read_laid_after_a_loan_is_not_taken_for_the_lent_copys() -> None:
    """It may be another book: cleared, it would leave with nobody's loan."""
    world = world_of()
    tap(world)
    scan(world)
    world.pass_time(3.0)
    lay_unreadable(world, DUMB)

    assert states(world) == [RowState.REFUSED, RowState.LENT]
    assert world.field[DUMB].armed


def test_scanned_before_the_card_it_is_lent_to_whoever_taps() -> None:
    world = world_of()
    scan(world)
    assert isinstance(world.state.phase, StackFirst)
    assert rows(world)[0].lay_down

    tap(world)
    world.pass_time(3.0)

    assert isinstance(world.state.phase, Session)
    assert world.loans() == {BOOK}


def test_a_return_by_barcode_ends_the_loan_and_where_copies_have_tags_sends_the_copy_to_staff() -> None:
    world = world_of(TAGGED)
    world.library.on_loan[BOOK] = PatronId("petro")
    scan(world)
    world.touch(Touch.RETURN)
    assert rows(world)[0].lay_down
    world.pass_time(3.0)

    assert world.loans() == set()
    assert rows(world)[0].notes == (CheckinNote.GATE_OWED.value,)


def test_a_return_by_barcode_is_taken_at_once_where_the_branch_does_so_and_ends_by_itself() -> None:
    world = world_of(Setup(run="r", untagged=Untagged.SERVE, returns=ReturnsHabit.AT_ONCE))
    world.library.on_loan |= {BOOK: PatronId("petro"), OTHER: PatronId("petro")}
    scan(world)
    scan(world, OTHER)
    world.pass_time(3.0)

    assert world.loans() == set()
    world.pass_time(40.0)
    assert isinstance(world.view, WelcomeView)


def test_a_tag_seen_after_a_return_by_barcode_is_armed() -> None:
    world = world_of(Setup(run="r", untagged=Untagged.SERVE, returns=ReturnsHabit.AT_ONCE))
    world.library.on_loan[BOOK] = PatronId("petro")
    scan(world)
    world.pass_time(3.0)
    world.lay(FakeTag(TAG.uid, "B1", armed=False))

    assert states(world) == [RowState.RETURNED]
    assert world.tag_of("B1").armed


def test_a_scan_of_what_lies_on_the_pad_changes_nothing() -> None:
    world = world_of()
    tap(world)
    world.lay(TAG)
    scan(world)
    world.pass_time(3.0)

    assert states(world) == [RowState.LENT]


def test_a_copy_scanned_twice_is_one_copy() -> None:
    world = world_of()
    tap(world)
    scan(world)
    scan(world)
    world.pass_time(3.0)
    scan(world)

    assert states(world) == [RowState.LENT]


def test_a_visit_by_barcode_alone_ends_by_the_question_not_by_an_empty_pad() -> None:
    world = world_of()
    tap(world)
    scan(world)
    world.pass_time(20.0)
    assert isinstance(world.state.phase, Session)
    world.pass_time(30.0)

    assert not isinstance(world.state.phase, Session)


def test_a_touch_on_done_waits_for_what_was_scanned_last() -> None:
    world = world_of()
    tap(world)
    scan(world)
    world.touch(Touch.DONE)
    assert isinstance(world.state.phase, Session)
    world.pass_time(3.0)

    assert world.loans() == {BOOK}
    assert not isinstance(world.state.phase, Session)


def test_a_printed_card_begins_a_visit_and_is_not_called_for_at_its_end() -> None:
    world = world_of()
    world.tell(on.BarcodeScanned(ScannedCard(CardNumber("21234"))))

    assert isinstance(world.state.phase, Session)
    assert world.state.phase.card == CardIdentity("barcode", "", CardNumber("21234"), proven=False)
    assert world.state.cards == ()


def test_a_printed_card_serves_while_the_card_reader_is_gone() -> None:
    world = world_of()
    world.tell(on.DeviceDown(on.DeviceKind.CARD_READER, "unplugged"))
    assert world.state.lends

    world.tell(on.DeviceDown(on.DeviceKind.SCANNER, "unplugged"))
    assert not world.state.lends


def test_without_the_pad_nothing_is_served_by_barcode() -> None:
    """Nobody could see a tag."""
    world = world_of()
    world.tell(on.DeviceDown(on.DeviceKind.PAD, "unplugged"))
    scan(world)

    assert isinstance(world.state.phase, Welcome)
    world.tell(on.DeviceUp(on.DeviceKind.PAD, FACTS))
    scan(world)
    assert isinstance(world.state.phase, StackFirst)


@pytest.mark.parametrize(("isbn", "refusal"), [(True, Refusal.BARCODE_ISBN), (False, Refusal.BARCODE_STRANGE)])
def test_a_barcode_that_is_no_copys_is_answered_with_what_to_do(*, isbn: bool, refusal: Refusal) -> None:
    world = world_of()
    world.tell(on.BarcodeScanned(StrangeBarcode(isbn)))
    assert isinstance(world.view, NoticeView)
    assert world.view.hint == refusal.value

    tap(world)
    world.tell(on.BarcodeScanned(StrangeBarcode(isbn)))
    world.tell(on.BarcodeScanned(StrangeBarcode(isbn)))
    assert [row.reasons for row in rows(world)] == [(Reason(refusal),)]


def test_what_was_scanned_at_a_pin_that_is_given_up_is_forgotten() -> None:
    world = world_of()
    world.library.patrons["olena"] = Identified(PatronId("olena"), "О", "К", child=False, pin_needed=True)
    tap(world)
    assert isinstance(world.state.phase, AskingPin)
    scan(world)
    world.touch(Touch.CANCEL)
    tap(world)

    assert world.state.scanned == ()


def test_nothing_is_waited_for_while_the_library_is_silent() -> None:
    world = world_of()
    tap(world)
    world.library.silent = True
    scan(world)
    world.pass_time(3.0)
    assert states(world) == [RowState.REFUSED]
    world.pass_time(120.0)

    assert not isinstance(world.state.phase, Session | Notice)
