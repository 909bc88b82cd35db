"""Which system this is, by its habits. Signs are worth points; too few, or two systems with as many: nobody knows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.library.sip2.fields import Field
from kiosk.library.sip2.layouts import Kind
from kiosk.library.sip2.message import Message

ENOUGH = 3
"""Points that make a likeness worth telling."""
_FOLIO_BX, _KOHA_BX, _ALMA_BX = "YYYNYYYYYYYNNNYY", "YYYYYYYYYYYNYYYY", "YYYNYYYYYNYNNNYN"


@dataclass(slots=True)
class Seen:
    """What was heard of a system so far. `pieces` is the most segments a short answer came in."""

    stream: bytes = b""
    heard: dict[Kind, Message] = field(default_factory=dict)
    pieces: int = 1
    decomposed: bool = False

    def fixed(self, kind: Kind, part: str) -> str:
        return self.heard[kind].fixed.get(part, "") if kind in self.heard else ""

    def text(self, kind: Kind, code: str) -> str:
        """The field as it came, blanks included."""
        return (self.heard[kind].first(code) or "") if kind in self.heard else ""

    def has(self, kind: Kind, *codes: str) -> bool:
        """Say whether an answer of this kind was heard and has all these fields."""
        return kind in self.heard and all(self.heard[kind].first(code) is not None for code in codes)


Sign = tuple[str, int, Callable[[Seen], bool]]
_STATUS, _PATRON, _LOAN = Kind.ACS_STATUS, Kind.PATRON_INFORMATION_SAID, Kind.CHECKOUT_SAID

_SIGNS: tuple[Sign, ...] = (
    ("koha", 5, lambda seen: b"Greetings from Koha" in seen.stream),
    ("koha", 2, lambda seen: seen.text(_STATUS, Field.SUPPORTED) == _KOHA_BX and b"\r\n" in seen.stream),
    ("koha", 1, lambda seen: seen.fixed(_STATUS, "retries") == "005"),
    ("evergreen", 3, lambda seen: seen.decomposed),
    ("evergreen", 2, lambda seen: seen.fixed(_STATUS, "timeout") + seen.fixed(_STATUS, "retries") == "600003"),
    ("evergreen", 2, lambda seen: seen.fixed(_PATRON, "patron_status").rstrip() == "  Y"),
    ("evergreen", 1, lambda seen: seen.has(_PATRON, "PA", "PC", "PI")),
    ("folio", 3, lambda seen: b"Problems handling the request" in seen.stream),
    ("folio", 3, lambda seen: seen.text(_STATUS, Field.SUPPORTED) == _FOLIO_BX and b"\r\n" not in seen.stream),
    ("fsip2", 3, lambda seen: seen.text(_STATUS, Field.SUPPORTED) == _FOLIO_BX and b"\r\n" in seen.stream),
    ("fsip2", 2, lambda seen: seen.fixed(_LOAN, "desensitize") == "U"),
    ("sierra", 3, lambda seen: seen.fixed(_STATUS, "transaction_date")[8:12] == "0000"),
    ("sierra", 2, lambda seen: seen.text(_STATUS, Field.INSTITUTION).endswith(" ")),
    ("polaris", 3, lambda seen: b"Patron status is ok." in seen.stream),
    ("polaris", 3, lambda seen: seen.has(_PATRON, "PX") or seen.has(_PATRON, "PY")),
    ("polaris", 2, lambda seen: re.fullmatch(r"\d+", seen.text(_STATUS, Field.INSTITUTION)) is not None),
    ("alma", 3, lambda seen: seen.text(_STATUS, Field.SUPPORTED) == _ALMA_BX),
    ("symphony", 3, lambda seen: seen.pieces > 1),
)


def likeness(seen: Seen) -> str | None:
    """Name the profile of the system this is most like, None when there are too few signs."""
    points: dict[str, int] = {}
    for profile, worth, shows in _SIGNS:
        if shows(seen):
            points[profile] = points.get(profile, 0) + worth
    ranked = sorted(points.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]
