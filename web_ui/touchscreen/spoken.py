"""What is heard of a screen: its sounds and its one spoken phrase, both as plain values a page carries.

Chosen from a view and never from what it names: no phrase has room for a name, a title, an amount or a reason.
The browser plays what is new since the screen before; it decides nothing.
"""

from dataclasses import dataclass

from kiosk.station.view import (
    DoneView,
    IdentifyingView,
    NoticeView,
    OutOfOrderView,
    PinView,
    ReturnsView,
    RowState,
    SessionView,
    ShelterView,
    StackFirstView,
    StationView,
    WelcomeView,
)

MOST = 40
"""The largest number that is spoken; more is rare, and the screen shows it."""
COUNTED = frozenset({"say.lent", "say.returned"})
PHRASES = (
    "say.welcome", "say.card-left", "say.card", "say.pin", "say.pin-again", "say.put-books", "say.blocked", "say.stack",
    "say.wait", "say.look", "say.refused", "say.lent", "say.returned", "say.take-card", "say.thanks", "say.still-here",
    "say.card-refused", "say.out-of-order", "say.shelter",
)  # fmt: skip
"""Everything that is ever said aloud."""

_SOUNDS = {
    RowState.LENT: "done",
    RowState.RETURNED: "done",
    RowState.PUT_BACK: "look",
    RowState.STAFF: "look",
    RowState.REFUSED: "stop",
}
LOUDEST_FIRST = ("stop", "look", "done")
"""Of several new things, the first of these is heard."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing said aloud: a key of the words, with a number where it counts books."""

    key: str
    n: int | None = None

    @property
    def name(self) -> str:
        """The name of its file: `lent-3`."""
        stem = self.key.removeprefix("say.")
        return stem if self.n is None else f"{stem}-{self.n}"


def all_phrases() -> tuple[Phrase, ...]:
    """Everything that is ever said aloud, each number apart."""
    counted = [Phrase(key, n) for key in PHRASES if key in COUNTED for n in range(1, MOST + 1)]
    return (*(Phrase(key) for key in PHRASES if key not in COUNTED), *counted)


def sounds_of(view: StationView) -> tuple[str, ...]:
    """Say what may be heard of *view*: `<sound>:<what>`, each heard once, when it is new."""
    found: list[str] = []
    if view.frame.leaving_in is not None:
        found.append("look:leaving")
    match view:
        case SessionView() | ReturnsView():
            found += [f"{_SOUNDS[row.state]}:{row.key}" for row in view.rows if row.state in _SOUNDS]
        case NoticeView():
            found.append("stop:card")
        case DoneView(take_card=True):
            found.append("look:card")
        case WelcomeView(lift_card=True):
            found.append("look:card")
    return tuple(sorted(found, key=lambda one: LOUDEST_FIRST.index(one.partition(":")[0])))


def phrase_of(view: StationView) -> Phrase | None:
    """Choose the one thing to say of *view*; None where silence is better."""
    if view.frame.leaving_in is not None:
        return Phrase("say.still-here")
    match view:
        case WelcomeView():
            return Phrase("say.card-left" if view.lift_card else "say.welcome")
        case IdentifyingView():
            return Phrase("say.card")
        case PinView():
            return Phrase("say.pin" if view.tries_left is None else "say.pin-again")
        case StackFirstView():
            return Phrase("say.stack")
        case SessionView() | ReturnsView():
            return _of_books(view)
        case DoneView():
            return Phrase("say.take-card" if view.take_card else "say.thanks")
        case NoticeView():
            return Phrase("say.card-refused")
        case OutOfOrderView():
            return Phrase("say.out-of-order")
        case ShelterView():
            return Phrase("say.shelter")
    return None


def _of_books(view: SessionView | ReturnsView) -> Phrase:
    """What matters most of the books: what a person must do, then what is under way, then what is done."""
    states = {row.state for row in view.rows}
    if states & {RowState.PUT_BACK, RowState.STAFF}:
        return Phrase("say.look")
    if view.busy:
        return Phrase("say.wait")
    if RowState.REFUSED in states:
        return Phrase("say.refused")
    done, key = (view.lent, "say.lent") if isinstance(view, SessionView) else (view.returned, "say.returned")
    if 0 < done <= MOST:
        return Phrase(key, done)
    blocked = isinstance(view, SessionView) and bool(view.blocks)
    return Phrase("say.blocked" if blocked else "say.put-books")
