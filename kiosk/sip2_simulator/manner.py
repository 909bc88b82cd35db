"""How a library system speaks SIP2, as data. What is not said in a manner's file is the standard to the letter.

Section numbers in the files of `manners/` refer to the 3M document (SIP2 2.00, revision 2.12); what departs from it was
seen on the wire of the named system or read in its source, as each file says.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk.sip2_simulator.outcomes import No

FOLDER = files("kiosk.sip2_simulator") / "manners"
STANDARD = "standard"

OnTrouble = Literal["96", "close", "text", "ignore"]


class MannerError(Exception):
    """A manner's file cannot be used; the message says which one and what is wrong with it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wire(_Part):
    """Bytes and characters."""

    terminator: str = "\r"
    charset: str = "cp850"
    hears_bytes: bool = False  # never decodes what it hears: what it echoes comes back encoded twice
    decomposed: bool = False  # NFD before encoding
    delimiter_becomes: str = " "  # what a | inside a value is sent as; "|" lets it through
    longest_value: int = 255  # bytes
    last_field_is_stripped: bool = False  # trailing punctuation of a request without error detection is lost
    checksum_over: Literal["bytes", "code points"] = "bytes"
    checksum_digits: int = 4  # at least so many
    first_segment: int = 0  # a reply goes out in two TCP segments, the first so long; 0: in one
    date_zone: str = "    "
    standard_order: bool = True  # of the fields in a reply; False: as the SIPServer family orders them
    hides: frozenset[str] = frozenset()  # fields it never sends


class Session(_Part):
    """The line: login, error detection, repeats, what it does not understand."""

    login: Literal["needed", "not needed"] = "needed"
    failed_logins: int = 3  # so many and it closes
    telnet: bool = False  # asks for login and password in plain lines first
    status_before_login: bool = False
    location_must_be_uuid: bool = False  # CP of the login
    error_detection: Literal["if asked", "always"] = "if asked"
    repeat: Literal["answered again", "executed again", "refused"] = "answered again"
    resend: Literal["standard", "koha"] = "standard"  # the answer to 97
    unknown_message: OnTrouble = "ignore"
    unsupported: frozenset[str] = frozenset()  # message ids
    on_unsupported: OnTrouble = "96"
    empty_line: Literal["skip", "close"] = "skip"
    refuses_empty_fields: bool = False  # 96 for a request about a patron with a field that is there and empty
    required_fields: frozenset[str] = frozenset()  # 96 for a request about a patron without these
    idle_s: float = 0  # closes after so much silence; 0: never
    screen: str = ""  # AF on every patron's reply
    farewell: str = ""  # AF of 36


class Status(_Part):
    """98, ACS Status."""

    institution: str = "LIB"
    library: str = ""
    checkin: bool = True
    checkout: bool = True
    renewal_policy: bool = True
    status_update: bool = True
    off_line: bool = False
    timeout: str = "100"
    retries: str = "003"
    supported: str = "Y" * 16  # BX; "" sends none


class Patrons(_Part):
    """23, 63, 01, 25."""

    echo_language: bool = True
    name: str = "{given} {family}"
    unknown_name: str = ""
    recall_denied: bool = False
    wrong_pin_status: str = ""  # the 14 characters of a patron whose PIN is wrong; "": as they stand
    wrong_pin_words: tuple[str, ...] = ()
    pin_checked_on: frozenset[str] = frozenset({"23", "63", "11", "29", "37", "65", "15"})
    empty_pin_is_right: bool = False
    lists: Literal["barcodes", "titles"] = "barcodes"
    last_item_counts_one_more: bool = False  # BQ
    counts_ready_holds_only: bool = False
    fees_in_words: bool = True  # AV: words and amount; else the amount
    money: Literal["two decimals", "plain"] = "two decimals"  # BV of a patron
    fee_when_nothing_is_owed: bool = True
    personal_fields: frozenset[str] = frozenset()  # of BD BE BF PA PB PC PI BC PX PY
    limits: bool = False  # BZ CB
    fee_limit: bool = True  # CC
    block_is_for_good: bool = False  # 01 is carried out
    branch_on_screen: bool = False


class Lending(_Part):
    """11, 29, 65."""

    renews_by_checkout: Literal["never", "by policy", "always"] = "by policy"
    desensitise: Literal["Y", "N", "U"] = "Y"
    magnetic: Literal["Y", "N", "U"] = "N"
    magnetic_media: frozenset[str] = frozenset()  # media types sent as magnetic and not to be desensitised
    renewal_said: bool = True  # "renewal ok" of 12 is Y for a renewal
    due: str = "%Y%m%d    %H%M%S"
    cancels: bool = True  # BI=Y is honoured
    patron_validity: bool = False  # BL on a refused 12


class Returns(_Part):
    """09."""

    alerts: bool = True
    not_on_loan_is_refused: bool = False
    alert_when_not_on_loan: bool = True
    unknown_item: str = "0NUN"  # fixed part: ok, resensitise, magnetic media, alert
    unknown_item_alert: str = ""  # CV
    location_is_heard: bool = True  # AP
    blank_date_closes: bool = False  # after the deed
    foreign_shelf_copy_closes: bool = False  # a copy of another branch, not on loan: closes, nothing done


class Items(_Part):
    """17, 19."""

    states: Literal["few", "all"] = "all"  # few: 03 and 04 only
    security_marker: str = "00"
    title: str = "{title}"
    update: Literal["echo", "close"] = "echo"
    unknown_closes_update: bool = False


class Holds(_Part):
    """15."""

    modes: str = "+-*"
    cancels_titles: bool = True
    fees_refuse: bool = True
    says_place: bool = True  # BR, and whether one is available now


class Fees(_Part):
    """37."""

    takes_anything: bool = False  # no number is 0, a negative one is owed, too much is a credit
    too_much_is_refused: bool = True
    currency: str = "UAH"


class Manner(_Part):
    """One library system's way to speak.

    `words` is what it puts on screens, by what it is about (`outcomes.No`, `outcomes.Block`); a key may begin with the
    id of the message it is said in answer to.
    """

    name: str = STANDARD
    title: str = "The standard to the letter"
    source: str = ""
    wire: Wire = Wire()
    session: Session = Session()
    status: Status = Status()
    patrons: Patrons = Patrons()
    lending: Lending = Lending()
    returns: Returns = Returns()
    items: Items = Items()
    holds: Holds = Holds()
    fees: Fees = Fees()
    words: dict[str, str] = {}

    def say(self, about: str, message: str = "") -> str:
        """Return this system's words about something, in answer to a message; ours where it has none of its own."""
        for key in (f"{message} {about}", about):
            if key in self.words:
                return self.words[key]
        return WORDS.get(about, "")


WORDS: dict[str, str] = {
    No.PATRON_UNKNOWN: "Patron not found",
    No.PATRON_BLOCKED: "Patron is blocked",
    No.WRONG_PIN: "Invalid PIN",
    No.ITEM_UNKNOWN: "Item not found",
    No.ON_LOAN_TO_ANOTHER: "Item is checked out to another patron",
    No.ALREADY_YOURS: "Renewals not permitted",
    No.RESERVED: "Item is on hold for another patron",
    No.NOT_FOR_LOAN: "Item does not circulate",
    No.WITHDRAWN: "Item is withdrawn",
    No.TOO_MANY: "Loan limit reached",
    No.FEE_FIRST: "A fee applies",
    No.NOT_ON_LOAN_TO_YOU: "Item is not checked out to this patron",
    No.RENEWALS_USED_UP: "Renewal limit reached",
    No.OTHERS_WAIT: "Item is on hold for another patron",
    No.NOT_ON_LOAN: "Item not checked out",
    No.NO_SUCH_HOLD: "No such hold",
    No.HOLD_FEES: "Fees block this hold",
    No.NO_SUCH_FEE: "No such fee",
    No.TOO_MUCH_PAID: "More than is owed",
}


@cache
def manner(name: str) -> Manner:
    """Return the manner called *name*. Raises: MannerError for one there is not, or whose file is wrong."""
    if name == STANDARD:
        return Manner()
    file = FOLDER / f"{name}.toml"
    if not name.isidentifier() or not file.is_file():
        raise MannerError(f"no manner {name!r}; there are: {', '.join(manner_names())}")
    try:
        return Manner.model_validate({"name": name, **tomllib.loads(file.read_text(encoding="utf-8"))})
    except (tomllib.TOMLDecodeError, ValidationError) as err:
        raise MannerError(f"{name}.toml: {err}") from err


def manner_names() -> tuple[str, ...]:
    """List every manner there is, the standard first."""
    return (STANDARD, *sorted(file.name[: -len(".toml")] for file in FOLDER.iterdir() if file.name.endswith(".toml")))


def changed(base: Manner, **parts: dict[str, object]) -> Manner:
    """Return *base* with settings of its parts replaced: `changed(koha, wire={"charset": "cp866"})`.

    Raises: MannerError for a part or a setting there is not.
    """
    data = base.model_dump()
    for part, settings in parts.items():
        if not isinstance(data.get(part), dict):
            raise MannerError(f"a manner has no part {part!r}")
        data[part] |= settings
    try:
        return Manner.model_validate(data)
    except ValidationError as err:
        raise MannerError(str(err)) from err
