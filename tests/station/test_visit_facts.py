"""What is written down of a visit when it is over: enough for the director's figures, nothing of the person."""

import pytest

from kiosk.circulation.model import ItemId, PatronId, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.port import Identified, VisitFacts, VisitKind
from kiosk.station import events as on
from kiosk.station.view import Touch, WelcomeView
from kiosk.station.visit_facts import VisitCounter, VisitCounts
from tests.fakes import FakeLibrary
from tests.station.test_visits import PETRO, book, tap
from tests.station.world import World

SOFIIA = Identified(PatronId("olena"), "Софія", "Коваль", child=True, pin_needed=False, age_group="child")


@pytest.fixture
def world() -> World:
    return World(FakeLibrary(patrons={"olena": SOFIIA, "petro": PETRO}, pins={PETRO.patron: "1234"}))


def test_a_visit_says_what_it_was_for_and_for_how_long(world: World) -> None:
    tap(world)
    world.lay(book("1"), book("2"))
    world.pass_time(5)
    world.touch(Touch.DONE)

    (visit,) = world.library.visits
    assert visit == VisitFacts(VisitKind.BORROW, "child", "uk", seconds=5, lent=2)


def test_a_return_without_a_card_is_a_visit_of_nobody(world: World) -> None:
    world.library.on_loan[ItemId("1")] = SOFIIA.patron
    world.lay(book("1", armed=False))
    world.touch(Touch.RETURN)
    world.touch(Touch.DONE)

    (visit,) = world.library.visits
    assert (visit.kind, visit.age_group, visit.returned) == (VisitKind.RETURN, "", 1)


def test_every_refusal_of_a_visit_is_counted_with_its_reason(world: World) -> None:
    world.library.refused = {ItemId("1"): Refusal.NOT_FOR_LOAN, ItemId("2"): Refusal.NOT_FOR_LOAN}
    tap(world)
    world.lay(book("1"), book("2"), book("3"))
    world.touch(Touch.DONE)

    (visit,) = world.library.visits
    assert visit.refusals == ((Refusal.NOT_FOR_LOAN, 2),)
    assert visit.lent == 1


def test_a_card_that_was_refused_is_a_visit_for_nothing_with_its_reason(world: World) -> None:
    world.tell(on.CardPresented("slot", CardIdentity("uid", "nobody")))

    (visit,) = world.library.visits
    assert visit == VisitFacts(VisitKind.NONE, "", "uk", seconds=0, refusals=((Refusal.CARD_UNKNOWN, 1),))


def test_a_visit_given_up_at_the_pin_is_counted_once(world: World) -> None:
    tap(world, "petro")
    world.pass_time(3)
    world.touch(Touch.CANCEL)
    world.pass_time(60)

    assert [visit.kind for visit in world.library.visits] == [VisitKind.NONE]
    assert isinstance(world.view, WelcomeView)


def test_books_first_and_the_card_after_them_are_one_visit(world: World) -> None:
    world.lay(book("1"))
    world.pass_time(4)
    tap(world)
    world.touch(Touch.DONE)

    (visit,) = world.library.visits
    assert (visit.kind, visit.seconds) == (VisitKind.BORROW, 4)


def test_books_laid_down_and_taken_away_again_are_a_visit_for_nothing(world: World) -> None:
    world.lay(book("1"))
    world.lift()
    world.pass_time(60)

    assert [visit.kind for visit in world.library.visits] == [VisitKind.NONE]


def test_two_patrons_one_after_the_other_are_two_visits(world: World) -> None:
    tap(world)
    world.pass_time(3)
    tap(world, "petro")
    for digit in "1234":
        world.touch(Touch.DIGIT, digit)
    world.touch(Touch.DONE)

    assert len(world.library.visits) == 2


def test_a_look_at_the_account_is_a_visit(world: World) -> None:
    tap(world)
    world.touch(Touch.ACCOUNT)
    world.touch(Touch.DONE)

    assert [visit.kind for visit in world.library.visits] == [VisitKind.ACCOUNT]


def test_a_library_that_cannot_take_note_troubles_nobody(world: World) -> None:
    tap(world)
    world.library.silent = True
    world.touch(Touch.DONE)

    assert world.library.visits == []
    assert isinstance(world.view, WelcomeView)
    assert world.state.library_down_since is None


def test_the_station_counts_on_since_its_start() -> None:
    counter = VisitCounter()
    counter.add(VisitFacts(VisitKind.BORROW, "adult", "uk", 5, lent=3, failed_checkouts=1))
    counter.add(VisitFacts(VisitKind.RETURN, "", "uk", 5, returned=2, holds_returned=1))
    counter.add(VisitFacts(VisitKind.BORROW, "adult", "uk", 5, lent=2))

    assert counter.now == VisitCounts(visits=3, checkouts=5, failed_checkouts=1, largest_checkout=3, holds_returned=1)


def test_what_wants_an_eye_is_of_the_last_hour_and_visits_count_on():
    now = [0.0]
    counter = VisitCounter(lambda: now[0])
    counter.add(VisitFacts(kind=VisitKind.BORROW, age_group="", language="uk", seconds=9, lent=25, failed_checkouts=1))
    at_once = counter.now
    now[0] = 3601.0

    assert (at_once.largest_checkout, at_once.failed_checkouts) == (25, 1)
    assert (counter.now.visits, counter.now.checkouts) == (1, 25)
    assert (counter.now.largest_checkout, counter.now.failed_checkouts) == (0, 0)
