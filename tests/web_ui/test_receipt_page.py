"""The page a receipt's code leads to: plain words for whoever scans it, and nothing of the patron."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from kiosk.receipts.token import Moved, StationKey, Stub, prove, raw_public, seal
from web_ui.receipt_page import Receipt, moved_copies, receipt_page
from web_ui.texts import Texts

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HERE = StationKey("children-2.hall", raw_public(KEY))
TOKEN = seal(
    Stub("1a2b3c-7", datetime(2026, 11, 26, 10, 15, tzinfo=UTC), {Moved.RETURNED: ("0000012345", "0000067890")}), KEY
)
UK, EN = {"Accept-Language": "uk"}, {"Accept-Language": "en-GB"}


def visitor(key: StationKey = HERE) -> FlaskClient:
    def proof(token: str) -> Receipt:
        proven = prove(token, {HERE.id: key})
        copies = moved_copies(proven.stub, {"0000012345": "<Кобзар>"})
        return Receipt(proven, "Казка", "hall", copies, "Europe/Kyiv")

    app = Flask(__name__)
    app.register_blueprint(receipt_page(proof, Texts.load(domains=("receipts", "proof"))))
    return app.test_client()


@pytest.mark.parametrize("address", [f"/r/{TOKEN}", f"/R/{TOKEN}", f"/r/{TOKEN.lower()}"])
def test_a_good_receipt_says_what_came_back_where_and_when(address: str) -> None:
    answer = visitor().get(address, headers=UK)

    assert answer.status_code == 200
    assert "Квитанція справжня" in answer.text
    assert "Казка, станція hall" in answer.text
    assert "26 листопада 2026, 12:15" in answer.text
    assert "2 книжки" in answer.text


def test_titles_that_are_known_stand_for_numbers_and_are_text_not_markup() -> None:
    page = visitor().get(f"/r/{TOKEN}", headers=UK).text

    assert "<li>&lt;Кобзар&gt;</li><li>0000067890</li>" in page


def test_a_receipt_of_a_station_that_was_shut_out_is_called_doubtful() -> None:
    page = visitor(replace(HERE, revoked_at=datetime(2026, 12, 1, tzinfo=UTC))).get(f"/r/{TOKEN}", headers=EN).text

    assert "must be checked" in page
    assert "1 December 2026" in page
    assert "is genuine" not in page


def test_a_code_that_proves_nothing_says_why_and_whom_to_ask() -> None:
    answer = visitor().get(f"/r/{TOKEN[:-10]}", headers=EN)

    assert answer.status_code == 404
    assert "proves nothing" in answer.text
    assert "librarian" in answer.text


def test_the_page_is_kept_by_nobody_and_runs_nothing() -> None:
    answer = visitor().get(f"/r/{TOKEN}", headers=UK)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert " style=" not in answer.text
