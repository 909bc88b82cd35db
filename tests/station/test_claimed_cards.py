"""Cards that prove nothing, at a station where others prove themselves: fewer books, and nobody's account."""

import pytest

from kiosk.circulation.model import Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.station import events as on
from kiosk.station.setup import ClaimRights, Setup
from kiosk.station.view import RowState, SessionView, Touch
from tests.fakes import FakeLibrary
from tests.station.test_visits import OLENA, book, rows
from tests.station.world import World

CLAIMED, PROVEN = CardIdentity("uid", "olena", asked=True), CardIdentity("proven", "olena", proven=True)


def world_with(rights: ClaimRights | None) -> World:
    return World(FakeLibrary(patrons={"olena": OLENA}), Setup(run="r", claims=rights))


@pytest.fixture
def world() -> World:
    return world_with(ClaimRights(loans=2))


def tap(world: World, card: CardIdentity) -> SessionView:
    world.tell(on.CardPresented("slot", card))
    assert isinstance(world.view, SessionView)
    return world.view


def lent(world: World) -> int:
    return sum(row.state is RowState.LENT for row in world.view.rows)


def test_a_claimed_card_borrows_as_many_as_it_may(world: World) -> None:
    tap(world, CLAIMED)

    world.lay(book("1"), book("2"), book("3"))

    assert sorted(rows(world).values()) == [RowState.LENT, RowState.LENT, RowState.REFUSED]
    refused = next(row for row in world.view.rows if row.state is RowState.REFUSED)
    assert refused.reasons == (Reason(Refusal.CLAIM_LIMIT, number=2),)
    assert lent(world) == 2


def test_one_after_the_other_makes_no_difference(world: World) -> None:
    tap(world, CLAIMED)

    for item in ("1", "2", "3"):
        world.lay(book(item))

    assert lent(world) == 2
    assert list(rows(world).values()).count(RowState.REFUSED) == 1


def test_taking_the_lent_ones_away_does_not_make_room_for_more(world: World) -> None:
    tap(world, CLAIMED)
    world.lay(book("1"), book("2"))

    world.lift()
    world.lay(book("3"))

    assert lent(world) == 2


def test_a_card_that_proves_itself_borrows_as_ever(world: World) -> None:
    tap(world, PROVEN)

    world.lay(book("1"), book("2"), book("3"))

    assert set(rows(world).values()) == {RowState.LENT}


def test_a_claimed_card_shows_no_name_and_opens_no_account(world: World) -> None:
    before = tap(world, CLAIMED)

    world.touch(Touch.ACCOUNT)

    assert (before.name, before.account_open, before.account) == ("", False, None)
    assert not world.view.on_account


def test_where_the_branch_opens_the_account_to_claims_it_is_open() -> None:
    world = world_with(ClaimRights(loans=2, account=True))

    assert tap(world, CLAIMED).name == "Олена К."
    world.touch(Touch.ACCOUNT)
    assert world.view.on_account


def test_where_nobody_proves_anything_every_card_may_the_same() -> None:
    world = world_with(None)

    view = tap(world, CLAIMED)
    world.lay(book("1"), book("2"), book("3"))

    assert view.account_open
    assert lent(world) == 3
