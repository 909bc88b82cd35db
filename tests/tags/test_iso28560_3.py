"""What the fixed block and the extension blocks of ISO 28560-3 hold beyond the published dumps."""

from functools import reduce
from operator import xor

import pytest

from kiosk.tags.detect import decode
from kiosk.tags.encode import encode
from kiosk.tags.iso28560_3 import _crc_due
from kiosk.tags.model import BadTag, TagModel, Usage

MODEL = TagModel.ISO_28560_3


def sealed(block: bytes) -> bytes:
    """Put the CRC into a basic block written by hand."""
    return block[:19] + _crc_due(block).to_bytes(2, "little") + block[21:]


def basic(first: int = 0x11, item_id: bytes = b"0012345678", owner: bytes = b"UA0001") -> bytes:
    return sealed(bytes([first, 1, 1]) + item_id.ljust(16, b"\0") + b"\0\0" + owner.ljust(13, b"\0"))


def extension(number: bytes, body: bytes) -> bytes:
    block = bytes([4 + len(body)]) + number + b"\0" + body
    return block[:3] + bytes([reduce(xor, block)]) + block[4:]


@pytest.mark.parametrize(
    ("first", "usage"),
    [
        (0x10, Usage.ACQUISITION),
        (0x01, Usage.ACQUISITION),
        (0x11, Usage.CIRCULATING),
        (0x12, Usage.NOT_FOR_LOAN),
        (0x21, Usage.NOT_FOR_LOAN),
        (0x13, Usage.LOCAL),
        (0x41, Usage.LOCAL),
        (0x15, Usage.UNKNOWN),
        (0x61, Usage.NONE),
        (0x17, Usage.DISCARDED),
        (0x71, Usage.DISCARDED),
        (0x18, Usage.PATRON),
        (0x81, Usage.PATRON),
        (0x91, Usage.EQUIPMENT),
        (0xF1, Usage.UNKNOWN),
        (0x27, Usage.UNKNOWN),
    ],
)
def test_the_nibble_that_is_not_the_version_is_the_usage(first: int, usage: Usage) -> None:
    assert decode(basic(first)).usage is usage


@pytest.mark.parametrize(("nibble", "first"), [("high", 0x17), ("low", 0x71)])
def test_the_version_goes_into_the_nibble_the_house_wants(nibble, first: int) -> None:
    assert encode(MODEL, "1", usage=Usage.DISCARDED, version_nibble=nibble)[0] == first


@pytest.mark.parametrize(
    ("written", "owner"),
    [
        (b"UA0001", "UA-0001"),
        (b"UA-0001", "UA-0001"),
        (b"ua0001", "UA-0001"),
        (b"", ""),
        (b"UA", "UA"),
        (b"\0\0" + b"526", "526"),
    ],
)
def test_the_owner_gets_its_hyphen_back(written: bytes, owner: str) -> None:
    assert decode(basic(owner=written)).owner == owner


@pytest.mark.parametrize(
    ("written", "item_id"),
    [
        (b"0012345678      ", "0012345678"),
        (b"0012\0stale bytes", "0012"),
        ("Том-І".encode(), "Том-І"),
        ("Том".encode("cp1251"), "Òîì"),
        (b"", ""),
    ],
)
def test_fields_filled_by_other_habits_are_read_without_the_filling(written: bytes, item_id: str) -> None:
    assert decode(basic(item_id=written), 0x3E).item_id == item_id


def test_an_item_id_over_16_bytes_stands_in_the_library_block_and_leaves_a_mark() -> None:
    octets = encode(MODEL, "ЖИТОМИР-0012345678", "UA-ZT0001")

    assert octets[3:19] == b"\x01".ljust(16, b"\0")
    assert decode(octets).item_id == "ЖИТОМИР-0012345678"


def test_a_long_item_id_whose_block_is_damaged_is_not_vouched_for() -> None:
    octets = bytearray(encode(MODEL, "ЖИТОМИР-0012345678", "UA-ZT0001"))
    octets[-3] ^= 0x01

    told = decode(bytes(octets))

    assert told.crc_ok is False
    assert told.element("fault") == "extension block 1 at byte 34 has a wrong xor"


def test_a_long_item_id_beyond_the_bytes_read_asks_for_more() -> None:
    octets = encode(MODEL, "ЖИТОМИР-0012345678", "UA-ZT0001", size=112)

    assert (decode(octets[:32]).item_id, decode(octets[:32]).cut_short) == ("", True)


@pytest.mark.parametrize(
    ("number", "body", "name", "text"),
    [
        (b"\x01\x00", b"\x02", "media", "cd-dvd"),
        (b"\x01\x00", b"\x63", "media", "code 99"),
        (b"\x02\x00", b"Bogvognen\x001234567890\0\0a789656c", "invoice", "a789656c"),
        (b"\x03\x00", b"\0\0\0children", "subsidiary", "children"),
        (b"\x04\x00", "Тіні забутих предків".encode(), "title", "Тіні забутих предків"),
        (b"\x05\x00", b"DE-705\x0012", "ill_transaction", "12"),
        (b"\x88\x13", b"\x01\x02", "block-5000", "0102"),
        (b"\x02\xff", b"\x0a\x01\x02", f"block-{0x0AFF02}", "0102"),
    ],
)
def test_an_extension_block_is_read_by_its_number(number: bytes, body: bytes, name: str, text: str) -> None:
    told = decode(basic() + b"\x01\x01" + extension(number, body) + b"\x01\0", 0x3E)

    assert told.element(name) == text
    assert (told.crc_ok, told.element("fault"), told.cut_short) == (True, "", False)


def test_a_wrong_xor_is_reported_and_the_rest_of_the_tag_stands() -> None:
    damaged = bytearray(extension(b"\x04\x00", b"Kobzar"))
    damaged[3] ^= 0xFF

    told = decode(basic() + bytes(damaged) + extension(b"\x03\x00", b"821"), 0x3E)

    assert told.element("fault") == "extension block 4 at byte 34 has a wrong xor"
    assert (told.crc_ok, told.item_id, told.element("shelf")) == (True, "0012345678", "821")


@pytest.mark.parametrize(
    ("tail", "fault", "cut_short"),
    [
        (b"\x03\x04\x00", "says it is 3 bytes long; 4 is the least", False),
        (b"\x09\x04\x00\x00Kob", "needs 9 bytes, 7 are there", True),
    ],
)
def test_a_broken_chain_is_reported_by_its_place(tail: bytes, fault: str, cut_short: bool) -> None:
    told = decode(basic() + tail, 0x3E)

    assert fault in told.element("fault")
    assert (told.item_id, told.crc_ok, told.cut_short) == ("0012345678", True, cut_short)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"item_id": ""}, "item id ''"),
        ({"item_id": " 12"}, "begin or end with a blank"),
        ({"item_id": "1\x002"}, "control signs"),
        ({"owner": "Жито"}, "is not an ISIL"),
        ({"owner": "UA-123456789012"}, "is not an ISIL"),
        ({"parts": 256}, "up to 255 parts"),
        ({"part": -1}, "up to 255 parts"),
        ({"usage": Usage.UNKNOWN}, "cannot be written"),
        ({"media": "papyrus"}, "use one of book, cd-dvd, tape"),
        ({"title": "т" * 130}, "255 is the most; shorten"),
        ({"title": "Кобзар", "size": 32}, "the tag has 32; shorten"),
        ({"size": -1}, "the tag has -1"),
        ({"block_size": 0}, "block size 0"),
        ({"model": TagModel.BLANK}, "cannot be written"),
    ],
)
def test_what_no_tag_can_hold_is_refused_with_the_reason(asked, why: str) -> None:
    with pytest.raises(BadTag, match=why):
        encode(**{"model": MODEL, "item_id": "0012345678", "owner": "UA-0001"} | asked)
