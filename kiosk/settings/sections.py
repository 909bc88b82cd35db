"""The sections about the place and the habits of a station: who, where, when, how long.

Every field says in its docstring what it sets; the JSON Schema and `docs/configuration.md` are made of these.
"""

import json
import re
from collections.abc import Collection
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from kiosk.station.setup import AfterHours, HoldSlip, NameMask, ReceiptHabit, ReturnsHabit
from kiosk.station.view import ReceiptWay
from kiosk.tags.afi import GATE_PROFILES


class Section(BaseModel):
    """A table of the settings: frozen, and a key nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def one_of(there_are: Collection[str], name: str) -> str:
    """Let a name from a table through; complain of any other the way of a choice written down here."""
    if name not in there_are:
        raise PydanticKnownError("literal_error", {"expected": " or ".join(there_are)})
    return name


def _known_gate_profile(name: str) -> str:
    return one_of(GATE_PROFILES, name)


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError(f'"{name}" is not a time zone of this computer; write one like "Europe/Kyiv"') from err
    return name


def _read_clock(written: object) -> time:
    if re.fullmatch(r"\d\d:\d\d", str(written)) is None:
        raise ValueError(f"{written} is no time of day")
    return time.fromisoformat(str(written))


def _read_span(written: object) -> tuple[time, time] | None:
    """Read a pair of times. `"closed"` takes back what a layer below has given: TOML cannot write nothing."""
    if written == "closed":
        return None
    try:
        opens, closes = (_read_clock(word) for word in cast("list[object]", written))
    except (TypeError, ValueError) as err:
        found = json.dumps(written, ensure_ascii=False)
        raise ValueError(f'expected two times like ["10:00", "19:00"], or "closed", found {found}') from err
    if opens >= closes:
        raise ValueError(f"opens at {opens:%H:%M} and closes at {closes:%H:%M}: write the earlier time first")
    return opens, closes


Seconds = Annotated[float, Field(gt=0, le=3600)]
ISIL_FORM = r"^[A-Z]{2}-[A-Za-z0-9/:-]{1,11}$"
ID_FORM = r"^[a-z][a-z0-9-]*$"
FORMS = {ISIL_FORM: "an owner code like UA-ZT0001", ID_FORM: "small letters, digits and hyphens, like children-2"}
"""The forms a text may have to keep to, in words."""
Isil = Annotated[str, Field(pattern=ISIL_FORM)]
Word = Annotated[str, Field(min_length=1)]
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Language = Literal["uk", "en", "pl"]


def _write_span(span: tuple[time, time] | None) -> list[str] | str:
    return "closed" if span is None else [f"{clock:%H:%M}" for clock in span]


_CLOCK_TIME = {"type": "string", "pattern": r"^\d\d:\d\d$"}
OpeningSpan = Annotated[
    tuple[time, time] | None,
    PlainValidator(_read_span),
    PlainSerializer(_write_span),
    WithJsonSchema({"anyOf": [{"const": "closed"}, {"type": "array", "prefixItems": [_CLOCK_TIME] * 2}]}),
]


class BranchKind(StrEnum):
    CENTRAL = "central"
    ADULT = "adult"
    CHILDREN = "children"
    MUSIC = "music"


class Theme(StrEnum):
    """How the screens of a branch are dressed: one of the themes of `web_ui/design`."""

    ADULT = "adult"
    CHILDREN = "children"
    MUSIC = "music"


class NetworkSection(Section):
    """The library network every branch belongs to."""

    name: Word
    """Full name of the network, for receipts and the catalogue."""
    brand: Word
    """Short name on the screens."""
    isil: Isil
    """Owner code the tags carry (ISIL, ISO 15511); a tag with another code is another library's."""
    time_zone: TimeZone
    """Time zone of all opening hours and due dates."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """Languages of the screens; the first is the one a station wakes up in."""
    receipt_page: str = ""
    """Address a receipt's QR code leads to, `HTTPS://CATALOGUE.EXAMPLE/R/`; empty for the token alone."""
    closed_days: tuple[date, ...] = ()
    """Days the whole network is closed. A branch adds its own in `hours.closed`."""


class BranchSection(Section):
    """The branch this file is about."""

    id: Annotated[str, Field(pattern=ID_FORM)]
    """Name of the branch in the database and on the wire; the same as the file's name."""
    name: Word
    """Full name, for receipts."""
    short: Word
    """Name on screens, where room is short."""
    address: Word
    """Street and number."""
    kind: BranchKind
    """What kind of branch it is; `[kinds.<kind>]` of network.toml holds for it."""
    phone: str = ""
    """What the screen offers when nobody is at the desk."""
    pay: dict[Language, Word] = {}
    """Where and when a fee can be paid, by language: "desk on the ground floor, until 18:00"."""


class HoursSection(Section):
    """Opening hours: a pair of times per weekday, or "closed", which is what a weekday left out is."""

    monday: OpeningSpan = None
    """Opening and closing time, `["10:00", "19:00"]`."""
    tuesday: OpeningSpan = None
    """Likewise."""
    wednesday: OpeningSpan = None
    """Likewise."""
    thursday: OpeningSpan = None
    """Likewise."""
    friday: OpeningSpan = None
    """Likewise."""
    saturday: OpeningSpan = None
    """Likewise."""
    sunday: OpeningSpan = None
    """Likewise."""
    closed: tuple[date, ...] = ()
    """Days off of this branch alone: sanitary days, repairs. No loan falls due on one."""

    def week(self) -> tuple[tuple[time, time] | None, ...]:
        """Put the weekdays in order, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class StationSection(Section):
    """What a station does and how it behaves towards patrons."""

    name: str = ""
    """Name of the station within its branch; the name of its table in `[stations]`."""
    after_hours: AfterHours = AfterHours.AS_USUAL
    """While the branch is closed: work `as-usual`, take `returns-only`, or be `closed`."""
    lends: bool = True
    """Whether patrons borrow here; false makes a returns-only station."""
    takes_returns: bool = True
    """Whether books are taken back here."""
    returns: ReturnsHabit = ReturnsHabit.ASK
    """What happens to lent books laid down without a card: `ask` first, or take them back `at-once`."""
    receipt: ReceiptHabit = ReceiptHabit.ASK
    """Whether a slip is printed: `ask`, `always` or `never`; `never` offers no receipt of any kind."""
    receipts: tuple[ReceiptWay, ...] = (ReceiptWay.PAPER, ReceiptWay.EMAIL, ReceiptWay.QR)
    """Which ways of taking the receipt along are offered, in this order: `paper`, `email`, `qr`."""
    receipt_template: Word = "standard"
    """How slips are dressed: the name of a file in `config/receipts/`."""
    partial_returns: bool = False
    """Whether a set is taken back without some of its parts: what is missing becomes a debt until it comes."""
    hold_slip: HoldSlip = HoldSlip.NEVER
    """Whether staff get a slip with each returned copy that somebody waits for or that travels: `always` or `never`."""
    leave_at: dict[Language, Word] = {}
    """Where a book that is not lent is left, by language, as it stands after "Put it": a trolley, a named shelf."""
    name_mask: NameMask = NameMask.FIRST_INITIAL
    """How much of a patron's name the screen shows: `none`, `first`, `first-initial` or `full`."""
    theme: Theme = Theme.ADULT
    """How the screens are dressed: `adult`, `children` (pictures before words) or `music`."""


class ShelterSection(Section):
    """Where people go when the siren sounds."""

    words: dict[Language, Word] = {}
    """The way to the shelter of this branch, by language; without it the screen sends people to a librarian."""


class SignalsSection(Section):
    """Who tells the station of air raids and power cuts."""

    raid_file: str = ""
    """A file that is there while the siren sounds; empty for none."""
    raid_url: str = ""
    """Address of a service that says in JSON whether the siren sounds; empty for none."""
    raid_field: str = "alert"
    """Where in its answer it says so: names with dots between, `states.0.alert`."""
    raid_value: str = "true"
    """What is said there while the siren sounds, as text."""
    battery: bool = False
    """Whether this computer's own battery or mains is watched (Linux)."""
    ups: str = ""
    """A UPS of Network UPS Tools, `ups@127.0.0.1:3493`; empty for none."""
    poll_s: Annotated[float, Field(ge=0.1, le=600)] = 5
    """How often all of these are asked, in seconds."""
    least_percent: Annotated[int, Field(ge=0, le=100)] = 15
    """Below so much of the battery nothing is taken back any more."""
    least_minutes: Annotated[int, Field(ge=0, le=240)] = 5
    """Likewise with so few minutes left, where the UPS tells them."""


class PinNeed(StrEnum):
    NEVER = "never"
    ALWAYS = "always"
    UNPROVEN = "unproven"


class PinSection(Section):
    """The PIN a patron types after the card."""

    needed: PinNeed = PinNeed.UNPROVEN
    """`never`, `always`, or only when the card could not prove itself (`unproven`)."""
    length: Annotated[int, Field(ge=4, le=8)] = 4
    """Digits of a PIN."""
    tries: Annotated[int, Field(ge=1, le=10)] = 3
    """Wrong PINs in a row before the card is locked at every station."""
    lock_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """How long it stays locked, in minutes."""
    pepper_file: str = ""
    """File with a secret PINs are kept keyed with: outside the database, the same at every station; empty for none."""


class GateSection(Section):
    """How the exit gates tell a lent copy from one on the shelf. Must be what the gates are set to."""

    profile: Annotated[str, AfterValidator(_known_gate_profile)]
    """How tags are marked: AFI values, EAS, both or `none`; a name from the table of gate profiles."""


class TimingSection(Section):
    """How patient the screens are. All in seconds."""

    idle_s: Seconds = 30
    """Quiet for so long in a visit: the screen asks "are you still there?"."""
    answer_s: Seconds = 10
    """Time to say so, before the visit ends by itself."""
    returns_idle_s: Seconds = 8
    """Quiet for so long while books are given back: the return ends by itself."""
    done_s: Seconds = 12
    """How long the goodbye screen stays."""
    qr_s: Seconds = 30
    """How long it stays while a QR code is shown: long enough to take a telephone out."""
    notice_s: Seconds = 8
    """How long a message stays that asks for nothing."""
    resting_card_s: Seconds = 3
    """A card left lying this long after a visit is called out for."""
    same_card_s: Seconds = 2
    """A card that comes back within this time never left: a shaking hand."""
    parts_wait_s: Seconds = 4
    """How long a set may come in part by part before a part counts as missing."""
    tag_wait_s: Seconds = 3
    """How long a copy named by its barcode may take to be laid on the pad before it counts as one without a tag."""
    put_back_s: Seconds = 30
    """How long a book lifted too early is waited for."""
    gone_s: Seconds = 6
    """A copy away from the pad for so long has been taken."""
    identify_s: Seconds = 8
    """How long the library may take to say who a card is."""
    probe_s: Seconds = 5
    """How often an out-of-order station looks whether the cause is gone."""
    finish_s: Seconds = 15
    """How long the last gate orders of a visit may take."""
    language_s: Seconds = 60
    """Quiet for so long: the screen goes back to the first language."""
    start_s: Seconds = 10
    """How long devices may take to come up after a start before the screen says so."""
    service_s: Seconds = 600
    """A technician who does nothing at the console for so long has gone: the station works again."""


class WebSection(Section):
    """Where the station's own screens are served. The browser runs on the same computer."""

    host: Word = "127.0.0.1"
    """Address to listen on; anything but loopback shows the station to the whole network."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Port to listen on; 0 takes any that is free."""


class StoreSection(Section):
    """The station's own database."""

    path: Word = "/var/lib/littera/station.db"
    """The SQLite file; its folder must exist and be writable."""
    ballast_mb: Annotated[int, Field(ge=0, le=10_000)] = 64
    """Megabytes kept in reserve, freed when the disk is full so that visits can be finished."""


class SyncSection(Section):
    """How the station keeps in touch with the centre, once it was enrolled there (`kiosk enrol`)."""

    url: str = ""
    """Address of the centre, `https://...`; empty for the one the station was enrolled at."""
    key_file: str = ""
    """The station's own key, made when it is enrolled; empty for a file beside the ledger."""
    ca_file: str = ""
    """A CA of the library's own to trust beside the usual ones; empty for none."""
    heartbeat_s: Annotated[float, Field(ge=1, le=3600)] = 30
    """How often the station says how it is."""
    trial_s: Annotated[float, Field(ge=1, le=3600)] = 60
    """How long settings pushed from the centre are on trial: a station not well by then takes them back."""


class LogSection(Section):
    """What the station writes about itself. Never names, card numbers or titles."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important line that is still written."""
    path: str = ""
    """File to write to; empty for standard error, where systemd picks it up."""
