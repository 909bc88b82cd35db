"""The list of copies to re-tag: on the screen, as a file, ticked off one by one."""

import csv
import io

from flask.testing import FlaskClient

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.tags.health import COUNTS
from tests.central.ingest.stand import Teller
from tests.central_bench import NETWORK
from tests.web_ui_office.stand import enter, press


def tell(office: Centre, tag: str, item: str | None, **counts: int) -> None:
    teller = Teller(office, "music", epoch=f"tags-{tag}")
    teller.tell("tags-read", 0, readings=[{"tag": tag, "item": item, **dict.fromkeys(COUNTS, 0), **counts}])
    teller.upload()


def test_a_branch_sees_which_copies_and_why_and_ticks_them_off(visitor: FlaskClient, office: Centre) -> None:
    tell(office, "E004010000000001", "i3", reads=9, unread=3)
    tell(office, "E004010000000002", "i2", reads=9, gate_failed=2)
    enter(visitor, "technician")

    page = visitor.get("/office/tags?branch=a").get_data(as_text=True)
    assert "Книга 3" in page
    assert "не читається" in page
    assert "захист не перемикається" in page
    assert "Книга 3" not in visitor.get("/office/tags?branch=music").get_data(as_text=True)

    after = press(visitor, "/office/tags?branch=a", "/office/tags/E004010000000001", branch="a").get_data(as_text=True)
    assert "Книга 3" not in after
    assert "Книга 2" in after
    assert "see-to-tag" in [row.action for row in office.look(lambda work: audit.latest(work, NETWORK))]


def test_the_file_says_the_same_and_no_word_is_a_formula(visitor: FlaskClient, office: Centre) -> None:
    tell(office, "E004010000000001", "i2", reads=9, unread=3)
    tell(office, "E004010000000003", "=cmd|'/c calc'!A1", reads=9, unread=3)
    enter(visitor, "librarian")

    answer = visitor.get("/office/tags.csv?branch=")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))

    assert rows[0][:5] == ["Примірник", "Книжка", "Де стоїть", "Філія", "Мітка"]
    assert {row[0] for row in rows[1:]} == {"i1", "i2", "'=cmd|'/c calc'!A1"}
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="littera-tags-all-')


def test_only_whoever_is_signed_in_gets_the_file(visitor: FlaskClient) -> None:
    assert visitor.get("/office/tags.csv").status_code == 302


def test_a_branch_without_worn_tags_is_told_so(visitor: FlaskClient) -> None:
    enter(visitor, "technician")

    assert "Усі мітки читаються добре" in visitor.get("/office/tags?branch=music").get_data(as_text=True)
