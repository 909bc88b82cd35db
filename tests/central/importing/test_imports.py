"""Imports: idempotent, restartable, and nothing left out is left unsaid."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kiosk.catalogue.port import Query
from kiosk.central.catalogue import search
from kiosk.central.catalogue.covers import Cover, covers_in, keep_cover
from kiosk.central.catalogue.csv_files import take_csv
from kiosk.central.catalogue.files import records_in
from kiosk.central.catalogue.importing import Imported, take_titles
from kiosk.central.catalogue.mapping import Columns, Mapping
from kiosk.central.centre import Centre
from kiosk.central.tables import cards, changes, items, patrons, pins, titles
from tests.central.importing.records import iso2709, marc21, unimarc
from tests.central.importing.test_marc import MAPPING
from tests.central.ingest.stand import POLICIES


def take(centre: Centre, content: bytes, tmp_path: Path) -> Imported:
    file = tmp_path / "records.mrc"
    file.write_bytes(content)
    return list(take_titles(centre, records_in(file, MAPPING), MAPPING, file.name))[-1]


def count(centre: Centre, table: object) -> int:
    return int(centre.look(lambda work: work.execute(select(func.count()).select_from(table)).scalar()))  # type: ignore[call-overload]


def test_titles_and_copies_are_there_and_found(centre: Centre, tmp_path: Path) -> None:
    done = take(centre, iso2709(marc21(), unimarc()), tmp_path)

    assert (done.read, done.new, done.copies, done.rejected) == (2, 2, 3, [])
    assert [hit.id for hit in search(centre, Query("тіні забутих")).titles] == ["u-7"]
    assert search(centre, Query("9789660384507")).titles[0].places[0].branch == "central"


def test_the_same_file_again_changes_nothing_and_tells_stations_nothing(centre: Centre, tmp_path: Path) -> None:
    content = iso2709(marc21(), unimarc())
    take(centre, content, tmp_path)
    numbers = select(changes.c.kind, changes.c.key, changes.c.id).order_by(changes.c.kind, changes.c.key)
    before = centre.look(lambda work: work.execute(numbers).all())

    done = take(centre, content, tmp_path)

    assert (done.new, done.changed, done.unchanged, done.copies) == (0, 0, 2, 0)
    assert centre.look(lambda work: work.execute(numbers).all()) == before


def test_a_record_that_was_mended_is_found_by_its_new_words(centre: Centre, tmp_path: Path) -> None:
    take(centre, iso2709(marc21(title="Кобзрр")), tmp_path)

    done = take(centre, iso2709(marc21(title="Кобзар")), tmp_path)

    assert (done.new, done.changed) == (0, 1)
    assert search(centre, Query("кобзар")).total == 1
    assert search(centre, Query("вибрані кобзрр")).titles[0].id == "1001"


def test_two_records_of_one_number_are_said(centre: Centre, tmp_path: Path) -> None:
    done = take(centre, iso2709(marc21("1"), marc21("1", title="Інша")), tmp_path)

    assert (done.new, len(done.rejected)) == (1, 1)
    assert "was there before" in done.rejected[0].why


def test_an_empty_file_is_said_to_be_one(centre: Centre, tmp_path: Path) -> None:
    assert take(centre, b"", tmp_path).read == 0


PATRONS = "Квиток;Прізвище;Ім’я;Категорія;Філія;Народився;ПІН\n20001;Шевченко;Тарас;дор;a;09.03.1990;2580\n"


def patrons_of(centre: Centre, text: bytes, tmp_path: Path) -> Imported:
    file = tmp_path / "patrons.csv"
    file.write_bytes(text)
    columns = {
        "card": "Квиток", "family_name": "Прізвище", "given_name": "Ім’я", "category": "Категорія", "branch": "Філія",
        "born": "Народився", "pin": "ПІН",
    }  # fmt: skip
    mapping = Mapping(categories={"дор": "adult"}, patrons=Columns(columns=columns))
    return list(take_csv(centre, POLICIES, file, "patrons", mapping, "auto"))[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_patrons_come_from_a_list_with_the_librarys_own_columns(centre: Centre, tmp_path: Path, encoding: str) -> None:
    done = patrons_of(centre, PATRONS.replace("’", "’").encode(encoding), tmp_path)

    assert (done.changed, done.rejected) == (1, [])
    row = centre.look(lambda work: work.execute(select(patrons)).one())
    assert (row.family_name, row.category, row.born.isoformat()) == ("Шевченко", "adult", "1990-03-09")
    assert centre.look(lambda work: work.execute(select(pins.c.verifier)).scalar()).startswith("$argon2id$")


def test_a_list_again_doubles_nobody(centre: Centre, tmp_path: Path) -> None:
    patrons_of(centre, PATRONS.encode(), tmp_path)
    patrons_of(centre, PATRONS.encode(), tmp_path)

    assert (count(centre, patrons), count(centre, cards), count(centre, pins)) == (1, 1, 1)


def test_rows_that_cannot_be_taken_are_said_and_name_no_pin(centre: Centre, tmp_path: Path) -> None:
    rows = PATRONS + "20002;Ж;О;нема;a;;9999\n;Без;Квитка;дор;a;;\n20004;З;Д;дор;a;31.02.1990;\n20005;Ф;Ф;дор;q;;\n"

    done = patrons_of(centre, rows.encode(), tmp_path)

    assert (done.read, done.changed, len(done.rejected)) == (5, 1, 4)
    assert [one.number for one in done.rejected] == [3, 4, 5, 6]
    assert not any("9999" in f"{one.why}{one.do}" for one in done.rejected)


def test_copies_of_titles_nobody_knows_are_said(centre: Centre, tmp_path: Path) -> None:
    take(centre, iso2709(marc21()), tmp_path)
    file = tmp_path / "copies.csv"
    file.write_text("barcode,title,branch,type\n40000001,1001,a,book\n40000002,nowhere,a,book\n", encoding="utf-8")

    done = list(take_csv(centre, POLICIES, file, "copies", Mapping(), "auto"))[-1]

    assert (done.copies, [one.id for one in done.rejected]) == (1, ["40000002"])
    assert count(centre, items) == 3
    assert count(centre, titles) == 1


def test_the_parts_of_a_set_are_taken_with_it_and_a_wrong_list_is_said(centre: Centre, tmp_path: Path) -> None:
    take(centre, iso2709(marc21()), tmp_path)
    file = tmp_path / "copies.csv"
    rows = ("40000001,1001,a,disc,2,disc: Диск 1; book: Буклет", "40000002,1001,a,disc,2,disc: Диск 1")
    file.write_text("\n".join(("barcode,title,branch,type,parts,contents", *rows)), encoding="utf-8")

    done = list(take_csv(centre, POLICIES, file, "copies", Mapping(), "auto"))[-1]

    own = select(items.c.contents).where(items.c.id == "40000001")
    assert centre.look(lambda work: work.execute(own).scalar_one()) == [["Диск 1", "disc"], ["Буклет", "book"]]
    assert [(one.id, one.why.split(":")[0]) for one in done.rejected] == [
        ("40000002", "1 parts are named and there are 2")
    ]


def test_a_list_without_the_columns_that_must_be_is_refused_whole(centre: Centre, tmp_path: Path) -> None:
    done = patrons_of(centre, b"a;b\n1;2\n", tmp_path)

    assert "there is no column for card, family_name" in done.rejected[0].why


PICTURE = b"\x89PNG\r\n\x1a\n" + b"picture"


def test_a_picture_named_by_isbn_becomes_the_cover(centre: Centre, tmp_path: Path) -> None:
    take(centre, iso2709(marc21(), unimarc()), tmp_path)
    folder = tmp_path / "covers"
    folder.mkdir()
    (folder / "978-966-03-8450-7.png").write_bytes(PICTURE)
    (folder / "u-7.jpg").write_bytes(b"no picture at all")
    (folder / "notes.txt").write_text("left alone")

    found = list(covers_in(folder))
    hung = [keep_cover(centre, one) for one in found if isinstance(one, Cover)]

    assert hung == [1]
    assert search(centre, Query("кобзар")).titles[0].cover == sha256(PICTURE).hexdigest()
    assert [one.id for one in found if not isinstance(one, Cover)] == ["u-7.jpg"]
