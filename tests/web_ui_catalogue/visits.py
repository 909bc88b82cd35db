"""What a patron does on the pages, for tests: sign in, press a button of a form."""

import re
from typing import Any

from flask.testing import FlaskClient

from tests.web_ui_catalogue.city import OLENA_CARD, OLENA_PIN

PROOF = re.compile(r'name="csrf_token" value="([^"]+)"')
WISH = re.compile(r'name="wish" value="([^"]+)"')


def proof_on(page: str) -> str:
    found = PROOF.search(page)
    assert found is not None, "the page has no form"
    return found[1]


def sign_in(visitor: FlaskClient, card: str = OLENA_CARD, pin: str = OLENA_PIN, onward: str = "") -> Any:
    page = visitor.get("/sign-in").get_data(as_text=True)
    typed = {"csrf_token": proof_on(page), "card": card, "pin": pin, "onward": onward}
    return visitor.post("/sign-in", data=typed)


def press(visitor: FlaskClient, page: str, action: str, **typed: str) -> str:
    """Send a form of *page* and say what the page after it says."""
    proof = proof_on(visitor.get(page).get_data(as_text=True))
    answer = visitor.post(action, data={"csrf_token": proof, **typed}, follow_redirects=True)
    return str(answer.get_data(as_text=True))
