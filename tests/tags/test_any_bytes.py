"""Whatever lies on the pad, a codec answers or says BadTag; nothing else, at any length."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.tags import iso28560_2, iso28560_3, rfid501
from kiosk.tags.detect import decode
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagData, TagModel
from tests.tags.golden_tags import TAGS

dumps = st.sampled_from([bytes.fromhex(tag["hex"]) for tag in TAGS])
dsfids = st.one_of(st.none(), st.sampled_from([0x00, 0x06, 0x3E, 0x46]), st.integers(0, 255))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A published dump with some bytes overwritten, cut, or followed by others."""
    octets = bytearray(draw(dumps))
    for at, octet in draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=6)):
        octets[at % len(octets)] = octet
    return bytes(octets[: draw(st.integers(0, 60))]) + draw(st.binary(max_size=80))


def answers_or_refuses(read, *arguments) -> None:
    try:
        told = read(*arguments)
    except BadTag:
        return
    assert isinstance(told, TagData)
    assert told.item_id == told.item_id.strip()


@given(st.one_of(st.binary(max_size=300), mutated()), dsfids, st.integers(1, 32))
@example(b"\x11\xff" + bytes(2000), 0x06, 4)
@example(b"\x11\xa0\x00" + b"\xff" * 5000, 0x06, 4)
def test_any_bytes_are_answered_or_refused(octets: bytes, dsfid: int | None, block_size: int) -> None:
    answers_or_refuses(decode, octets, dsfid, block_size)


@pytest.mark.parametrize("codec", [iso28560_2, iso28560_3, rfid501], ids=lambda codec: codec.__name__)
@given(octets=st.one_of(st.binary(max_size=300), mutated()))
def test_every_codec_alone_answers_or_refuses(codec, octets: bytes) -> None:
    assert codec.looks_like(octets) in {True, False}
    answers_or_refuses(codec.decode, octets)


@pytest.mark.parametrize("block_size", [-1, 0, 33])
def test_a_block_size_no_tag_has_is_refused(block_size: int) -> None:
    with pytest.raises(BadTag, match="block size"):
        decode(b"\x11\x01\x01", 0x3E, block_size)


@given(dumps, st.integers(0, 48), dsfids)
def test_a_read_cut_anywhere_is_answered_or_refused(octets: bytes, length: int, dsfid: int | None) -> None:
    answers_or_refuses(decode, octets[:length], dsfid)


@given(
    st.from_regex(r"\A[0-9]{6,16}\Z"),
    st.integers(1, 9),
    st.integers(0, 33),
    st.integers(1, 255),
    st.sampled_from([34, 112]),
)
def test_no_damaged_byte_makes_another_item_of_it(item_id: str, parts: int, at: int, flip: int, size: int) -> None:
    damaged = bytearray(encode(TagModel.ISO_28560_3, item_id, "UA-ZT0001", parts, size=size))
    damaged[at] ^= flip

    try:
        told = decode(bytes(damaged))
    except BadTag:
        return

    assert told.crc_ok is False or told.model is TagModel.FOREIGN


@given(st.binary(min_size=34, max_size=34), st.integers(0, 33), st.integers(1, 255))
def test_no_damaged_byte_of_the_basic_block_passes_the_crc(noise: bytes, at: int, flip: int) -> None:
    whole = bytearray(noise)
    whole[19:21] = iso28560_3._crc_due(bytes(whole)).to_bytes(2, "little")
    assert iso28560_3.crc_holds(bytes(whole))

    whole[at] ^= flip

    assert not iso28560_3.crc_holds(bytes(whole))
