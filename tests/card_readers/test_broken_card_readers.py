"""Card readers that tell cards by event, as those on USB do, and that break or are pulled out."""

from pathlib import Path

import pytest

from kiosk.devices import CardIdentity, CardInserted, CardTaken, DeviceLost
from tests.pcsc_bench import SOON, PcscBench, listen

FIRST_OF_THE_SECOND = 2


def break_card_reader(bench: PcscBench, entry: int) -> Path:
    """Break one card reader with both its slots until the flag that is returned is taken away."""
    flag = bench.pcscd.socket.with_name(f"vpcd-{entry}.so.broken")
    flag.touch()
    return flag


def test_the_only_card_reader_breaking_is_told_and_mended_by_opening_again(event_bench: PcscBench) -> None:
    card_reader = event_bench.open(names=["Virtual PCD A"])

    flag = break_card_reader(event_bench, 0)
    with pytest.raises(DeviceLost, match="out of order: Virtual PCD A 00 00, Virtual PCD A 00 01"):
        card_reader.wait(SOON)
    with pytest.raises(DeviceLost, match="out of order"):
        event_bench.open(names=["Virtual PCD A"], open_within=2.0)

    flag.unlink()
    event_bench.card().insert()
    opened_again = event_bench.open(names=["Virtual PCD A"], open_within=SOON)
    assert isinstance(opened_again.wait(SOON), CardInserted)


def test_a_card_reader_that_breaks_and_heals_within_the_grace_is_not_lost(event_bench: PcscBench) -> None:
    card_reader = event_bench.open(names=["Virtual PCD A"], grace=SOON)

    flag = break_card_reader(event_bench, 0)
    assert listen(card_reader, 0.3) == []
    assert card_reader.facts().model == "missing: Virtual PCD A"
    flag.unlink()
    event_bench.card().insert()

    assert isinstance(card_reader.wait(SOON), CardInserted)
    assert card_reader.facts().model.startswith(event_bench.slot())


def test_one_card_reader_breaking_takes_its_card_and_leaves_the_other_working(event_bench: PcscBench) -> None:
    card_reader = event_bench.open(names=["Virtual PCD A", "Virtual PCD B"])
    event_bench.card().insert()
    card_reader.wait(SOON)

    break_card_reader(event_bench, 0)

    assert card_reader.wait(SOON) == CardTaken(event_bench.slot())
    assert card_reader.facts().model.endswith("missing: Virtual PCD A")
    event_bench.card(slot=FIRST_OF_THE_SECOND).insert()
    told = card_reader.wait(SOON)
    assert isinstance(told, CardInserted)
    assert told.slot == event_bench.slot(FIRST_OF_THE_SECOND)


def test_a_card_reader_broken_at_the_start_is_named_and_joins_when_it_heals(event_bench: PcscBench) -> None:
    flag = break_card_reader(event_bench, 1)
    card_reader = event_bench.open(names=["Virtual PCD A", "Virtual PCD B"])
    event_bench.card(slot=FIRST_OF_THE_SECOND).insert()
    assert card_reader.wait(0.3) is None

    flag.unlink()

    assert isinstance(card_reader.wait(SOON), CardInserted)
    assert "missing" not in card_reader.facts().model


def test_cards_of_one_kind_swapped_in_no_time_are_all_seen(event_bench: PcscBench) -> None:
    card_reader, card = event_bench.open(settle=30), event_bench.card()
    seen = []

    for person in range(20):
        card.become(f"04{person:012X}", f"L{person}")
        card.insert()
        while not isinstance(change := card_reader.wait(SOON), CardInserted):
            assert change is not None
        seen.append(change.card)
        card.remove()

    assert seen == [CardIdentity("number", f"04{person:012X}", f"L{person}") for person in range(20)]


def test_two_cards_at_the_same_time_are_told_each_with_its_slot(event_bench: PcscBench) -> None:
    card_reader = event_bench.open()

    for slot in (0, FIRST_OF_THE_SECOND):
        event_bench.card(number=f"L{slot}", slot=slot).insert()

    told = {(change.slot, change.card.number) for change in listen(card_reader, 0.5)}
    assert told == {(event_bench.slot(slot), f"L{slot}") for slot in (0, FIRST_OF_THE_SECOND)}
