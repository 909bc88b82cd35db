"""Who comes to the office, and how they sign in."""

import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from kiosk.bootstrap.central import policies_of
from kiosk.central.policies import Policies

CONFIG = Path(__file__).parents[2] / "config"
PASSWORD = "три слова на пам’ять"
_PROOF = re.compile(r'name="csrf_token" value="([^"]+)"')


def office_policies() -> Policies:
    return policies_of(CONFIG)


def press(visitor: FlaskClient, page: str, action: str, **typed: str) -> Any:
    """Send a form of *page*, as a browser would, and follow to where it leads."""
    found = _PROOF.search(visitor.get(page).get_data(as_text=True))
    assert found is not None, "the page has no form"
    return visitor.post(action, data={"csrf_token": found[1], **typed}, follow_redirects=True)


def enter(visitor: FlaskClient, role: str = "director") -> FlaskClient:
    answer = press(visitor, "/office/sign-in", "/office/sign-in", login=role, password=PASSWORD)
    assert answer.request.path == "/office/", answer.get_data(as_text=True)[:300]
    return visitor
