"""Whole visits, and plugs pulled in their middle, on pads of another make than the other flows run on."""

from collections.abc import Callable

import pytest

from drivers.tag_pads.protocols import PAD_PROTOCOLS
from drivers.tag_pads.simulated_pad import Direction
from kiosk.station.view import ReturnsView, RowState, SessionView, StackFirstView, Touch, WelcomeView
from tests.stand import ARMED, CLEARED, Shelf, Stand, Station, make_tag

PATIENT = {"idle_s": 20, "put_back_s": 20}
pads = pytest.mark.parametrize("pad", [name for name in PAD_PROTOCOLS if name != "feig"])


def at_the_gate_bit(stand: Stand, act: Callable[[], None]) -> None:
    """Do something just as the pad hears the first request that writes a gate bit, before it obeys."""
    heard: list[bytes] = []

    def act_once(direction: Direction, frame: bytes) -> None:
        if direction is Direction.TO_PAD and stand.pad.firmware.writes_gate(frame) and not heard:
            heard.append(frame)
            act()

    stand.pad.observe(act_once)


def test_a_stack_is_borrowed_and_comes_back(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(3)]

    with station(pad="threem") as stand:
        card = stand.begin(olena)
        stand.lay(*tags)
        stand.sees_rows(SessionView, *[RowState.LENT] * 3)
        lent, bits = stand.on_loan(), {tag.afi for tag in tags}
        stand.take_away(*tags)
        done = stand.end()
        card.remove()
        stand.sees(WelcomeView)
        stand.lay(*tags)
        stand.sees(StackFirstView, lambda view: view.on_loan == 3)
        stand.touch(Touch.RETURN)
        stand.sees_rows(ReturnsView, *[RowState.RETURNED] * 3)

        assert (done.lent, done.trouble) == (3, ())
        assert (sorted(lent.values()), bits) == (["Олена"] * 3, {CLEARED})
        assert stand.on_loan() == {}
        assert {tag.afi for tag in tags} == {ARMED}
        assert stand.debts() == []


@pads
def test_a_bad_line_loses_no_book(station: Station, shelf: Shelf, pad: str) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(pad=pad, timing=PATIENT) as stand:
        stand.begin(olena)
        troubles = stand.pad.troubles
        troubles.chunk, troubles.corrupt, troubles.noise, troubles.delay = 3, 2, b"\xd6\x00\x0d\x09", 0.01
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert stand.on_loan() == {"0012000001": "Олена"}
        assert tag.afi == CLEARED
        assert stand.debts() == []


@pads
def test_a_book_lifted_as_its_bit_is_written_is_asked_back(station: Station, shelf: Shelf, pad: str) -> None:
    olena = shelf.patron("Олена")
    tag = make_tag(shelf.item("0012000001"))

    with station(pad=pad, timing=PATIENT) as stand:
        stand.begin(olena)
        at_the_gate_bit(stand, lambda: stand.lift(tag))
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.PUT_BACK)
        bit = tag.afi
        stand.lay(tag)
        stand.sees_rows(SessionView, RowState.LENT)

        assert (bit, tag.afi) == (ARMED, CLEARED)


@pads
def test_a_pad_unplugged_in_mid_return_takes_the_book_back_when_it_is_there_again(
    station: Station, shelf: Shelf, pad: str
) -> None:
    shelf.lend(shelf.item("0012000001"), shelf.patron("Олена"))
    tag = make_tag("0012000001", lent=True)

    with station(pad=pad, timing=PATIENT) as stand:
        stand.opens()
        stand.lay(tag)
        stand.sees(StackFirstView, lambda view: view.on_loan == 1)
        with stand.busy_ledger():
            stand.touch(Touch.RETURN)
            stand.sees(ReturnsView, lambda view: view.busy)
            stand.pad.unplug()
            stand.sees(ReturnsView, lambda view: not view.frame.returns)
        stand.sees_rows(ReturnsView, RowState.PUT_BACK)
        stand.pad.plug()
        stand.sees_rows(ReturnsView, RowState.RETURNED)

        assert stand.on_loan() == {}
        assert tag.afi == ARMED
        assert stand.debts() == []


def test_the_habits_of_a_3m_pad_are_no_trouble_to_anybody(station: Station, shelf: Shelf) -> None:
    olena = shelf.patron("Олена")
    tags = [make_tag(shelf.item(f"001200000{number}")) for number in range(2)]

    with station(pad="threem", timing=PATIENT) as stand:
        quirks = stand.pad.firmware.quirks
        quirks.duplicates, quirks.transient, quirks.read_style = True, 5, "ignores"
        stand.begin(olena)
        stand.lay(*tags)
        session = stand.sees_rows(SessionView, RowState.LENT, RowState.LENT)

        assert session.lent == 2
        assert {tag.afi for tag in tags} == {CLEARED}
