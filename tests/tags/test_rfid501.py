"""The 3M model: what it holds, what it has no place for, and what it is not mistaken for."""

import pytest

from kiosk.tags import rfid501
from kiosk.tags.detect import decode
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagModel, Usage, same_owner
from tests.tags.golden_tags import octets_of

MODEL = TagModel.RFID_501


@pytest.mark.parametrize(("item_id", "media", "name"), [("1111", "book", "barcode_1111"), ("2" * 11, "cd", "cd_2222")])
def test_the_published_captures_are_written_byte_for_byte(item_id: str, media: str, name: str) -> None:
    assert encode(MODEL, item_id, media=media, size=28) == octets_of(name)


@pytest.mark.parametrize("length", [20, 24, 28, 32])
def test_a_3m_tag_is_read_from_its_first_bytes(length: int) -> None:
    told = decode(octets_of("rfid501_test_1")[:length])

    assert (told.model, told.item_id, told.crc_ok) == (MODEL, "200901010123", None)


def test_the_second_of_three_tags_says_so() -> None:
    octets = encode(MODEL, "1111", parts=3, part=2)

    assert octets[1] == 0x23
    assert (decode(octets).parts, decode(octets).part) == (3, 2)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"item_id": "1" * 17}, "16 signs of ASCII"),
        ({"item_id": "Том1"}, "16 signs of ASCII"),
        ({"parts": 16}, "up to 15 parts"),
        ({"owner": "UA-0001"}, "no place for an owner"),
        ({"title": "Кобзар"}, "no place for an owner, a title"),
        ({"usage": Usage.DISCARDED}, "no place for usage 'discarded'"),
        ({"media": "scroll"}, "use one of other, book"),
    ],
)
def test_what_a_3m_tag_has_no_place_for_is_refused(asked, why: str) -> None:
    with pytest.raises(BadTag, match=why):
        encode(**{"model": MODEL, "item_id": "1111"} | asked)


@pytest.mark.parametrize("octets", [b"", b"\x04\x11", b"\x11" * 32])
def test_bytes_without_the_mark_are_no_3m_tag(octets: bytes) -> None:
    with pytest.raises(BadTag, match="04 and 20 bytes"):
        rfid501.decode(octets)


@pytest.mark.parametrize("written", ["UA-ZT0001", "UAZT0001", "ua-zt 0001", " Ua-Zt-0001 "])
def test_an_owner_is_the_same_however_people_write_it(written: str) -> None:
    assert same_owner("UA-ZT0001", written)


@pytest.mark.parametrize("other", ["UA-ZT0002", "UA-ZT", "", "DE-ZT0001"])
def test_another_owner_is_another(other: str) -> None:
    assert not same_owner("UA-ZT0001", other)
