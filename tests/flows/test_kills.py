"""SIGKILL at every arrow of a borrow and of a return: no loan is lost or doubled, and every bit agrees or is a debt.

A station in a process of its own shows which arrows there are: before and after every question to the library, every
commit and every word with a tag. At each of them another station kills itself. Tags and ledger outlive it, and the
next start has to make it good.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from random import Random

import pytest

from kiosk.store import Moment, open_store
from tests.flows.power_cuts import LENT, POEMS, RETURNED, STAFF, Bench, Life, Story, World, power_cuts

ABREAST = 3
"""Stations that live at once: most of a life is waiting."""
BORROW = Story("three books go home, one of them a set", (LENT, LENT, LENT))
GIVE_BACK = Story("three books come back, one of them a set", (RETURNED, RETURNED, RETURNED))
LOCKED = Story("three books go home, one has a locked tag", (LENT, LENT, STAFF), locked=POEMS)
LEAST = {BORROW: 50, GIVE_BACK: 40, LOCKED: 50}
"""Arrows a story has at least: fewer kills than these prove nothing."""
FORK = {BORROW: "before write_afi 1", GIVE_BACK: "after write_afi 4"}
"""Where the ledger and the tags are furthest apart."""
AT_RANDOM = 18


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with power_cuts(tmp_path_factory.mktemp("kills")) as bench:
        yield bench


def laws_of(story: Story) -> set[str]:
    """The arrows the laws are about: each must have killed."""
    asked = ("begin_checkin", "finish_checkin") if story.returns else ("identify", "checkout", "settle")
    tagged = (f"{step} {number}" for step in ("read", "write_afi", "read_gate") for number in (1, 2, 3, 4))
    steps = ("recover 1", "do_commit 3", *(f"{question} 1" for question in asked), *tagged)
    return {f"{side} {step}" for side in ("before", "after") for step in steps}


def cut_at_every_arrow(live: Callable[[str], Life]) -> set[str]:
    """Live once to see the arrows, then die at each of them; say which killed."""
    arrows = live("").arrows
    with ThreadPoolExecutor(ABREAST) as abreast:
        return {life.died_at for life in abreast.map(live, arrows)} - {""}


# --- what must be true -------------------------------------------------------------------------------------


def keeps_its_promises(world: World, life: Life) -> None:
    """Before anything is mended: what the screen showed green is in the ledger."""
    on_loan = world.on_loan()
    lost, still_on_loan = life.promised(LENT) - on_loan, life.promised(RETURNED) & on_loan

    assert (lost, still_on_loan) == (set(), set()), f"died {life.died_at}: {world.account()}"


def is_done(world: World) -> bool:
    """Every copy whose tag obeys is where the visit wanted it, and nothing is left to do about it."""
    wanted = set() if world.story.returns else world.story.obeying
    return world.on_loan() & world.story.obeying == wanted and not world.unsettled() & world.story.obeying


def is_whole(world: World) -> None:
    """When everything is mended: nothing was lent or returned twice, and the journal has neither gap nor scar."""
    with closing(open_store(world.ledger)) as store, store.reading(Moment(datetime.now(UTC), 0)) as work:
        scar = work.journal.first_break()
    lent, back, voided = (world.journaled(event) for event in ("lent", "returned", "loan-voided"))
    before = Counter(world.story.obeying if world.story.returns else ())

    assert scar is None
    assert before + lent - back - voided == Counter(world.on_loan())
    assert max([*(lent - voided).values(), *back.values()], default=0) <= 1


def the_visit_goes_on(world: World, life: Life) -> None:
    """The next start finds the books on the pad, their patron taps again: it ends as if nothing had been."""
    again = world.begin(card=not world.story.returns)
    world.lay()  # where the power went before they were
    world.comes_to(lambda: is_done(world), again, f"done after it died {life.died_at}")
    if world.story.locked:
        assert again.says(f"{STAFF} {world.story.locked}"), f"died {life.died_at}: {world.account()}, {again.words}"
    world.comes_to(world.agrees_or_owes, again, f"settled after it died {life.died_at}")
    again.end()


def the_books_were_taken_away(world: World, life: Life) -> None:
    """What may differ has a name at the next start. Laid down later, by anybody and without a card, it is mended."""
    world.pad.lift_all()
    lent = set() if world.story.returns else world.on_loan()
    again = world.begin(card=False)

    assert again.says("open"), "\n".join(again.words)
    assert world.agrees_or_owes(), f"died {life.died_at}: {world.account()}"

    world.lay()
    world.comes_to(
        lambda: world.on_loan() == lent and not world.unsettled() & world.story.obeying,
        again,
        f"mended after it died {life.died_at}",
    )
    again.end()


# --- where it is cut ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [BORROW, GIVE_BACK, LOCKED], ids=lambda story: story.name)
@pytest.mark.parametrize("after_it", [the_visit_goes_on, the_books_were_taken_away])
def test_a_power_cut_at_any_arrow_neither_loses_nor_doubles_a_loan(
    bench: Bench, story: Story, after_it: Callable[[World, Life], None]
) -> None:
    def live(arrow: str) -> Life:
        with bench.world(story) as world:
            life = world.visit(dies_at=arrow)
            keeps_its_promises(world, life)
            after_it(world, life)
            is_whole(world)
        return life

    deaths = cut_at_every_arrow(live)

    assert len(deaths) >= LEAST[story]
    assert laws_of(story) - deaths == set()


@pytest.mark.parametrize("story", [BORROW, GIVE_BACK], ids=lambda story: story.name)
def test_a_second_power_cut_while_the_first_is_mended_changes_nothing(bench: Bench, story: Story) -> None:
    def live(arrow: str) -> Life:
        with bench.world(story) as world:
            first = world.visit(dies_at=FORK[story])
            meant = set() if story.returns else world.on_loan()
            second = world.begin(card=False, dies_at=arrow)

            def is_mended() -> bool:
                return world.on_loan() == meant and not world.unsettled()

            world.comes_to(lambda: not second.lives or is_mended(), second, "mended or dead")
            second.end()
            keeps_its_promises(world, second)
            third = world.begin(card=False)
            world.comes_to(is_mended, third, f"mended after it died {first.died_at} and {second.died_at}")
            third.end()
            is_whole(world)
        return second

    deaths = cut_at_every_arrow(live)

    assert len(deaths) >= 20
    assert {f"{side} {step} 1" for side in ("before", "after") for step in ("recover", "write_afi")} <= deaths


@pytest.mark.parametrize("story", [BORROW, GIVE_BACK], ids=lambda story: story.name)
def test_a_power_cut_at_any_moment_neither_loses_nor_doubles_a_loan(bench: Bench, story: Story) -> None:
    chance = Random(story.name)

    def live(_: int) -> None:
        with bench.world(story) as world:
            life = world.visit(after=chance.uniform(0, 0.15))
            keeps_its_promises(world, life)
            the_visit_goes_on(world, life)
            is_whole(world)

    with ThreadPoolExecutor(ABREAST) as abreast:
        list(abreast.map(live, range(AT_RANDOM)))
