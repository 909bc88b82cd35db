"""Whole visits through the pure step: what the screen says, what is committed, what the gate bit is."""

import pytest

from kiosk.circulation.model import ItemId, PatronId, Reason, Refusal
from kiosk.devices import CardFault, CardIdentity, TagUid
from kiosk.library.port import Identified
from kiosk.station import events as on
from kiosk.station.setup import ReturnsHabit, Setup
from kiosk.station.view import (
    DoneView,
    NoticeView,
    OutOfOrderView,
    PinView,
    ReceiptState,
    ReturnsView,
    RowState,
    SessionView,
    StackFirstView,
    Touch,
    WelcomeView,
)
from tests.fakes import FakeLibrary, FakeTag
from tests.station.world import FACTS, World

OLENA = Identified(PatronId("olena"), "Олена", "Коваль", child=False, pin_needed=False)
TARAS = Identified(PatronId("taras"), "Тарас", "Бойко", child=False, pin_needed=False)
PETRO = Identified(PatronId("petro"), "Петро", "Сич", child=False, pin_needed=True)
CARDS = {name: CardIdentity("uid", name) for name in ("olena", "taras", "petro", "nobody")}


def book(item: str, **more: object) -> FakeTag:
    return FakeTag(TagUid(f"E0{item:0>14}"), item, **more)  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World(FakeLibrary(patrons={"olena": OLENA, "taras": TARAS, "petro": PETRO}, pins={PETRO.patron: "1234"}))


def tap(world: World, who: str = "olena") -> None:
    world.tell(on.CardPresented("slot", CARDS[who]))


def lay_there(world: World, who: str = "olena") -> None:
    world.tell(on.CardPresented("slot", CARDS[who], lay_there=True))


def rows(world: World) -> dict[str, RowState]:
    return {row.title or row.key: row.state for row in world.view.rows}  # type: ignore[union-attr]


def test_card_and_books_and_taking_them_away_is_a_whole_visit(world: World) -> None:
    tap(world)
    world.lay(book("1"), book("2"))

    assert rows(world) == {"1": RowState.LENT, "2": RowState.LENT}
    assert isinstance(world.view, SessionView)
    assert world.view.lent == 2
    assert not world.tag_of("1").armed

    world.tell(on.CardLifted("slot"))
    world.lift()
    world.pass_time(7)

    assert isinstance(world.view, DoneView)
    assert world.view.lent == 2
    world.pass_time(20)
    assert isinstance(world.view, WelcomeView)


def test_books_first_then_the_card(world: World) -> None:
    world.lay(book("1"))

    assert isinstance(world.view, StackFirstView)
    assert world.view.in_stock == 1

    tap(world)

    assert rows(world) == {"1": RowState.LENT}


def test_lifting_a_card_that_rested_ends_the_visit(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.pass_time(4)

    world.tell(on.CardLifted("slot"))

    assert isinstance(world.view, DoneView)


def test_lifting_a_card_at_once_is_a_tap(world: World) -> None:
    tap(world)
    world.tell(on.CardLifted("slot"))

    world.lay(book("1"))

    assert rows(world) == {"1": RowState.LENT}


def test_card_lifted_in_mid_commit_waits_for_the_commit(world: World) -> None:
    tap(world)
    world.pass_time(4)
    world.hold = True
    world.lay(book("1"))
    world.tell(on.CardLifted("slot"))

    assert isinstance(world.view, SessionView)
    assert world.view.finishing

    world.hold = False
    world.work()

    assert isinstance(world.view, DoneView)
    assert world.view.lent == 1


def test_a_book_lifted_before_its_commit_is_not_asked_about(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    world.lift()
    world.hold = False
    world.work()

    assert rows(world) == {}
    assert world.loans() == set()


def test_a_book_lifted_after_its_commit_is_asked_back_and_then_opens(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    world.work_once()  # tag read: checkout is asked
    world.work_once()  # committed: gate order given
    world.snatch(book("1").uid)
    world.hold = False
    world.work()
    world.sweep()

    assert rows(world) == {"1": RowState.PUT_BACK}
    assert world.loans() == {"1"}

    world.lay(book("1"))

    assert rows(world) == {"1": RowState.LENT}
    assert not world.tag_of("1").armed


def test_a_book_never_put_back_ends_as_a_debt_and_is_named(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    world.work_once()  # tag read: checkout is asked
    world.work_once()  # committed: gate order given
    world.snatch(book("1").uid)
    world.hold = False
    world.work()
    world.sweep()

    world.touch(Touch.DONE)

    assert isinstance(world.view, DoneView)
    assert [row.state for row in world.view.trouble] == [RowState.PUT_BACK]
    assert world.library.debts
    assert world.tag_of("1").armed


def test_a_debt_of_the_goodbye_screen_is_mended_when_the_book_comes_back(world: World) -> None:
    test_a_book_never_put_back_ends_as_a_debt_and_is_named(world)

    world.lay(book("1"))

    assert isinstance(world.view, DoneView)
    assert world.view.lent == 1
    assert not world.library.debts


def test_a_locked_tag_takes_the_loan_back(world: World) -> None:
    tap(world)
    world.lay(book("1", locked=True), book("2"))

    assert rows(world) == {"1": RowState.STAFF, "2": RowState.LENT}
    assert world.loans() == {"2"}


def test_a_refused_book_says_why_and_may_be_tried_again(world: World) -> None:
    world.library.refused[ItemId("1")] = Refusal.LOAN_LIMIT
    tap(world)
    world.lay(book("1"))

    assert rows(world) == {"1": RowState.REFUSED}

    del world.library.refused[ItemId("1")]
    world.lift()
    world.lay(book("1"))

    assert rows(world) == {"1": RowState.LENT}


def test_a_book_added_in_mid_commit_is_lent_too(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    world.work_once()
    world.lay(book("2"))
    world.hold = False
    world.work()

    assert rows(world) == {"1": RowState.LENT, "2": RowState.LENT}


def test_unknown_card_is_told_kindly_and_forgotten(world: World) -> None:
    tap(world, "nobody")

    assert isinstance(world.view, NoticeView)
    assert world.view.reasons[0].refusal is Refusal.CARD_UNKNOWN

    world.pass_time(9)

    assert isinstance(world.view, WelcomeView)


def test_two_different_cards_at_once_are_refused(world: World) -> None:
    world.hold = True
    tap(world, "olena")
    world.tell(on.CardPresented("other", CARDS["taras"]))

    assert isinstance(world.view, NoticeView)
    assert world.view.hint == "card-several"

    world.hold = False
    world.work()

    assert isinstance(world.view, NoticeView)


def test_the_next_patron_does_not_get_what_was_left_lying(world: World) -> None:
    tap(world, "olena")
    world.library.refused[ItemId("1")] = Refusal.NOT_FOR_LOAN
    world.lay(book("1"))
    tap(world, "taras")
    del world.library.refused[ItemId("1")]

    assert isinstance(world.view, SessionView)
    assert world.view.name == "Тарас Б."
    assert [row.reasons[0].refusal for row in world.view.rows] == [Refusal.LEFT_BEHIND]
    assert world.loans() == set()

    world.lift()
    world.lay(book("1"))

    assert world.loans() == {"1"}


def test_pin_is_asked_and_three_digits_are_not_enough(world: World) -> None:
    tap(world, "petro")
    for digit in "123":
        world.touch(Touch.DIGIT, digit)

    assert isinstance(world.view, PinView)
    assert world.view.typed == 3

    world.touch(Touch.DIGIT, "4")

    assert isinstance(world.view, SessionView)


def test_a_wrong_pin_may_be_tried_again(world: World) -> None:
    tap(world, "petro")
    for digit in "9999":
        world.touch(Touch.DIGIT, digit)

    assert isinstance(world.view, PinView)
    assert (world.view.typed, world.view.tries_left) == (0, 2)


def test_an_abandoned_pin_asks_and_then_goes_home(world: World) -> None:
    tap(world, "petro")
    world.pass_time(31)

    assert world.view.frame.leaving_in is not None

    world.pass_time(11)

    assert isinstance(world.view, NoticeView)
    assert world.view.hint == "pin-abandoned"

    world.pass_time(9)

    assert isinstance(world.view, WelcomeView)


def test_books_nobody_claimed_are_shown_to_who_taps_later_and_lent_once_laid_down_anew(world: World) -> None:
    world.lay(book("1"))
    world.pass_time(41)
    tap(world)

    assert [row.reasons for row in world.view.rows] == [(Reason(Refusal.LEFT_BEHIND),)]  # type: ignore[union-attr]
    assert world.loans() == set()

    world.lift()
    world.lay(book("1"))

    assert world.loans() == {ItemId("1")}


def test_a_gate_bit_the_library_could_not_be_told_of_is_told_with_its_next_answer(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    world.work_once()
    world.work_once()
    world.snatch(book("1").uid)
    world.work_once()
    tap(world, "taras")
    world.library.silent = True
    world.work_once()
    world.library.silent = False
    world.hold = False
    world.work()

    assert isinstance(world.view, SessionView)
    assert [world.library.orders[order].item for order in world.library.debts] == ["1"]


def test_books_a_stranger_left_are_not_those_of_an_earlier_patron(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.DONE)
    world.lift()
    world.pass_time(13)
    world.lay(book("2"))
    world.pass_time(41)
    tap(world)

    assert world.loans() == {ItemId("1")}
    assert [row.reasons for row in world.view.rows] == [(Reason(Refusal.LEFT_BEHIND),)]  # type: ignore[union-attr]


def test_the_question_whether_one_is_still_here_can_be_answered(world: World) -> None:
    tap(world)
    world.pass_time(31)
    world.touch(Touch.HERE)

    assert isinstance(world.view, SessionView)
    assert world.view.frame.leaving_in is None


def test_walking_away_ends_the_visit(world: World) -> None:
    tap(world)
    world.pass_time(45)

    assert isinstance(world.view, WelcomeView)


def test_language_changes_in_mid_visit_and_goes_back_for_the_next(world: World) -> None:
    tap(world)
    world.touch(Touch.LANGUAGE, "en")

    assert world.view.frame.language == "en"
    assert isinstance(world.view, SessionView)

    world.touch(Touch.DONE)

    assert world.view.frame.language == "uk"


def test_a_language_nobody_speaks_changes_nothing(world: World) -> None:
    world.touch(Touch.LANGUAGE, "xx")

    assert world.view.frame.language == "uk"


def test_lent_books_without_a_card_are_offered_for_return(world: World) -> None:
    world.library.on_loan[ItemId("1")] = OLENA.patron
    world.lay(book("1", armed=False), book("2"))

    assert isinstance(world.view, StackFirstView)
    assert (world.view.on_loan, world.view.in_stock) == (1, 1)

    world.touch(Touch.RETURN)

    assert isinstance(world.view, ReturnsView)
    assert rows(world) == {"1": RowState.RETURNED, "2": RowState.ASKING}
    assert world.tag_of("1").armed
    assert world.loans() == set()


def test_a_returns_station_takes_lent_books_at_once() -> None:
    world = World(FakeLibrary(), Setup(run="r", returns=ReturnsHabit.AT_ONCE))
    world.library.on_loan[ItemId("1")] = OLENA.patron
    world.lay(book("1", armed=False))

    assert rows(world) == {"1": RowState.RETURNED}


def test_a_return_that_was_begun_before_a_power_cut_is_finished(world: World) -> None:
    world.library.on_loan[ItemId("1")] = OLENA.patron
    world.library.returning.add(ItemId("1"))
    world.lay(book("1"))

    assert rows(world) == {"1": RowState.RETURNED}
    assert world.loans() == set()


def test_thirty_returns_in_a_row_through_the_night(world: World) -> None:
    items = [str(number) for number in range(30)]
    world.library.on_loan.update({ItemId(item): OLENA.patron for item in items})
    world.touch(Touch.RETURN)
    for item in items:
        world.lay(book(item, armed=False))
        world.lift()
        world.pass_time(3)

    assert isinstance(world.view, ReturnsView)
    assert world.view.returned == 30
    assert world.loans() == set()


def test_a_book_lifted_before_it_was_armed_is_not_returned(world: World) -> None:
    world.library.on_loan[ItemId("1")] = OLENA.patron
    world.touch(Touch.RETURN)
    world.hold = True
    world.lay(book("1", armed=False))
    world.work_once()  # read: the return is begun
    world.work_once()  # begun: the gate order is given
    world.snatch(book("1").uid)
    world.hold = False
    world.work()
    world.sweep()

    assert rows(world) == {"1": RowState.PUT_BACK}
    assert world.loans() == {"1"}

    world.lay(book("1"))

    assert rows(world) == {"1": RowState.RETURNED}


def test_my_own_book_may_be_returned_or_renewed_in_the_session(world: World) -> None:
    world.library.on_loan[ItemId("1")] = OLENA.patron
    tap(world)
    world.lay(book("1", armed=False))

    assert rows(world) == {"1": RowState.YOURS}
    row = world.view.rows[0]  # type: ignore[union-attr]
    assert row.can_return
    assert row.can_renew == "loan-1"

    world.touch(Touch.RETURN_ROW, row.key)

    assert rows(world) == {"1": RowState.RETURNED}
    assert world.tag_of("1").armed


def test_a_set_waits_for_its_parts_and_then_says_what_is_missing(world: World) -> None:
    tap(world)
    first = FakeTag(TagUid("E000000000000001"), "set", parts=2, part=1)
    second = FakeTag(TagUid("E000000000000002"), "set", parts=2, part=2)
    world.lay(first)

    assert [row.state for row in world.view.rows] == [RowState.WAITING]  # type: ignore[union-attr]

    world.pass_time(5)

    assert world.view.rows[0].reasons[0].refusal is Refusal.PARTS_MISSING  # type: ignore[union-attr]

    world.lay(second)

    assert rows(world) == {"set": RowState.LENT}
    assert not any(tag.armed for tag in world.field.values())


def test_a_set_that_grew_while_it_was_looked_up_is_mended_whole(world: World) -> None:
    """The answer about its first part comes when all of it lies there: it is not the answer about the whole."""
    world.library.on_loan[ItemId("set")] = OLENA.patron
    world.library.uncleared.add(ItemId("set"))
    world.hold = True
    world.lay(FakeTag(TagUid("E000000000000001"), "set", parts=2, part=1))
    world.work_once()  # its first tag is read; what it is was asked
    world.lay(FakeTag(TagUid("E000000000000002"), "set", parts=2, part=2))
    world.waiting.rotate(1)
    world.work_once()  # its second tag is read before the answer comes
    world.hold = False
    world.work()

    assert rows(world) == {"set": RowState.ASKING}
    assert [tag.armed for tag in world.field.values()] == [False, False]


def test_a_silent_library_lends_nothing_and_touches_no_tag(world: World) -> None:
    tap(world)
    world.library.silent = True
    world.lay(book("1"))

    assert world.view.rows[0].reasons[0].refusal is Refusal.LIBRARY_SILENT  # type: ignore[union-attr]
    assert world.tag_of("1").armed

    world.library.silent = False
    world.pass_time(6)
    world.lift()
    world.lay(book("1"))

    assert rows(world) == {"1": RowState.LENT}


def test_a_gate_bit_the_library_was_not_told_of_is_told_when_it_is_back(world: World) -> None:
    tap(world)
    world.hold = True
    world.lay(book("1"))
    for _ in range(3):
        world.work_once()  # tag read, loan committed, gate bit cleared
    world.library.silent = True
    world.hold = False
    world.work()

    assert rows(world) == {"1": RowState.OPENING}

    world.library.silent = False
    world.pass_time(6)

    assert rows(world) == {"1": RowState.LENT}


def test_pad_unplugged_with_books_keeps_what_was_lent(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.tell(on.DeviceDown(on.DeviceKind.PAD, "unplugged"))

    assert rows(world) == {"1": RowState.LENT}
    assert not world.view.frame.lends

    world.tell(on.DeviceUp(on.DeviceKind.PAD, FACTS))
    world.sweep()
    world.touch(Touch.DONE)

    assert isinstance(world.view, DoneView)


def test_no_pad_and_no_card_reader_is_out_of_order(world: World) -> None:
    world.tell(on.DeviceDown(on.DeviceKind.PAD, "gone"))
    world.tell(on.DeviceDown(on.DeviceKind.CARD_READER, "gone"))

    assert isinstance(world.view, OutOfOrderView)
    assert world.view.missing == ("card-reader", "pad")


def test_without_a_card_reader_books_still_come_back(world: World) -> None:
    world.tell(on.DeviceDown(on.DeviceKind.CARD_READER, "gone"))

    assert isinstance(world.view, WelcomeView)
    assert (world.view.frame.lends, world.view.frame.returns) == (False, True)


def test_a_card_that_lies_there_when_the_card_readers_come_up_was_not_tapped(world: World) -> None:
    world.tell(on.DeviceDown(on.DeviceKind.CARD_READER, "restarted"))
    world.tell(on.DeviceUp(on.DeviceKind.CARD_READER, FACTS))
    lay_there(world)
    world.pass_time(1)

    assert isinstance(world.view, WelcomeView)
    assert (world.view.lift_card, world.view.frame.lends) == (True, True)

    world.tell(on.CardLifted("slot"))
    tap(world)

    assert isinstance(world.view, SessionView)


def test_a_resting_card_keeps_its_visit_over_a_restart_of_the_card_readers(world: World) -> None:
    tap(world)
    world.tell(on.DeviceDown(on.DeviceKind.CARD_READER, "restarted"))
    world.pass_time(5)
    world.tell(on.DeviceUp(on.DeviceKind.CARD_READER, FACTS))
    lay_there(world)
    world.pass_time(5)

    assert isinstance(world.view, SessionView)

    world.tell(on.CardLifted("slot"))

    assert isinstance(world.view, WelcomeView)


@pytest.mark.parametrize("fault", CardFault)
def test_a_card_that_cannot_be_read_is_explained(world: World, fault: CardFault) -> None:
    world.tell(on.CardUnreadable("slot", fault))

    assert isinstance(world.view, NoticeView)
    assert world.view.hint == f"card-{fault.value}"


def test_a_card_left_behind_is_asked_to_be_taken_and_starts_nothing(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.DONE)

    assert isinstance(world.view, DoneView)
    assert world.view.take_card

    world.pass_time(13)

    assert isinstance(world.view, WelcomeView)
    assert world.view.lift_card


def test_the_receipt_is_printed_when_wanted(world: World) -> None:
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.DONE)

    assert world.view.receipt is ReceiptState.OFFERED  # type: ignore[union-attr]

    world.touch(Touch.PRINT)

    assert world.view.receipt is ReceiptState.PRINTED  # type: ignore[union-attr]
    assert [printed.books[0].item for printed in world.printed] == ["1"]


def test_a_touch_on_the_screen_of_an_earlier_visit_means_nothing(world: World) -> None:
    tap(world)
    world.tell(on.Touched(Touch.DONE, visit=world.state.visit - 1))

    assert isinstance(world.view, SessionView)


def test_renewing_all_is_one_touch(world: World) -> None:
    world.library.on_loan.update({ItemId("1"): OLENA.patron, ItemId("2"): OLENA.patron})
    tap(world)
    world.touch(Touch.ACCOUNT)
    world.touch(Touch.RENEW_ALL)

    assert isinstance(world.view, SessionView)
    assert world.view.account is not None
    assert [row.renewed for row in world.view.account.loans] == [True, True]


def test_a_card_shown_during_a_return_is_served_after_it(world: World) -> None:
    world.library.on_loan[ItemId("1")] = OLENA.patron
    world.touch(Touch.RETURN)
    world.hold = True
    world.lay(book("1", armed=False))
    world.work_once()
    tap(world, "olena")
    world.hold = False
    world.work()

    assert isinstance(world.view, SessionView)
    assert world.loans() == set()
