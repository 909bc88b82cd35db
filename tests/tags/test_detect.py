"""Which model a tag follows when the pad says nothing, or something wrong."""

import pytest

from kiosk.tags.detect import decode, reverse_blocks
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagModel, Usage
from tests.tags.golden_tags import octets_of

HAMBURG = octets_of("hsu_hamburg_truncated_32")
ANNEX_D = octets_of("annexD_full_36")


@pytest.mark.parametrize("dsfid", [None, 0x00, 0x06, 0x3E])
@pytest.mark.parametrize(
    "octets",
    [b"", bytes(32), b"\xff" * 112, b"\x55" * 24, b"\x55\x55" + bytes(30), b"\x55" * 32 + bytes(80)],
    ids=lambda octets: f"{len(octets)}-{octets[:1].hex()}",
)
def test_a_tag_nobody_wrote_on_is_blank(octets: bytes, dsfid: int | None) -> None:
    told = decode(octets, dsfid)

    assert (told.model, told.item_id, told.crc_ok) == (TagModel.BLANK, "", None)


@pytest.mark.parametrize(
    "octets",
    [
        bytes.fromhex("E140400103165501") + b"littera.example.org\xfe".ljust(104, b"\0"),
        bytes.fromhex("E1100D000300FE00").ljust(112, b"\0"),
        b"laundry bag 17".ljust(32, b"\0"),
        bytes.fromhex("04A1B2C3D4E5F6"),
        HAMBURG[:19],
    ],
    ids=["nfc-link", "nfc-empty", "laundry", "short", "cut-before-its-crc"],
)
def test_a_tag_of_another_trade_is_foreign(octets: bytes) -> None:
    told = decode(octets)

    assert (told.model, told.item_id, told.usage) == (TagModel.FOREIGN, "", Usage.UNKNOWN)
    assert octets.hex().upper().startswith(told.element("head"))


@pytest.mark.parametrize("dsfid", [0x00, 0x06, 0x01, 0xFF])
def test_a_crc_that_holds_outweighs_a_wrong_dsfid(dsfid: int) -> None:
    assert decode(HAMBURG, dsfid).item_id == "11223344"


@pytest.mark.parametrize("dsfid", [0x06, 0x46, 0x00, None])
def test_iso_28560_2_is_known_by_its_data_format_and_by_its_shape(dsfid: int | None) -> None:
    assert decode(ANNEX_D, dsfid).item_id == "123456789012"


@pytest.mark.parametrize("at", [0, 1, 2, 5, 12, 19, 21, 25])
def test_one_damaged_byte_leaves_an_iso_28560_3_tag_recognisable(at: int) -> None:
    octets = bytearray(HAMBURG)
    octets[at] ^= 0xA0

    told = decode(bytes(octets))

    assert (told.model, told.crc_ok) == (TagModel.ISO_28560_3, False)
    assert told.element("fault").startswith("CRC on the tag")


@pytest.mark.parametrize("told_size", [4, 8])
@pytest.mark.parametrize("real_size", [4, 8])
def test_blocks_are_turned_by_the_size_that_makes_the_crc_hold(told_size: int, real_size: int) -> None:
    turned = reverse_blocks(HAMBURG, real_size)

    told = decode(turned, block_size=told_size)

    assert (told.item_id, told.crc_ok, told.reversed_blocks) == ("11223344", True, True)


def test_a_backwards_iso_28560_2_tag_is_read_where_the_dsfid_vouches_for_it() -> None:
    turned = reverse_blocks(ANNEX_D, 4)

    told = decode(turned, 0x06)

    assert (told.item_id, told.owner, told.reversed_blocks) == ("123456789012", "US-InU-Mu", True)


def test_without_a_dsfid_a_backwards_iso_28560_2_tag_proves_nothing() -> None:
    assert decode(reverse_blocks(ANNEX_D, 4)).model is TagModel.FOREIGN


def test_an_iso_28560_3_tag_that_ends_before_its_crc_is_bad() -> None:
    with pytest.raises(BadTag, match="20 bytes, the CRC ends at byte 21"):
        decode(HAMBURG[:20], 0x3E)


def test_an_iso_28560_2_tag_without_an_item_id_is_bad() -> None:
    with pytest.raises(BadTag, match="no element of it is the item id"):
        decode(bytes.fromhex("0201A0250110"), 0x06)


def test_reading_on_is_worth_it_when_the_first_bytes_break_off_inside_the_data() -> None:
    octets = encode(TagModel.ISO_28560_3, "0012345678", "DE-1234567890A", title="Кобзар", size=112)

    assert (decode(octets[:32]).crc_ok, decode(octets[:32]).cut_short) == (False, True)
    assert (decode(octets[:36]).crc_ok, decode(octets[:36]).cut_short) == (True, True)
    assert (decode(octets).crc_ok, decode(octets).cut_short) == (True, False)


@pytest.mark.parametrize("length", range(12, 36))
def test_a_cut_iso_28560_2_tag_keeps_its_item_id(length: int) -> None:
    whole = decode(ANNEX_D)

    told = decode(ANNEX_D[:length], 0x06)

    assert told.item_id == whole.item_id
    assert told.cut_short or told.owner in {"", whole.owner}
