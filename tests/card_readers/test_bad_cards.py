"""Cards that are lifted too early, broken, foreign or silent."""

import time

import pytest

from drivers.card_readers.card_answers import CardAnswers
from kiosk.devices import CardFailed, CardFault, CardInserted, CardTaken, DeviceLost
from kiosk.ecard import number_file
from tests.pcsc_bench import SOON, PcscBench, process_of

COMMANDS_OF_A_READ = 3  # UID, select, read


@pytest.mark.parametrize("command", range(1, COMMANDS_OF_A_READ + 1))
def test_a_card_torn_away_at_any_command_is_torn_and_may_come_again(bench: PcscBench, command: int) -> None:
    card_reader, card = bench.open(), bench.card()
    card.tear_at = command

    card.insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.TORN)
    assert card_reader.wait(SOON) == CardTaken(bench.slot())

    card.tear_at = None
    card.insert()

    assert isinstance(card_reader.wait(SOON), CardInserted)


@pytest.mark.parametrize("atr", [b"\x3b" * 43, b"\x00"], ids=["mute", "no such protocol"])
def test_a_card_that_does_not_say_what_it_is_is_unreadable(bench: PcscBench, atr: bytes) -> None:
    card_reader, card = bench.open(), bench.card()
    card.atr = atr

    card.insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_answers_without_a_status_word_are_unreadable(bench: PcscBench) -> None:
    card_reader, card = bench.open(), bench.card()
    card.cut_to = 1

    card.insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_a_card_that_stumbles_once_is_read_all_the_same(bench: PcscBench) -> None:
    card_reader, card = bench.open(), bench.card()
    card.cut_to = 1
    card.insert()
    while card.commands == 0:
        time.sleep(0.01)

    card.cut_to = None

    assert isinstance(card_reader.wait(SOON), CardInserted)


def test_a_card_that_makes_up_its_uid_is_nobody(bench: PcscBench) -> None:
    card_reader = bench.open()

    bench.card("08112233", number=None).insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_a_damaged_number_file_is_unreadable_not_a_uid(bench: PcscBench, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = number_file.encode_number_file("L0001")[:-1] + b"\x00"
    monkeypatch.setattr("drivers.card_readers.card_answers.encode_number_file", lambda _number: damaged)
    card_reader = bench.open()

    bench.card().insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_a_card_that_takes_too_long_is_unreadable_though_it_answers(bench: PcscBench) -> None:
    card_reader, card = bench.open(), bench.card()
    card.delay = 1.1

    card.insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.UNREADABLE)


def test_a_card_that_never_answers_costs_the_process_and_not_the_station(bench: PcscBench) -> None:
    card_reader, card = bench.open(silence=1.5), bench.card()
    process = process_of(card_reader)
    card.hang()
    card.insert()

    with pytest.raises(DeviceLost, match=r"silent for 1\.5 s"):
        card_reader.wait(SOON)
    assert not process.is_running()

    card.remove()
    card.release()
    opened_again = bench.open()
    card.insert()
    assert isinstance(opened_again.wait(SOON), CardInserted)


def test_a_card_forgets_its_selection_without_power() -> None:
    card = CardAnswers(bytes(7), "L0001")
    read_current_file = bytes.fromhex("00B0000000")
    card.answer(bytes.fromhex("00A4040008F04C49545445524100"))
    card.answer(bytes.fromhex("00B0810000"))
    assert card.answer(read_current_file).endswith(b"\x90\x00")

    card.reset()

    assert card.answer(read_current_file) == bytes.fromhex("6986")
