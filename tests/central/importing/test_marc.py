"""Records of MARC 21 and UNIMARC become titles and copies; what cannot be read is said, and stops nothing."""

import io
from pathlib import Path

import pytest
from pymarc import XMLWriter

from kiosk.central.catalogue.files import records_in
from kiosk.central.catalogue.mapping import Mapping, MappingError, load_mapping
from kiosk.central.catalogue.record import CopyRecord, Rejected, TitleRecord
from tests.central.importing.records import field, in_cp1251, iso2709, marc21, record, unimarc

MAPPING = load_mapping(Path(__file__).parents[3] / "config" / "marc.toml")


def read(content: bytes, tmp_path: Path, encoding: str = "auto") -> list[TitleRecord | Rejected]:
    file = tmp_path / "records.mrc"
    file.write_bytes(content)
    return [found for found, _ in records_in(file, MAPPING, encoding)]


def title(content: bytes, tmp_path: Path, encoding: str = "auto") -> TitleRecord:
    (found,) = read(content, tmp_path, encoding)
    assert isinstance(found, TitleRecord), found
    return found


def test_a_marc_21_record_is_a_title_with_its_copies(tmp_path: Path) -> None:
    found = title(iso2709(marc21()), tmp_path)

    assert (found.id, found.name, found.author) == ("1001", "Кобзар : вибрані твори", "Шевченко, Тарас")
    assert (found.year, found.language, found.publisher, found.place) == (2019, "uk", "Фоліо", "Харків")
    assert (found.isbns, found.age_from, found.material) == (("9789660384507",), 12, "book")
    assert (found.series, found.subjects) == ("Шкільна бібліотека. т. 3", ("Українська поезія. 19 ст",))
    assert found.copies[0] == CopyRecord("30000001", "children-2", "84(4УКР)", "book")


def test_a_unimarc_record_is_one_too(tmp_path: Path) -> None:
    found = title(iso2709(unimarc()), tmp_path)

    assert (found.id, found.name) == ("u-7", "Тіні забутих предків : повість")
    assert found.author == "Коцюбинський, Михайло Михайлович"
    assert (found.year, found.language, found.publisher) == (2005, "uk", "Дніпро")
    assert found.udc == ("821.161.2-31",)
    assert found.copies == (CopyRecord("30000077", "music", "84", ""),)


@pytest.mark.parametrize("made", [marc21, unimarc])
def test_cp1251_is_read_though_the_label_says_utf_8(tmp_path: Path, made: object) -> None:
    plain, windows = made(), made()  # type: ignore[operator]

    assert title(in_cp1251(windows), tmp_path) == title(iso2709(plain), tmp_path)


def test_marc_8_with_marks_and_escapes_is_read(tmp_path: Path) -> None:
    """A mark stands before its letter, and an escape sequence switches to Cyrillic. Source: MARC 21, Part 3."""
    latin = record(field("245", a="X"), leader="00000nam  2200000 a 4500", number="m8").as_marc()
    body = b"\xe2Eze\xe8o \x1b(NnKOBZAR\x1b(B"  # acute E, umlaut o, then letters of the basic Cyrillic set
    content = latin.replace(b"aX", b"a" + body).replace(b"nam a", b"nam  ")

    found = title(content, tmp_path)

    assert found.name.startswith("Ézeö")
    assert any("а" <= letter.lower() <= "я" for letter in found.name)


def test_a_wrong_length_in_the_label_takes_no_other_record_along(tmp_path: Path) -> None:
    damaged = b"00042" + iso2709(marc21("1"))[5:]

    found = read(damaged + iso2709(marc21("2")), tmp_path)

    assert [one.id for one in found] == ["1", "2"]


def test_a_directory_that_does_not_fit_is_rebuilt(tmp_path: Path) -> None:
    good = iso2709(marc21())
    shifted = good.replace(b"Kh", b"Kh").replace("Фоліо".encode(), "Фоліо-Плюс".encode())

    assert title(shifted, tmp_path).publisher == "Фоліо-Плюс"


def test_a_record_cut_short_is_named_and_the_rest_was_read(tmp_path: Path) -> None:
    found = read(iso2709(marc21("1"), marc21("2"))[:-40], tmp_path)

    assert isinstance(found[0], TitleRecord)
    assert isinstance(found[1], Rejected)
    assert (found[1].number, found[1].id) == (2, "2")
    assert "cut short" in found[1].why


def test_rubbish_between_records_is_passed_over_or_named(tmp_path: Path) -> None:
    content = (
        b"\xef\xbb\xbf"
        + iso2709(marc21("1"))
        + b"\r\n\x00\x00"
        + iso2709(marc21("2"))
        + b"no record at all\x1d"
        + iso2709(marc21("3"))
    )

    found = read(content, tmp_path)

    assert [one.id for one in found if isinstance(one, TitleRecord)] == ["1", "2", "3"]
    assert [one.why for one in found if isinstance(one, Rejected)] == [
        "it does not begin with a label: these bytes are no ISO 2709 record"
    ]


def test_a_record_without_a_title_is_named(tmp_path: Path) -> None:
    (found,) = read(iso2709(record(field("100", a="Хтось"), field("245", a=" / "), number="9")), tmp_path)

    assert isinstance(found, Rejected)
    assert (found.id, found.why) == ("9", "it has no title: field 245 is missing or empty")


def test_marcxml_is_read_with_and_without_its_name_space(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = XMLWriter(out)
    for one in (marc21("1"), unimarc("2")):
        writer.write(one)
    writer.close(close_fh=False)
    spaced = out.getvalue()
    plain = spaced.replace(b' xmlns="http://www.loc.gov/MARC21/slim"', b"")

    for content in (spaced, plain, b"\xef\xbb\xbf" + plain):
        assert [one.id for one in read(content, tmp_path)] == ["1", "2"]


def test_broken_xml_is_named_and_what_came_before_it_is_kept(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = XMLWriter(out)
    for number in "12":
        writer.write(marc21(number))
    writer.close(close_fh=False)

    found = read(out.getvalue()[:-200], tmp_path)

    assert isinstance(found[0], TitleRecord)
    assert isinstance(found[-1], Rejected)
    assert "XML is broken" in found[-1].why


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(b"", tmp_path) == []


def test_a_record_without_a_number_gets_the_same_one_at_every_import(tmp_path: Path) -> None:
    made = record(field("245", a="Без номера"), number=" ")

    assert title(iso2709(made), tmp_path).id == title(iso2709(made), tmp_path).id != ""


def test_the_divisions_of_the_network_are_seen(tmp_path: Path) -> None:
    local = record(field("245", a="Житомир : нариси історії"), field("650", a="Краєзнавство"), number="1")
    modern = unimarc()

    assert MAPPING.is_local_history(title(iso2709(local), tmp_path))
    assert MAPPING.is_contemporary_ukrainian(title(iso2709(modern), tmp_path))
    assert not MAPPING.is_contemporary_ukrainian(title(iso2709(local), tmp_path))


def test_any_bytes_at_all_end_in_titles_or_in_words(tmp_path: Path) -> None:
    good = iso2709(marc21())
    for place in range(0, len(good), 7):
        for found in read(good[:place] + b"\xff" + good[place + 1 :] + iso2709(marc21("next")), tmp_path):
            assert found.id or isinstance(found, Rejected)


def test_a_mapping_with_a_wrong_key_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[defaults]\nbranhc = 'x'\n")

    with pytest.raises(MappingError, match="branhc"):
        load_mapping(file)


def test_without_a_mapping_the_standard_holds() -> None:
    assert Mapping().defaults.branch == "central"
