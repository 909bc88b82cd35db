"""The virtual chips, asked as other people's programs ask: in the open, with and without keys, and with nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_readers.chips import CHIPS, blank_desfire, blank_ntag424
from drivers.key_stores.aes import SoftwareCipher
from kiosk.ecard.apdu import Response, carry
from kiosk.ecard.ev2 import Handshake
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.messaging import Mode, Session
from kiosk.ecard.native import Ins, Status, ask, ask_once, native
from tests.ecard.talking import master_keys

UID = "04958CAA5C5E80"


def says(chip: object, command: str) -> str:
    return chip.answer(bytes.fromhex(command)).hex().upper()  # type: ignore[attr-defined]


def factory_session(chip: object, key: int = 0) -> Session:
    """Open a session with a key as it left the factory."""

    def conversation():  # type: ignore[no-untyped-def]
        first = yield from ask_once(native(Ins.AUTHENTICATE_FIRST, bytes([key, 0])), "first", Status.MORE)
        handshake = Handshake.begin(SoftwareCipher(bytes(16)), first.data, bytes(range(16)))
        second = yield from ask_once(native(Ins.MORE, handshake.command), "second", Status.OK)
        return Session(handshake.finish(second.data), SoftwareCipher)

    return carry(conversation(), chip.answer)  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("FFCA000000", UID + "9000"),
        ("00A4040007D276000085010100", "9000"),
        ("00A4040007D276000085010200", "6A82"),
        ("00A4000C02E103", "9000"),
        ("00A4000C02E107", "6A82"),
        ("00B0000002", "6986"),
        ("9060000000", "0404023000110591AF"),
        ("9071000002090000", "9140"),
        ("90AF000000", "91CA"),
        ("90AD0000070300000001000000", "91AE"),
        ("90F50000010500", "91F0"),
        ("9051000000", "91AE"),
        ("9001000000", "911C"),
        ("90640000010000", "009100"),
        ("80CA000000", "6E00"),
        ("00CA000000", "6D00"),
        ("00", "6700"),
    ],
)
def test_a_blank_ntag_424_answers_as_its_data_sheet_says(command: str, answer: str) -> None:
    assert says(blank_ntag424(UID), command) == answer


def test_an_ntag_424_is_read_and_written_as_an_nfc_forum_tag() -> None:
    chip = blank_ntag424(UID)

    assert says(chip, "00A4000C02E103") == "9000"
    assert says(chip, "00B000000F").startswith("001720010000FF0406E104")
    assert says(chip, "00A4000C02E104") == "9000"
    assert says(chip, "00D60000050003D10155") == "9000"
    assert says(chip, "00B0000005") == "0003D101559000"
    assert says(chip, "00D600FE03AABBCC") == "6A84"
    assert says(chip, "00A4000C02E105") == "9000"
    assert says(chip, "00B0000001") == "6982"
    assert says(chip, "00D600000111") == "6982"


def test_a_tag_with_sun_counts_one_tap_a_selection() -> None:
    chip = blank_ntag424(UID)
    carry(issue(Order("L1", "https://library.example/c"), master_keys()), chip.answer)

    for _ in range(2):
        says(chip, "00A4000C02E104")
        first, second = says(chip, "00B0000000"), says(chip, "00B0000000")
        assert first == second
    assert chip.taps == 2


def test_a_session_ends_with_an_error_a_selection_and_the_power() -> None:
    for end in ("90F50000010500", "00A4040007D276000085010100", ""):
        chip = blank_ntag424(UID)
        session = factory_session(chip)
        says(chip, end) if end else chip.reset()

        assert chip.answer(session.command(Ins.GET_CARD_UID, mode=Mode.FULL).to_bytes()) == b"\x91\xae"


def test_the_tap_counter_is_told_under_the_seal() -> None:
    chip = blank_ntag424(UID)
    chip.taps = 513
    session = factory_session(chip)

    told = carry(ask(session.command(Ins.GET_FILE_COUNTERS, b"\x02"), "counting"), chip.answer)

    assert session.answer(told, Mode.FULL) == bytes.fromhex("0102000000")


def test_fifty_wrong_keys_make_a_key_rest() -> None:
    chip = blank_ntag424(UID)

    for _ in range(50):
        says(chip, "9071000002000000")
        assert says(chip, "90AF000020" + "11" * 32 + "00") == "91AE"

    assert says(chip, "9071000002000000") == "91AD"
    assert says(chip, "9071000002010000").endswith("91AF")


def test_a_desfire_makes_applications_once() -> None:
    chip = blank_desfire(UID)

    assert says(chip, "906A000000") == "9100"
    assert says(chip, "90CA000005544CF40B8500") == "9100"
    assert says(chip, "90CA000005544CF40B8500") == "91DE"
    assert says(chip, "90CA000005554CF40B0500") == "919E"
    assert says(chip, "906A000000") == "544CF49100"
    assert says(chip, "905A000003010203" + "00") == "91A0"
    assert says(chip, "905A000003544CF400") == "9100"
    assert says(chip, "906F000000") == "91AE"


@pytest.mark.parametrize("kind", CHIPS)
@given(commands=st.lists(st.binary(max_size=70) | st.binary(max_size=60).map(lambda b: b"\x90" + b), max_size=6))
def test_whatever_comes_a_chip_answers_with_a_status_word(kind: str, commands: list[bytes]) -> None:
    chip = CHIPS[kind](UID)

    for raw in commands:
        assert Response.from_bytes(chip.answer(raw)).status >> 12 in (6, 9)
