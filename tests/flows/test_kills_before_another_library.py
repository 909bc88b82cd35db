"""SIGKILL at every word with another library's system: it, the ledger and the tags agree again at the next start.

The system goes on living. It makes a loan for every checkout it hears, and a renewal of one it hears twice.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from kiosk.circulation.model import CardNumber, ItemId, TitleId
from kiosk.sip2_simulator.holdings import Holdings, Member, OpenLoan, Volume
from kiosk.sip2_simulator.manner import manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.flows.power_cuts import ATLAS, LENT, NOVEL, POEMS, RETURNED, Bench, Life, Story, World, power_cuts
from tests.stand import today

OLENA = CardNumber("20000001")
COPIES = (NOVEL, POEMS, ATLAS)
BORROW = Story("three books go home, one of them a set", (LENT, LENT, LENT))
GIVE_BACK = Story("three books come back, one of them a set", (RETURNED, RETURNED, RETURNED))
LEAST = {BORROW: 20, GIVE_BACK: 8}
ABREAST = 3


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with power_cuts(tmp_path_factory.mktemp("their-kills")) as bench:
        yield bench


def holdings(*, lent: bool) -> Holdings:
    due = datetime.combine(today(), time()) + timedelta(days=9)
    return Holdings(
        members=(Member(OLENA, "Олена", "Коваль"),),
        volumes=tuple(Volume(ItemId(one), TitleId(f"t{one}"), one) for one in COPIES),
        loans=tuple(OpenLoan(ItemId(one), OLENA, due) for one in COPIES if lent),
    )


@contextmanager
def their_world(bench: Bench, story: Story) -> Iterator[tuple[World, SimulatedSystem]]:
    """A station whose ledger is empty, before a system that has the books and the people."""
    with (
        SimulatedSystem(holdings(lent=story.returns), manner("koha")) as system,
        bench.world(story) as world,
    ):
        world.ledger.unlink()
        world.sip2_port = system.port
        yield world, system


def lent_there(system: SimulatedSystem) -> set[str]:
    return {one for one in COPIES if system.library.loan(one) is not None}


def agree(world: World, system: SimulatedSystem) -> bool:
    """Whether the visit came to its end on both sides, and nothing is left to be done or told."""
    wanted = set() if world.story.returns else set(COPIES)
    if not world.ledger.exists() or world.ask("SELECT 1 FROM sqlite_master WHERE name = 'dispatches'") == []:
        return False
    return world.on_loan() == lent_there(system) == wanted and not world.unsettled() and not untold(world)


def untold(world: World) -> bool:
    return world.ask("SELECT kind FROM dispatches WHERE closed IS NULL") != []


def worth_dying_at(arrows: tuple[str, ...], story: Story) -> list[str]:
    """The moments in which the three know different things: a word is out, an answer is in and not written down.

    A return has happened before it is told, so only its words are of interest.
    """
    moments = ("after send",) if story.returns else ("after send", "before do_commit")
    return [arrow for arrow in arrows if arrow.startswith(moments)]


@pytest.mark.parametrize("story", [BORROW, GIVE_BACK], ids=lambda story: story.name)
def test_a_power_cut_at_any_word_leaves_both_sides_agreeing(bench: Bench, story: Story) -> None:
    def live(arrow: str) -> Life:
        with their_world(bench, story) as (world, system):
            life = world.visit(dies_at=arrow)
            promised = life.promised(LENT)
            assert not promised or promised <= world.on_loan() & lent_there(system), f"died {life.died_at}"

            again = world.begin(card=not story.returns)
            world.lay()
            world.comes_to(lambda: agree(world, system), again, f"agreed after it died {life.died_at}")
            again.end()

            done = Counter(deed.what for deed in system.library.deeds)
            assert done["renew"] == 0, f"died {life.died_at}: {system.library.deeds}"
            assert done["lend"] - done["undo"] - done["return"] == (-3 if story.returns else 3)
        return life

    arrows = worth_dying_at(live("").arrows, story)
    with ThreadPoolExecutor(ABREAST) as abreast:
        deaths = {life.died_at for life in abreast.map(live, arrows)} - {""}

    assert len(deaths) >= LEAST[story]


def test_a_visit_nobody_goes_on_with_leaves_no_loan_behind(bench: Bench) -> None:
    """The power goes while the first loan is on its way; the person has left, and the books were put back."""
    with their_world(bench, BORROW) as (world, _):
        arrows = world.visit().arrows
    sends = [arrow for arrow in arrows if arrow.startswith("after send")]

    def live(arrow: str) -> int:
        with their_world(bench, replace(BORROW, name="left")) as (world, system):
            life = world.visit(dies_at=arrow)
            asked = len(lent_there(system))
            world.pad.lift_all()
            again = world.begin(card=False)
            world.comes_to(
                lambda: lent_there(system) == world.on_loan() and not untold(world),
                again,
                f"agreed after it died {life.died_at}",
            )
            again.end()
            assert Counter(deed.what for deed in system.library.deeds)["renew"] == 0
        return asked

    with ThreadPoolExecutor(ABREAST) as abreast:
        assert max(abreast.map(live, sends)) >= 1, "some loan was made and not heard of"
