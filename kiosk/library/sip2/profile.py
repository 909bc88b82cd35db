"""What one library system does its own way: a data file per system, and single keys of it put right by the branch.

The files lie beside this module and travel with the program, because a key and the code that heeds it change together.
What is true of one library only (its host, its login, a key its vendor set otherwise) stands in the branch's settings.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from importlib.resources import files
from typing import Any

from kiosk.circulation.model import Refusal
from kiosk.library.sip2.codec import Dialect
from kiosk.library.sip2.dates import DayOrder


class LineEnd(StrEnum):
    """What ends a message."""

    CR = "cr"
    CRLF = "crlf"
    LF = "lf"

    @property
    def octets(self) -> bytes:
        """The bytes it stands for."""
        return {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n"}[self]


class ErrorDetection(StrEnum):
    """Whether messages carry a number and a checksum."""

    AUTO = "auto"  # when the system answers with them
    ON = "on"
    OFF = "off"


class SignIn(StrEnum):
    """How the station makes itself known."""

    SIP = "sip"  # message 93
    TELNET = "telnet"  # two prompts before any message
    NONE = "none"  # by its address


class Lists(StrEnum):
    """What the lists of an account hold for each copy."""

    AUTO = "auto"  # barcodes, when all of them look like one
    BARCODES = "barcodes"
    TITLES = "titles"


class Holds(StrEnum):
    """What can be done about holds."""

    ALL = "all"
    CANCEL = "cancel"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Profile:
    """The manner of one system. Seconds are seconds; texts are compared without regard to case."""

    title: str
    notes: str = ""
    encoding: str = "utf-8"
    ends_with: LineEnd = LineEnd.CR  # what the station ends its messages with
    answers_end_with: LineEnd = LineEnd.CR  # CR takes CRLF and LFCR as well
    delimiter: str = "|"
    error_detection: ErrorDetection = ErrorDetection.AUTO
    sign_in: SignIn = SignIn.SIP
    status_before_login: bool = False
    ends_sessions: bool = True  # 35 after every visit
    unsure_unlocks: bool = False  # desensitize U counts as Y
    empty_pin: bool = False  # AD is sent without a PIN, too
    empty_terminal_password: bool = True  # AC is sent empty
    sends_location: bool = True  # AP says where the station is
    lists: Lists = Lists.AUTO
    holds: Holds = Holds.ALL
    day_order: DayOrder = DayOrder.UNKNOWN
    utc_dates: bool = False
    language: str = "000"
    answer_s: float = 6.0
    connect_s: float = 3.0
    connections: int = 1  # more than one: the copies of an account are asked about side by side
    rights_need_pin: bool = False  # without a right PIN every right is denied, which says nothing
    birth_date: str = "PB"  # the field that holds it, "" for none
    expires: str = ""  # the field that holds when the card expires, "" for none
    noise: tuple[str, ...] = ()  # words in AF that say nothing
    phrases: Mapping[str, Refusal] | None = None  # words in AF that say why a card is refused

    def dialect(self) -> Dialect:
        """Say how messages are written and read."""
        return Dialect(encoding=self.encoding, delimiter=self.delimiter, terminator=self.ends_with.octets)


class ProfileError(ValueError):
    """A profile that is not there, or says what no profile can say."""


def profile_names() -> tuple[str, ...]:
    """Name every profile there is."""
    found = (entry.name for entry in files(__package__).joinpath("profiles").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def load_profile(name: str, overrides: Mapping[str, object] | None = None) -> Profile:
    """Read a profile and put single keys of it right. Raises: ProfileError."""
    if name not in profile_names():
        raise ProfileError(f"there is no profile {name}; there are: {', '.join(profile_names())}")
    table = tomllib.loads(files(__package__).joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8"))
    values: dict[str, Any] = {key: _value(key, value) for key, value in {**table, **(overrides or {})}.items()}
    return replace(Profile(title=name), **values)


_ENUMS = {
    "ends_with": LineEnd,
    "answers_end_with": LineEnd,
    "error_detection": ErrorDetection,
    "sign_in": SignIn,
    "lists": Lists,
    "holds": Holds,
    "day_order": DayOrder,
}
_KEYS = frozenset(field.name for field in fields(Profile))


def _value(key: str, value: object) -> object:
    if key not in _KEYS:
        raise ProfileError(f"no profile has a key {key}")
    try:
        if key in _ENUMS:
            return _ENUMS[key](str(value))
        if key == "phrases":
            assert isinstance(value, Mapping)
            return {str(words).casefold(): Refusal(refusal) for words, refusal in value.items()}
    except ValueError as err:
        raise ProfileError(f"{key}: {err}") from err
    return tuple(value) if isinstance(value, list) else value
