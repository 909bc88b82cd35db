"""Who is signed in: one patron per browser, forgotten after a quarter of an hour without a touch.

The cookie carries the patron's number and the moment of the last touch, signed; no name, no card number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, session
from flask_login import current_user, login_user, logout_user

from kiosk.central.centre import Centre
from kiosk.central.circulation import still_served
from kiosk.central.policies import Policies
from kiosk.circulation.model import Patron, PatronId
from web_ui.people import answer_for, number_of

IDLE = timedelta(minutes=15)
_KIND = "patron"
_SEEN = "patron-seen"


@dataclass(frozen=True, slots=True)
class SignedInPatron:
    """The patron as Flask-Login knows a person."""

    patron: Patron
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return number_of(_KIND, self.patron.id)


class Sessions:
    """The sessions of the catalogue page. `watch` prepares an application for them."""

    def __init__(self, centre: Centre, policies: Policies) -> None:
        self._centre = centre
        self._policies = policies

    def watch(self, app: Flask) -> None:
        """Answer for patrons in *app*."""
        answer_for(app, _KIND, self._person)

    def begin(self, patron: Patron) -> None:
        session.clear()  # nothing of an earlier session lives on in this one
        session[_SEEN] = self._centre.now().isoformat()
        login_user(SignedInPatron(patron))

    def end(self) -> None:
        logout_user()
        session.clear()

    def patron(self) -> Patron | None:
        """Find who is signed in, and count this as a touch."""
        person = current_user
        if not person.is_authenticated or not isinstance(person._get_current_object(), SignedInPatron):  # noqa: SLF001 - werkzeug's proxy
            return None
        session[_SEEN] = self._centre.now().isoformat()
        patron: Patron = person.patron
        return patron

    def _person(self, who: str) -> SignedInPatron | None:
        if self._is_stale():
            return None
        patron = still_served(self._centre, self._policies, PatronId(who))
        return None if patron is None else SignedInPatron(patron)

    def _is_stale(self) -> bool:
        seen = session.get(_SEEN)
        return not isinstance(seen, str) or self._centre.now() - datetime.fromisoformat(seen) > IDLE
