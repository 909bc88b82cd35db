"""What every page of the office stands on: the centre, the rules, the words, who is signed in and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import ParamSpec
from urllib.parse import quote, urlencode

from babel.dates import format_datetime, format_timedelta
from flask import Flask, Response, abort, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from kiosk.central import staff
from kiosk.central.centre import Centre
from kiosk.central.policies import Policies
from kiosk.central.staff import Member
from web_ui.design import icon_sprite
from web_ui.people import answer_for, number_of
from web_ui.texts import Texts

IDLE = timedelta(minutes=30)
_KIND, _SEEN = "staff", "staff-seen"
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class SignedInMember:
    """A member of staff as Flask-Login knows a person."""

    member: Member
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return number_of(_KIND, self.member.login)


@dataclass(frozen=True, slots=True)
class Office:
    """Made once; used by many threads, changed by none. `config_dir` holds the files pushed settings are laid over."""

    centre: Centre
    policies: Policies
    texts: Texts
    config_dir: Path
    sprite: str = field(default_factory=icon_sprite)

    def watch(self, app: Flask) -> None:
        """Answer for the staff in *app*."""
        answer_for(app, _KIND, self._person)

    def enter(self, member: Member) -> None:
        session.clear()
        session[_SEEN] = self.centre.now().isoformat()
        login_user(SignedInMember(member))

    def leave(self) -> None:
        logout_user()
        session.clear()

    def member(self) -> Member | None:
        """Find who is signed in, and count this as a touch."""
        person = current_user
        if not person.is_authenticated or not isinstance(person._get_current_object(), SignedInMember):  # noqa: SLF001 - werkzeug's proxy
            return None
        session[_SEEN] = self.centre.now().isoformat()
        found: Member = person.member
        return found

    def only(self, *roles: str) -> Callable[[Callable[P, AnyResponse]], Callable[P, AnyResponse]]:
        """Let a page be seen by whoever is signed in and has one of *roles*; a director has them all."""

        def guarded(page: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
            @wraps(page)
            def checked(*args: P.args, **more: P.kwargs) -> AnyResponse:
                member = self.member()
                if member is None:
                    return redirect(f"{url_for('office.sign_in')}?next={quote(request.path)}")
                if roles and member.role not in (*roles, "director"):
                    abort(403)
                return page(*args, **more)

            return checked

        return guarded

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(one for one in self.policies.languages if one in self.texts.languages)

    def language(self) -> str:
        asked = (request.args.get("lang"), session.get("office-language"))
        chosen = next((one for one in asked if one in self.languages), self.languages[0])
        if asked[0] == chosen:
            session["office-language"] = chosen
        return str(chosen)

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        return self.texts.say(self.language(), key, n, **values)

    def word(self, family: str, word: str) -> str:
        """Say a word of the wire in the language of the page; one nobody has words for stays as it is."""
        key = f"{family}.{word}"
        return self.say(key) if key in self.texts.keys(self.language()) else word

    def moment(self, at: datetime) -> str:
        """Write a moment as the clock of the library shows it."""
        here = at.astimezone(self.policies.zone)
        return str(format_datetime(here, "d MMM y, HH:mm", locale=self.language()))

    def ago(self, at: datetime) -> str:
        """Say how long ago something was, in words."""
        return str(format_timedelta(at - self.centre.now(), add_direction=True, locale=self.language()))

    def draw(self, template: str, **shown: object) -> Response:
        member = self.member()
        frame = {
            "office": self, "say": self.say, "member": member, "lang": self.language(), "tongues": self._tongues(),
            "branch_name": self.policies.short_name, "now": datetime.now(UTC),
        }  # fmt: skip
        return Response(render_template(f"office/{template}", **frame, **shown))

    def _tongues(self) -> tuple[tuple[str, str], ...]:
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        return tuple((one, f"{request.path}?{urlencode([*kept, ('lang', one)])}") for one in self.languages)

    def _person(self, login: str) -> SignedInMember | None:
        seen = session.get(_SEEN)
        if not isinstance(seen, str) or self.centre.now() - datetime.fromisoformat(seen) > IDLE:
            return None
        found = self.centre.look(lambda work: staff.find(work, self.centre.network, login))
        return None if found is None or found.disabled else SignedInMember(found)
