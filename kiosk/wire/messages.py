"""What station and centre say to each other, as plain values and JSON. docs/protocol.md is this in words.

Version 1. Rows of the feed are JSON arrays in the order of `COLUMNS`: a newer centre may append columns, which an
older station leaves alone; a column an older centre does not send is the default of its table.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
MEDIA_TYPE = "application/json"
"""Of every body, compressed with Zstandard where `Content-Encoding: zstd` says so."""
MOST_EVENTS = 500
"""Events in one upload."""
MOST_BYTES = 1_000_000
"""Bytes of one body, unpacked."""


class Kind(StrEnum):
    """What the feed speaks of."""

    TITLE = "title"
    ITEM = "item"
    PATRON = "patron"
    LOAN = "loan"  # open loans; one that ended is told as gone
    HOLD = "hold"  # open holds; likewise
    DEBT = "debt"  # open debts about gate bits; likewise
    SETTINGS = "settings"
    NOTICE = "notice"
    STATION_KEY = "station-key"  # of every station there ever was: what receipts are proven with


COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.TITLE: (
        "id", "name", "author", "year", "language", "age_from", "authors", "series", "subjects", "isbns", "issn",
        "publisher", "material", "local_history", "contemporary_ukrainian", "cover", "added_at",
    ),
    Kind.ITEM: ("id", "title", "type", "branch", "status", "shelf", "parts", "location", "contents"),
    Kind.PATRON: (
        "id", "card", "given_name", "family_name", "category", "branch", "born", "expires", "card_status", "fees",
        "guardian", "language", "pin_needed", "cards", "pin", "merged_into", "mail",
    ),
    Kind.LOAN: ("id", "item", "patron", "item_type", "lent_at", "due", "renewals", "branch"),
    Kind.HOLD: ("id", "patron", "title", "placed_at", "pickup", "status", "item"),
    Kind.DEBT: ("id", "kind", "item", "tag", "evidence", "opened"),
    Kind.SETTINGS: ("target", "version", "toml", "made_at"),
    Kind.NOTICE: ("id", "branch", "words", "from_day", "until_day", "sort", "facts"),
    Kind.STATION_KEY: ("id", "station", "public_key", "revoked_at"),
}  # fmt: skip
"""`contents` is a list of [name, kind] of a copy's parts; `cards` is a list of [number, uid, status]; `pin` a verifier
or null; `mail` whether the centre has an e-mail address, which it keeps. Dates, moments and amounts are text."""

Row = list[Any]
Change = tuple[Kind, str, Row | None]
"""Kind, key, and the row as it is now; null when there is none any more."""


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


# --- up ------------------------------------------------------------------------------------------------

Text = Annotated[str, Field(max_length=200)]


class SentEvent(Message):
    """One journal row, word for word: `payload` is the JSON text that was hashed."""

    seq: Annotated[int, Field(ge=1)]
    id: Text
    type: Text
    payload: Annotated[str, Field(max_length=100_000)]
    at: Text
    monotonic: float
    boot: Text
    trusted: bool
    prev_hash: Text
    hash: Text


class Upload(Message):
    """Events of one epoch, in order, without gaps. `clock_offset` is centre minus station, in seconds, as measured.

    `incarnation` is the one that acknowledged what came before: one that has less of it now was restored.
    """

    epoch: Text
    incarnation: Text = ""
    events: Annotated[tuple[SentEvent, ...], Field(max_length=MOST_EVENTS)]
    clock_offset: float = 0.0


class Verdict(StrEnum):
    NEW = "new"
    KNOWN = "known"  # heard before; nothing changed
    FLAGGED = "flagged"  # a fact all the same, and somebody must look: a debt is open


class Received(Message):
    """What the centre has of this epoch now: everything up to `have`, none missing before it."""

    incarnation: str
    epoch: str
    have: int
    verdicts: tuple[tuple[str, Verdict], ...] = ()


class Unreadable(Message):
    """One event the centre fails on, alone: kept as it is and made a debt, so that the rest can go on."""

    epoch: Text
    event: SentEvent
    why: Annotated[str, Field(max_length=2000)]


# --- down ----------------------------------------------------------------------------------------------


class Page(Message):
    """Changes after a cursor, oldest first, and the cursor after them. `more`: ask again at once.

    `heard` says, per epoch of the asking station, up to which event this page has taken them into account: rows
    touched by later events of its own are older than what the station knows itself.
    """

    incarnation: str
    cursor: str
    changes: tuple[tuple[Kind, str, list[Any] | None], ...]
    more: bool
    heard: dict[str, int]


class SnapshotPart(Message):
    number: int
    bytes: int
    sha256: str
    rows: int


class SnapshotManifest(Message):
    """A whole state in parts, each a Zstandard stream of JSON lines, one change a line; then the feed on."""

    id: str
    incarnation: str
    cursor: str
    scope: str
    parts: tuple[SnapshotPart, ...]
    counts: dict[str, int]
    heard: dict[str, int] = {}


# --- the fleet -----------------------------------------------------------------------------------------


class DeviceHealth(Message):
    kind: Text
    driver: Text
    ok: bool
    says: Text = ""


class Heartbeat(Message):
    """How a station is. Nothing about patrons."""

    version: Text
    protocol: int = VERSION
    boot: Text = ""
    epoch: Text = ""
    started_at: Text = ""
    clock_offset: float = 0.0
    clock_trusted: bool = True
    queue: int = 0
    oldest_unsent_s: float = 0.0
    debts: int = 0
    paper: Text = ""
    screen: Text = ""  # the name of the view it shows
    devices: tuple[DeviceHealth, ...] = ()
    settings: dict[str, int] = {}  # versions in force, by target
    settings_trouble: Annotated[str, Field(max_length=2000)] = ""  # why the newest is not in force
    visits: int = 0
    checkouts: int = 0
    failed_checkouts: int = 0
    largest_checkout: int = 0
    holds_returned: int = 0
    calls: int = 0  # people at the screen who asked for a person and may still be waiting
    cursor: Text = ""
    disk_free_mb: int = 0


class HeartbeatAnswer(Message):
    now: str
    incarnation: str
    wake: bool = False  # there is news: ask for changes


# --- cards that prove themselves, where the keys are at the centre ---------------------------------------

Hex = Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2})*$", max_length=200)]


class CardChallenge(Message):
    """A card's challenge, to be answered with the key of a role; `uid` is empty for one that is on every card."""

    role: Text
    uid: Hex
    challenge: Hex


class CardCommand(Message):
    """The 32 bytes for the card, and the sealed state of the proof, to be sent back with what the card answers."""

    proof: Annotated[str, Field(max_length=400)]
    command: Hex


class CardAnswer(Message):
    proof: Annotated[str, Field(max_length=400)]
    answer: Hex


class CardSession(Message):
    """The keys of one session with one card: for hiding, for sealing, and its name (16, 16 and 4 bytes)."""

    session: Hex


class SunAddress(Message):
    address: Annotated[str, Field(max_length=2000)]


class SunTap(Message):
    uid: Hex
    counter: int


# --- enrolment -----------------------------------------------------------------------------------------


class EnrolRequest(Message):
    """The code a person read out, and the station's own public key (Ed25519, 32 bytes in base64)."""

    code: Text
    public_key: Text
    lends: bool = True
    version: Text = ""


class Enrolled(Message):
    network: str
    station: str
    branch: str
    incarnation: str
    now: str


class Complaint(Message):
    """Why the centre did not do what it was asked, for people and programs. `now` helps a station set its clock."""

    error: str
    says: str
    now: str = ""
