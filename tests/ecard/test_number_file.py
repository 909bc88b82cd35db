"""The number file: what the library wrote is read back; a damaged file is never a number."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ecard.apdu import CardUnusable
from kiosk.ecard.number_file import decode_number_file, encode_number_file

numbers = st.from_regex(r"\A[0-9A-Za-z./-]{1,32}\Z")


def sealed(body: str) -> bytes:
    raw = bytes.fromhex(body)
    return raw + b"\x8e\x04" + zlib.crc32(raw).to_bytes(4)


def test_the_layout_of_version_1_is_for_ever() -> None:
    """Cards written once are in people's pockets."""
    assert encode_number_file("L0001").hex() == "8001018105" + b"L0001".hex() + "8e04" + "67299bef"


@given(numbers, st.binary(max_size=16))
def test_a_number_is_read_back_whatever_fills_the_rest_of_the_file(number: str, rest: bytes) -> None:
    assert decode_number_file(encode_number_file(number) + rest) == number


@given(numbers, st.data())
def test_one_wrong_bit_is_never_a_number(number: str, data: st.DataObject) -> None:
    raw = bytearray(encode_number_file(number))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CardUnusable):
        decode_number_file(bytes(raw))


@given(numbers, st.data())
def test_a_file_cut_short_is_never_a_number(number: str, data: st.DataObject) -> None:
    raw = encode_number_file(number)

    with pytest.raises(CardUnusable, match="without its check"):
        decode_number_file(raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(st.binary(max_size=256))
def test_any_bytes_are_a_number_or_unusable(raw: bytes) -> None:
    try:
        number = decode_number_file(raw)
    except CardUnusable:
        return
    assert encode_number_file(number)


def test_a_later_card_may_say_more() -> None:
    assert decode_number_file(sealed("800101" "9003AABBCC" "81024c31")) == "L1"  # fmt: skip


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("80010281024c31", "layout version 1"),
        ("81024c31", "tag 81 at byte 0 is out of place"),
        ("80010181024c3181024c32", "tag 81 at byte 7 is out of place"),
        ("800101", "holds no card number"),
        ("800101810100", "holds no card number"),
        ("8001018102d0aa", "holds no card number"),
    ],
)
def test_a_sound_file_that_says_something_else_is_unusable(body: str, words: str) -> None:
    with pytest.raises(CardUnusable, match=words):
        decode_number_file(sealed(body))


@pytest.mark.parametrize("number", ["", "L 1", "Л1", "9" * 33, "L1\n"])
def test_a_number_no_card_can_carry_is_not_written(number: str) -> None:
    with pytest.raises(ValueError, match="1 to 32"):
        encode_number_file(number)
