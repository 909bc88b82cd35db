"""How many cards are left to replace, on the page of the stations."""

from flask.testing import FlaskClient

from kiosk.central.centre import Centre
from tests.central.ingest.stand import Teller
from tests.web_ui_office.stand import enter


def test_staff_see_how_many_cards_are_left_to_replace(visitor: FlaskClient, office: Centre) -> None:
    enter(visitor, "librarian")
    before = visitor.get("/office/").get_data(as_text=True)
    teller = Teller(office, "music", epoch="cards")
    teller.tell("card-proven", 0, uid="04A1B2C3D4E5F6", number="20001")
    teller.upload()

    after = visitor.get("/office/").get_data(as_text=True)

    assert 'id="cards-to-replace"' not in before  # a network whose cards prove nothing is not told to replace them all
    assert "не підтвердили себе 2 квитки з 3" in after.partition('id="cards-to-replace"')[2][:200]
