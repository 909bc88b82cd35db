"""What every page of the catalogue stands on: the centre, the rules, the words, and the language of this request."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Response, g, render_template, request

from kiosk.central.centre import Centre
from kiosk.central.policies import Policies
from web_ui.catalogue.covers import look_of
from web_ui.catalogue.headers import FOR_A_MINUTE
from web_ui.catalogue.sessions import IDLE, Sessions
from web_ui.catalogue.speech import Speech
from web_ui.design import icon_sprite
from web_ui.texts import Texts

_A_YEAR = 31_536_000
_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class House:
    """Made once; used by many threads, changed by none."""

    centre: Centre
    policies: Policies
    texts: Texts
    sessions: Sessions
    sprite: str = field(default_factory=icon_sprite)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(one for one in self.policies.languages if one in self.texts.languages)

    @property
    def idle_seconds(self) -> int:
        """How long a page of one's own may lie open without a touch."""
        return int(IDLE.total_seconds())

    def speech(self) -> Speech:
        """Choose the language: asked for by address, chosen before, wished by the browser, else the network's first."""
        asked = (request.args.get("lang"), request.cookies.get(_COOKIE))
        wished = request.accept_languages.best_match(self.languages)
        chosen = next((one for one in (*asked, wished) if one in self.languages), self.languages[0])
        return Speech(self.texts, str(chosen), self.policies)

    def public(self, template: str, **shown: object) -> Response:
        """Draw a page that says the same to everybody: it may be kept for a minute and knows no session."""
        response = Response(self.draw(template, **shown))
        response.headers["Cache-Control"] = FOR_A_MINUTE
        response.vary.update(("Accept-Language", "Cookie"))
        return response

    def draw(self, template: str, **shown: object) -> str:
        """Draw a page in the language of this request. Unless `public` keeps it, nobody does."""
        speech = self.speech()
        g.catalogue_language = speech.lang
        frame = {"say": speech.say, "speech": speech, "house": self, "tongues": self._tongues(), "look_of": look_of}
        return render_template(f"catalogue/{template}", **frame, **shown)

    def remember_language(self, response: Response) -> Response:
        """Keep the language somebody asked for by address; nothing else is kept of who does not sign in."""
        asked = request.args.get("lang")
        if asked in self.languages:
            response.set_cookie(
                _COOKIE, asked, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
            )
        return response

    def _tongues(self) -> tuple[tuple[str, str, str], ...]:
        """Offer every language for this very page: code, name, address."""
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        path = request.path if request.method == "GET" else "/account"
        addresses = {one: f"{path}?{urlencode([*kept, ('lang', one)])}" for one in self.languages}
        return tuple((one, self.texts.say(one, "language.name"), addresses[one]) for one in self.languages)
