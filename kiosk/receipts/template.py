"""How a branch dresses its slips: values only. `kiosk.settings.receipts` reads them from `config/receipts/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Part(StrEnum):
    """What a slip may be made of, in the order it stands on paper."""

    PLACE = "place"  # branch and station
    TIME = "time"
    NUMBER = "number"
    AUTHORS = "authors"
    LENT = "lent"
    RENEWED = "renewed"
    RETURNED = "returned"
    REFUSED = "refused"
    TROUBLE = "trouble"
    HOURS = "hours"
    PHONE = "phone"
    STAMPS = "stamps"
    THANKS = "thanks"
    CODE = "code"  # the QR code that proves the visit


USUAL = frozenset(Part) - {Part.HOURS, Part.PHONE}
"""The parts of a slip of a branch that has no template of its own."""

Lines = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Template:
    """Head and foot by language, the greeting in place of the usual one, and which parts appear.

    `hours` are lines already in words, by language; `phone` as it is dialled; `page` the address before a token.
    """

    head: Lines = field(default_factory=dict)
    greeting: Mapping[str, str] = field(default_factory=dict)
    foot: Lines = field(default_factory=dict)
    parts: frozenset[Part] = USUAL
    hours: Lines = field(default_factory=dict)
    phone: str = ""
    page: str = ""

    def has(self, part: Part) -> bool:
        return part in self.parts
