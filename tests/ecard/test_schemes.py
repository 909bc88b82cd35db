"""Schemes in conversation with a card, without a card reader: every command and answer passes by here."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_readers.card_answers import CardAnswers
from kiosk.devices import CardIdentity
from kiosk.ecard.apdu import CardError, CardUnusable, Response
from kiosk.ecard.keys import NoKeys
from kiosk.ecard.number_file import encode_number_file
from kiosk.ecard.schemes import SCHEMES, Conversation
from tests.ecard.talking import ring

DESFIRE = bytes.fromhex("3B8180018080")
ATRS = json.loads((Path(__file__).parents[1] / "golden" / "card_atrs.json").read_text())["atrs"]
UID = "04A1B2C3D4E5F6"


class Scripted(CardAnswers):
    """A card that answers some commands, told by their class and instruction, in its own way."""

    def __init__(self, uid: str, number: str | None, script: dict[str, str]) -> None:
        super().__init__(bytes.fromhex(uid), number)
        self.script = script

    def answer(self, raw: bytes) -> bytes:
        own = self.script.get(raw[:2].hex().upper())
        return super().answer(raw) if own is None else bytes.fromhex(own)


def ask(card: CardAnswers, scheme: str = "number", atr: bytes = DESFIRE) -> tuple[CardIdentity, int]:
    """Let *scheme* ask *card*; give the identity and how many commands it took."""
    conversation: Conversation = SCHEMES[scheme](atr, ring(NoKeys()))
    command, asked = next(conversation), 1
    while True:
        try:
            command = conversation.send(card.answer(command))
        except StopIteration as known:
            return known.value, asked
        asked += 1


def scripted(number: str | None = "L0001", **script: str) -> Scripted:
    return Scripted(UID, number, script)


def test_our_card_is_known_by_its_number() -> None:
    assert ask(scripted()) == (CardIdentity("number", UID, "L0001", proven=False), 3)


def test_a_card_of_another_house_is_known_by_its_uid() -> None:
    assert ask(scripted(number=None)) == (CardIdentity("uid", UID), 2)


@pytest.mark.parametrize("listed", ATRS, ids=lambda listed: listed["card"])
def test_a_storage_card_is_not_asked_for_an_application(listed: dict[str, str | bool]) -> None:
    _, asked = ask(scripted(number=None), atr=bytes.fromhex(listed["atr"]))

    assert asked == (1 if listed["storage"] else 2)


@pytest.mark.parametrize("uid", ["08112233", "88041122", "", "0411", "041122334455"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_uid_that_names_nobody_is_no_identity(uid: str, scheme: str) -> None:
    with pytest.raises(CardUnusable, match="no lasting UID"):
        ask(scripted(number=None, FFCA=uid + "9000"), scheme)


def test_a_random_uid_does_not_matter_to_a_card_with_a_number_and_is_not_passed_on() -> None:
    identity, _ = ask(scripted(FFCA="081122339000"))

    assert identity == CardIdentity("number", "", "L0001")


def test_a_card_reader_that_knows_no_uids_still_reads_numbers() -> None:
    assert ask(scripted(FFCA="6A81"))[0] == CardIdentity("number", "", "L0001")


@pytest.mark.parametrize("status", ["6982", "6A82", "6B00"])
def test_our_card_that_keeps_its_file_is_unusable_and_does_not_pass_as_a_uid(status: str) -> None:
    with pytest.raises(CardUnusable, match=status):
        ask(scripted(**{"00B0": status}))


def test_a_file_with_less_than_was_asked_is_read() -> None:
    end_of_file = encode_number_file("L7").hex() + "6282"

    assert ask(scripted(**{"00B0": end_of_file}))[0].number == "L7"


@given(st.lists(st.binary(max_size=40), min_size=8, max_size=8), st.sampled_from(sorted(SCHEMES)))
def test_whatever_a_card_answers_ends_in_an_identity_or_a_named_error(answers: list[bytes], scheme: str) -> None:
    conversation = SCHEMES[scheme](DESFIRE, ring(NoKeys()))

    with suppress(StopIteration, CardError):  # anything else it raises is the station's trouble
        next(conversation)
        for answer in answers:
            conversation.send(answer)
    conversation.close()  # a card that always has more waiting: the driver's time budget ends it


@given(st.binary(max_size=64))
def test_the_virtual_card_answers_any_command_with_a_status_word(raw: bytes) -> None:
    status = Response.from_bytes(CardAnswers(bytes(7), "L1").answer(raw)).status

    assert status >> 12 in (6, 9)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("FFCA000000", UID + "9000"),
        ("FFCA000007", UID + "9000"),
        ("FFCA000004", "6C07"),
        ("FFCA00000A", UID + "6282"),
        ("FFCA0000", "6700"),
        ("FFCA010000", "809000"),
        ("FFCA020000", "6A81"),
        ("FFB0000410", "6A81"),
        ("FFEE000000", "6D00"),
        ("9060000000", "6E00"),
        ("00CA000000", "6D00"),
        ("00A404", "6700"),
        ("00A4040007D276000085010100", "6A82"),
        ("00A4000002E104", "6A86"),
        ("00A4040C08F04C495454455241", "9000"),
        ("00A4040003F04C4900", "6F0A8408F04C4954544552419000"),
        ("00B0810000", "6A82"),
        ("00B0000000", "6986"),
    ],
)
def test_the_virtual_card_answers_as_a_card_does(command: str, answer: str) -> None:
    assert scripted().answer(bytes.fromhex(command)).hex().upper() == answer


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00B0810005", "80010181059000"),
        ("00B0810A02", "8E049000"),
        ("00B0810CFF", "67299BEF6282"),
        ("00B0811000", "9000"),
        ("00B0811100", "6B00"),
        ("00B0820000", "6A82"),
        ("00B08100", "6700"),
    ],
)
def test_the_virtual_card_gives_its_file_by_offset_and_length(command: str, answer: str) -> None:
    card = scripted()
    card.answer(bytes.fromhex("00A4040C08F04C495454455241"))

    assert card.answer(bytes.fromhex(command)).hex().upper() == answer
