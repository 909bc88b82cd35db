"""Good cards on good card readers: real pcscd, real vpcd, real driver and its process."""

import time

from kiosk.devices import CardIdentity, CardInserted, CardTaken
from tests.pcsc_bench import SOON, PcscBench, listen

OLENA = CardIdentity("number", "04A1B2C3D4E5F6", "L0001")
TARAS = CardIdentity("number", "04665544332211", "L0002")


def test_a_card_laid_down_is_told_with_its_number(bench: PcscBench) -> None:
    card_reader = bench.open()

    bench.card().insert()

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), OLENA)


def test_a_card_that_lay_there_before_is_told_and_marked_so(bench: PcscBench) -> None:
    bench.card().insert()

    assert bench.open().wait(SOON) == CardInserted(bench.slot(), OLENA, lay_there=True)


def test_a_lifted_card_is_told_once(bench: PcscBench) -> None:
    card_reader, card = bench.open(), bench.card()
    card.insert()
    card_reader.wait(SOON)

    card.remove()

    assert card_reader.wait(SOON) == CardTaken(bench.slot())
    assert card_reader.wait(0.3) is None


def test_a_card_left_lying_is_told_once(bench: PcscBench) -> None:
    card_reader = bench.open()

    bench.card().insert()

    assert listen(card_reader, 1.5) == [CardInserted(bench.slot(), OLENA)]


def test_a_card_back_within_the_settle_time_is_the_same_tap(bench: PcscBench) -> None:
    card_reader, card = bench.open(settle=30), bench.card()
    card.insert()
    card_reader.wait(SOON)

    for _ in range(3):
        card.remove()
        time.sleep(0.2)
        card.insert()

    assert listen(card_reader, 0.5) == []


def test_another_card_of_the_same_kind_ends_the_first_at_once(bench: PcscBench) -> None:
    card_reader, card = bench.open(settle=30), bench.card(OLENA.uid, OLENA.number)
    card.insert()
    card_reader.wait(SOON)

    card.remove()
    time.sleep(0.3)  # a slot asked every 20 ms sees the gap
    card.become(TARAS.uid, TARAS.number)
    card.insert()

    assert card_reader.wait(SOON) == CardTaken(bench.slot())
    assert card_reader.wait(SOON) == CardInserted(bench.slot(), TARAS)


def test_a_card_swapped_while_the_first_is_being_read_is_seen(bench: PcscBench) -> None:
    card_reader, slow = bench.open(settle=30), bench.card(OLENA.uid, OLENA.number)
    slow.delay = 0.4
    slow.insert()
    time.sleep(0.6)

    slow.remove()
    time.sleep(0.3)
    bench.card(TARAS.uid, TARAS.number).insert()
    told = listen(card_reader, 1.0)

    assert told[-1] == CardInserted(bench.slot(), TARAS)
    assert CardInserted(bench.slot(), OLENA) not in told


def test_a_card_without_our_application_is_told_by_its_uid(bench: PcscBench) -> None:
    card_reader = bench.open()

    bench.card("04A1B2C3D4E5F6", number=None).insert()

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), CardIdentity("uid", "04A1B2C3D4E5F6"))


def test_the_uid_scheme_does_not_ask_for_the_number(bench: PcscBench) -> None:
    card_reader, card = bench.open(scheme="uid"), bench.card()

    card.insert()

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), CardIdentity("uid", OLENA.uid))
    assert card.commands == 1


def test_waiting_takes_the_time_it_was_given_and_no_more(bench: PcscBench) -> None:
    card_reader = bench.open()

    began = time.monotonic()
    change = card_reader.wait(0.25)

    assert change is None
    assert 0.25 <= time.monotonic() - began < 0.75


def test_cards_on_several_card_readers_are_told_with_their_slots(wide_bench: PcscBench) -> None:
    card_reader = wide_bench.open()

    for slot in range(4):
        wide_bench.card(f"04A1B2C3D4E5F{slot}", f"L{slot}", slot=slot).insert()

    told = {card_reader.wait(SOON) for _ in range(4)}
    assert told == {
        CardInserted(wide_bench.slot(n), CardIdentity("number", f"04A1B2C3D4E5F{n}", f"L{n}")) for n in range(4)
    }


def test_only_the_named_card_readers_are_watched(wide_bench: PcscBench) -> None:
    card_reader = wide_bench.open(names=["Virtual PCD B"], ignore=["00 01"])

    wide_bench.card(slot=0).insert()
    wide_bench.card(slot=3).insert()
    wide_bench.card(slot=2).insert()

    assert listen(card_reader, 0.5) == [CardInserted(wide_bench.slot(2), OLENA)]
    assert card_reader.facts().model == wide_bench.slot(2)


def test_a_missing_card_reader_is_named_while_the_other_works(bench: PcscBench) -> None:
    card_reader = bench.open(names=["Virtual PCD A 00 00", "ACS ACR1252"])

    bench.card().insert()

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), OLENA)
    assert card_reader.facts().model == "Virtual PCD A 00 00, missing: ACS ACR1252"
