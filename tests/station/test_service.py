"""Service: a technician works at the station. Nobody's visit is cut for it, and nothing is lent meanwhile."""

import pytest

from kiosk.circulation.model import PatronId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import Identified
from kiosk.station import events as on
from kiosk.station.setup import Timing
from kiosk.station.view import DoneView, ServiceView, SessionView, StackFirstView, Touch, WelcomeView
from tests.fakes import FakeLibrary, FakeTag
from tests.station.world import World

OLENA = Identified(PatronId("olena"), "Олена", "Коваль", child=False, pin_needed=False)
CARD = CardIdentity("uid", "olena")
PATIENCE = Timing().service


def book(item: str) -> FakeTag:
    return FakeTag(TagUid(f"E0{item:0>14}"), item)


@pytest.fixture
def world() -> World:
    return World(FakeLibrary(patrons={"olena": OLENA}))


def tap(world: World) -> None:
    world.tell(on.CardPresented("slot", CARD))


def test_with_nobody_here_the_technician_works_at_once(world):
    world.tell(on.ServiceCalled())

    assert isinstance(world.view, ServiceView)


def test_a_stack_nobody_has_claimed_does_not_keep_the_technician_waiting(world):
    world.lay(book("1"))
    assert isinstance(world.view, StackFirstView)

    world.tell(on.ServiceCalled())

    assert isinstance(world.view, ServiceView)


def test_a_running_visit_ends_first_and_keeps_its_books(world):
    tap(world)
    world.lay(book("1"))
    world.tell(on.ServiceCalled())
    assert isinstance(world.view, SessionView)

    world.touch(Touch.DONE)
    assert isinstance(world.view, DoneView)
    assert world.view.lent == 1
    world.pass_time(Timing().done + 1)

    assert isinstance(world.view, ServiceView)


def test_in_service_neither_card_nor_books_begin_a_visit(world):
    world.tell(on.ServiceCalled())
    tap(world)
    world.lay(book("1"))
    world.touch(Touch.RETURN)

    assert isinstance(world.view, ServiceView)


def test_the_end_of_service_leaves_what_lies_there_alone(world):
    world.tell(on.ServiceCalled())
    world.lay(book("1"))

    world.tell(on.ServiceOver())

    assert isinstance(world.view, WelcomeView)
    world.pass_time(1.0)
    assert isinstance(world.view, WelcomeView)


def test_books_laid_after_service_are_served_again(world):
    world.tell(on.ServiceCalled())
    world.tell(on.ServiceOver())

    world.lay(book("1"))

    assert isinstance(world.view, StackFirstView)


def test_a_technician_who_has_gone_is_not_waited_for(world):
    world.tell(on.ServiceCalled())
    world.pass_time(PATIENCE - 1)
    world.tell(on.ServiceCalled())
    world.pass_time(PATIENCE - 1)
    assert isinstance(world.view, ServiceView)

    world.pass_time(2)

    assert isinstance(world.view, WelcomeView)


def test_a_call_taken_back_during_a_visit_never_comes(world):
    tap(world)
    world.tell(on.ServiceCalled())
    world.tell(on.ServiceOver())
    world.touch(Touch.DONE)
    world.pass_time(Timing().done + 1)

    assert isinstance(world.view, WelcomeView)


def test_unplugged_devices_do_not_end_service(world):
    world.tell(on.ServiceCalled())

    world.tell(on.DeviceDown(on.DeviceKind.PAD, "gone"))

    assert isinstance(world.view, ServiceView)
