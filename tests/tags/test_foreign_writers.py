"""Tags of other programs, laid out by a writer that shares nothing with ours, say what they were given."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.tags.detect import decode
from kiosk.tags.model import TagModel, Usage
from tests.tags.foreign_writers import (
    as_half_bytes,
    as_integer,
    backwards,
    bitwise_crc,
    danish_tag,
    element,
    in_five_bits,
    in_seven_bits,
    in_six_bits,
)

USAGES = {
    0: Usage.ACQUISITION,
    1: Usage.CIRCULATING,
    2: Usage.NOT_FOR_LOAN,
    3: Usage.LOCAL,
    4: Usage.LOCAL,
    6: Usage.NONE,
    7: Usage.DISCARDED,
    8: Usage.PATRON,
    9: Usage.EQUIPMENT,
}
BARCODES = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=16)
SETS = st.integers(1, 12).flatmap(lambda parts: st.tuples(st.just(parts), st.integers(0, parts)))
SIGNS = {5: string.ascii_uppercase + string.digits + string.ascii_lowercase + "{}~", 4: string.ascii_uppercase + "-/0"}
ITEM_IDS = st.one_of(
    st.integers(10, 10**19 - 1).map(lambda number: (1, str(number), as_integer(str(number)))),
    st.text(string.digits, min_size=2, max_size=16).map(lambda text: (2, text, as_half_bytes(text))),
    st.text(string.ascii_uppercase + "_", min_size=3, max_size=16).map(lambda text: (3, text, in_five_bits(text))),
    st.text(SIGNS[4], min_size=4, max_size=16).map(lambda text: (4, text, in_six_bits(text))),
    st.text(SIGNS[5], min_size=5, max_size=16).map(lambda text: (5, text, in_seven_bits(text))),
    BARCODES.map(lambda text: (6, text, text.encode("latin-1"))),
    BARCODES.map(lambda text: (7, f"Ї{text}", f"Ї{text}".encode())),
)


def test_the_other_writer_counts_the_reference_string_right() -> None:
    assert bitwise_crc(b"RFID tag data model") == 0x1AEE


@given(BARCODES, SETS, st.sampled_from([*USAGES]), st.booleans(), st.sampled_from([32, 34, 36, 40, 64, 112]))
def test_a_danish_tag_of_either_nibble_order_and_any_size(item_id, set_of, usage, version_first, size) -> None:
    first = 0x10 | usage if version_first else usage << 4 | 0x01

    told = decode(danish_tag(first, *set_of, item_id.encode(), b"DE705", size))

    assert (told.model, told.item_id, told.owner, told.crc_ok) == (TagModel.ISO_28560_3, item_id, "DE-705", True)
    assert (told.parts, told.part, told.usage) == (*set_of, USAGES[usage])


@given(BARCODES, st.sampled_from([4, 8]), st.sampled_from([32, 40, 64]))
def test_a_danish_tag_whose_blocks_came_backwards(item_id, block_size, size) -> None:
    written = danish_tag(0x11, 1, 1, item_id.encode(), b"UAZT0001", size)

    told = decode(backwards(written, block_size), 0x3E, block_size)

    assert (told.item_id, told.owner, told.crc_ok, told.reversed_blocks) == (item_id, "UA-ZT0001", True, True)


@given(ITEM_IDS, st.sampled_from([None, 0, 3]), SETS, st.sampled_from([*USAGES]), st.permutations(range(4)))
def test_the_elements_of_iso_28560_2_in_any_order_and_compaction(item, pads, set_of, usage, order) -> None:
    mode, item_id, octets = item
    others = [
        element(3, 6, b"FI-NbE"),
        element(4, 2, as_half_bytes(f"{set_of[0]:02}{set_of[1]:02}")),
        element(5, 6, f"{usage}0".encode()),
        element(17, 7, "Кобзар".encode()),
    ]
    written = element(1, mode, octets, pads) + b"".join(others[place] for place in order)

    told = decode(written.ljust(112, b"\0"), 0x06)

    assert (told.model, told.item_id, told.owner) == (TagModel.ISO_28560_2, item_id, "FI-NbE")
    assert (told.parts, told.part, told.usage) == (*set_of, USAGES[usage])
    assert (told.element("title"), told.element("fault")) == ("Кобзар", "")


@pytest.mark.parametrize("filling", ["00" * 9, "00" * 4 + "FF" * 8])
def test_what_fills_the_rest_of_the_memory_is_no_element(filling: str) -> None:
    written = element(1, 1, as_integer("30123456")) + bytes.fromhex(filling)

    told = decode(written, 0x06)

    assert (told.item_id, told.extras) == ("30123456", ())
