"""What every page of the console stands on: the door, who is signed in, the words, the rooms one can go to."""

import hmac
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote, urlencode

from babel.dates import format_datetime
from flask import Response, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.console.door import Door, Verdict
from web_ui.design import icon_sprite
from web_ui.texts import Texts

IDLE = 30 * 60.0
"""Seconds without a request after which a technician counts as gone."""
_SEEN, _PROOF, _OF, _LANGUAGE = "console-seen", "console-proof", "console-of", "console-language"
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Room:
    """A page one can go to from everywhere: `console.<name>`, its words `console.room.<name>`, its picture.

    `near` rooms are in reach of a thumb on a phone; the others are one touch further.
    """

    name: str
    icon: str
    near: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What the console says of the station. `hint` is shown at the door: the demo tells its password there."""

    branch: str
    station: str
    languages: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """Made once; used by many threads. Pages add their rooms while the console is put together."""

    texts: Texts
    door: Door
    about: About
    clock: Callable[[], float] = time.time
    rooms: list[Room] = field(default_factory=list)
    facts: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What every page is told beside its own: looked up when it is drawn."""
    sprite: str = field(default_factory=icon_sprite)

    # --- who is here -----------------------------------------------------------------------------------

    def enter(self, password: str) -> Verdict:
        verdict = self.door.knock(password)
        if verdict.right:
            language = session.get(_LANGUAGE)
            session.clear()
            session.update({_SEEN: self.clock(), _PROOF: secrets.token_urlsafe(24), _OF: self._key()})
            if language:
                session[_LANGUAGE] = language
        return verdict

    def stay(self) -> None:
        """Keep whoever is signed in, who has just changed the password."""
        session[_OF] = self._key()

    def leave(self) -> None:
        session.clear()

    def somebody(self) -> bool:
        """Say whether the present request comes from somebody signed in, and count it as a sign of life."""
        seen, now = session.get(_SEEN), self.clock()
        here = isinstance(seen, float) and 0 <= now - seen <= IDLE and session.get(_OF) == self._key()
        if here:
            session[_SEEN] = now
        return here

    def _key(self) -> str:
        """Sessions of an earlier password are over."""
        return hmac.new(self.door.secret().encode(), b"console", "sha256").hexdigest()[:16]

    def signed_in(self, page: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
        """Let a page be seen by whoever is signed in; everything sent must carry the proof of our own form."""

        @wraps(page)
        def checked(*args: P.args, **more: P.kwargs) -> AnyResponse:
            if not self.somebody():
                if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
                    return redirect(f"{url_for('console.sign_in')}?next={quote(request.path)}")
                abort(401, self.say("console.door.first"))
            if request.method == "POST":
                self.demand_proof()
            return page(*args, **more)

        return checked

    def proof(self) -> str:
        """What a form carries, in a field `proof`, to show that it came from a page of this session."""
        kept: str = session.setdefault(_PROOF, secrets.token_urlsafe(24))
        return kept

    def demand_proof(self) -> None:
        kept, sent = session.get(_PROOF, ""), request.form.get("proof") or request.headers.get("X-Littera-Proof", "")
        if not kept or not hmac.compare_digest(str(kept).encode(), sent.encode()):
            abort(400, self.say("console.door.old-form"))

    # --- what it says ----------------------------------------------------------------------------------

    def language(self) -> str:
        asked = (request.args.get("lang"), session.get(_LANGUAGE))
        chosen = next((one for one in asked if one in self.about.languages), self.about.languages[0])
        if asked[0] == chosen:
            session[_LANGUAGE] = chosen
        return str(chosen)

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        return self.texts.say(self.language(), key, n, **values)

    def moment(self, at: datetime) -> str:
        return str(format_datetime(at, "d MMM y, HH:mm", locale=self.language()))

    def has_words(self, key: str) -> bool:
        return key in self.texts.keys(self.language())

    def draw(self, template: str, **shown: object) -> Response:
        """Draw a page: *template* is a file in `templates/console/` that extends `console/_page.html`."""
        here = "console-door" if template == "sign-in.html" else (request.endpoint or "").partition(".")[2]
        frame = {
            "house": self, "say": self.say, "lang": self.language(), "tongues": self._tongues(), "here": here,
            "inside": template != "sign-in.html" and self.somebody(), "proof": self.proof(), "about": self.about,
        }  # fmt: skip
        frame |= {name: ask() for name, ask in self.facts.items()}
        return Response(render_template(f"console/{template}", **frame, **shown))

    def _tongues(self) -> tuple[tuple[str, str], ...]:
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        return tuple((one, f"{request.path}?{urlencode([*kept, ('lang', one)])}") for one in self.about.languages)


def whole_seconds(wait: float) -> int:
    return max(1, math.ceil(wait))
