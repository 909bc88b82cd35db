"""The free elements of ISO 28560-2: as the standard writes them, and as writers in the field do."""

import pytest

from kiosk.tags.compaction import compact, expand
from kiosk.tags.detect import decode
from kiosk.tags.elements import Element
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagModel, Usage
from tests.tags.golden_tags import octets_of

MODEL = TagModel.ISO_28560_2
ITEM = "9100051CBE991A14"


def with_item(rest: str) -> bytes:
    return bytes.fromhex(ITEM + rest)


def test_the_example_of_annex_d_is_written_byte_for_byte() -> None:
    octets = encode(MODEL, "123456789012", "US-InU-Mu", 12, 3, Usage.NONE, shelf="QA268.L55")

    assert octets == octets_of("annexD_full_36")


def test_an_item_id_alone_needs_no_content_parameter() -> None:
    assert encode(MODEL, "123456789012", usage=Usage.NONE) == octets_of("pii_only_8")


@pytest.mark.parametrize(
    ("element", "usage", "code"),
    [
        ("250110", Usage.CIRCULATING, "10"),
        ("650110", Usage.CIRCULATING, "10"),
        ("050110", Usage.CIRCULATING, "10"),
        ("15010A", Usage.CIRCULATING, "10"),
        ("65023130", Usage.CIRCULATING, "10"),
        ("75023830", Usage.PATRON, "80"),
        ("650131", Usage.CIRCULATING, "1"),
        ("650132", Usage.NOT_FOR_LOAN, "2"),
        ("25012F", Usage.NOT_FOR_LOAN, "2"),
        ("150107", Usage.DISCARDED, "7"),
        ("150170", Usage.DISCARDED, "70"),
        ("150180", Usage.PATRON, "80"),
        ("250171", Usage.DISCARDED, "71"),
        ("150146", Usage.DISCARDED, "70"),
        ("250183", Usage.PATRON, "83"),
        ("250100", Usage.ACQUISITION, "00"),
        ("6501A0", Usage.UNKNOWN, "A0"),
        ("E5000110", Usage.CIRCULATING, "10"),
        ("6500", Usage.NONE, ""),
    ],
)
def test_the_usage_is_understood_however_it_was_written(element: str, usage: Usage, code: str) -> None:
    told = decode(with_item(element), 0x06)

    assert (told.usage, told.element("usage_code"), told.element("fault")) == (usage, code, "")


def test_a_usage_without_sense_is_reported_and_unknown() -> None:
    told = decode(with_item("6503787878"), 0x06)

    assert told.usage is Usage.UNKNOWN
    assert told.element("fault") == "element 5 at byte 8 is no code: 787878"


@pytest.mark.parametrize(
    ("element", "parts", "part"),
    [
        ("140204B3", 12, 3),
        ("140120", 3, 2),
        ("2402" + "0302", 3, 2),
        ("1402" + "012E", 3, 2),
        ("6404" + "31323033", 12, 3),
        ("2403" + "255012", 255, 12),
        ("240130", 3, 0),
        ("2402" + "123F", 12, 3),
    ],
    ids=["annex-d", "two-digits", "bcd", "lost-zero", "ascii", "six-digits", "only-tag", "part-without-its-zero"],
)
def test_set_information_is_two_numbers_of_equal_length(element: str, parts: int, part: int) -> None:
    told = decode(with_item(element), 0x06)

    assert (told.parts, told.part) == (parts, part)


@pytest.mark.parametrize(
    ("rest", "name", "text"),
    [
        ("7F0204" + "74657374", "title", "test"),
        ("EF010205" + "DEADBEEF00" + "0000", "local_b", "Þ­¾ï"),
        ("0F1004DEADBEEF", "element-31", "DEADBEEF"),
        ("60020102", "element-0", "0102"),
        ("8080" + "36020886", "shelf", "ABC"),
        ("2F040101", "media", "book"),
        ("6F040103", "media", "tape"),
        ("0B06" + "21408E16BF1F", "ill_institution", "DE-Heu1"),
        ("0602CAFE", "shelf", "CAFE"),
    ],
)
def test_further_elements_are_named_by_their_oid(rest: str, name: str, text: str) -> None:
    told = decode(with_item(rest), 0x06)

    assert told.element(name) == text
    assert (told.item_id, told.cut_short) == ("123456789012", False)


@pytest.mark.parametrize(
    ("rest", "fault", "cut_short"),
    [
        ("46", "the bytes end inside the element at byte 8", True),
        ("4607441C", "the bytes end inside the element at byte 8", True),
        ("CF", "the bytes end inside the element at byte 8", True),
        ("768100", "the bytes end inside the element at byte 8", True),
        ("76FFFF", "the length at byte 9 runs over two bytes", False),
        ("2602AB10", "half-byte that is no digit", False),
        ("1609" + "FF" * 9, "an integer of 9 bytes", False),
        ("3602" + "0001", "the filler 0x00 stands inside", False),
    ],
)
def test_a_damaged_element_is_reported_and_the_item_id_stands(rest: str, fault: str, cut_short: bool) -> None:
    told = decode(with_item(rest), 0x06)

    assert fault in told.element("fault")
    assert (told.item_id, told.cut_short, told.element("shelf")) == ("123456789012", cut_short, "")


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("1109" + "FF" * 9, "an integer of 9 bytes"),
        ("01021234", "left to the application"),
        ("6103414203", "control signs"),
        ("91", "the bytes end inside the element at byte 0"),
        ("460141", "no element of it is the item id"),
    ],
)
def test_an_item_id_that_cannot_be_read_makes_the_tag_bad(octets: str, why: str) -> None:
    with pytest.raises(BadTag, match=why):
        decode(bytes.fromhex(octets), 0x06)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("12", 1),
        ("9" * 19, 1),
        ("9" * 20, 2),
        ("0012345678", 2),
        ("7", 2),
        ("ABC", 3),
        ("QA268.L55", 4),
        ("Lib01", 5),
        ("Кобзар", 7),
    ],
)
def test_the_shortest_compaction_is_chosen(text: str, mode: int) -> None:
    chosen, octets = compact(text)

    assert (chosen, expand(mode, octets)) == (mode, text)


@pytest.mark.parametrize(("length", "head"), [(127, "717F"), (128, "718100"), (300, "71822C")])
def test_a_long_element_says_its_length_in_two_bytes(length: int, head: str) -> None:
    octets = Element(1, 7, b"x" * length).to_bytes()

    assert octets.startswith(bytes.fromhex(head))
    assert decode(octets, 0x06).item_id == "x" * length


def test_an_item_id_longer_than_any_length_is_refused() -> None:
    with pytest.raises(BadTag, match="16383 is the most"):
        encode(MODEL, "ї" * 8192)


def test_a_set_of_more_than_999_is_refused() -> None:
    with pytest.raises(BadTag, match="up to 999 parts"):
        encode(MODEL, "1", parts=1000)
