"""SIP2's code tables. Source: 3M SIP2 Interface rev. 2.12, "Fixed-length fields"; CV: 3M SIP2 Extensions (2005)."""

from enum import IntEnum, StrEnum


class PatronFlag(IntEnum):
    """What a place of the 14 of the patron status says. The first four are rights that are denied."""

    CHARGE_DENIED = 0
    RENEWAL_DENIED = 1
    RECALL_DENIED = 2
    HOLD_DENIED = 3
    CARD_LOST = 4
    TOO_MANY_CHARGED = 5
    TOO_MANY_OVERDUE = 6
    TOO_MANY_RENEWALS = 7
    TOO_MANY_CLAIMS = 8
    TOO_MANY_LOST = 9
    EXCESSIVE_FINES = 10
    EXCESSIVE_FEES = 11
    RECALL_OVERDUE = 12
    TOO_MANY_BILLED = 13


class Summary(IntEnum):
    """Which list of an account a request names: a place of the ten of 63."""

    HOLDS = 0
    OVERDUE = 1
    CHARGED = 2
    FINES = 3
    RECALLS = 4
    UNAVAILABLE_HOLDS = 5


class CirculationStatus(StrEnum):
    """What a system says of a copy in 18."""

    OTHER = "01"
    ON_ORDER = "02"
    AVAILABLE = "03"
    CHARGED = "04"
    CHARGED_NO_RECALL = "05"
    IN_PROCESS = "06"
    RECALLED = "07"
    ON_HOLD_SHELF = "08"
    TO_BE_RESHELVED = "09"
    IN_TRANSIT = "10"
    CLAIMED_RETURNED = "11"
    LOST = "12"
    MISSING = "13"


ON_LOAN = frozenset({"04", "05", "07", "11"})
"""Codes that say a copy is with a patron: a recalled one, and one that somebody claims to have returned, are."""


class AlertType(StrEnum):
    """Why a returned copy needs staff (CV)."""

    UNKNOWN = "00"
    HOLD_HERE = "01"
    HOLD_ELSEWHERE = "02"
    INTER_LIBRARY_LOAN = "03"
    TRANSFER = "04"
    OTHER = "99"


class Supported(IntEnum):
    """Which place of BX stands for which function."""

    PATRON_STATUS = 0
    CHECKOUT = 1
    CHECKIN = 2
    BLOCK_PATRON = 3
    STATUS = 4
    RESEND = 5
    LOGIN = 6
    PATRON_INFORMATION = 7
    END_SESSION = 8
    FEE_PAID = 9
    ITEM_INFORMATION = 10
    ITEM_STATUS_UPDATE = 11
    PATRON_ENABLE = 12
    HOLD = 13
    RENEW = 14
    RENEW_ALL = 15


_LANGUAGES = "en fr de it nl sv fi es da pt fr-CA no he ja ru ar pl el zh ko es-NA ta ms en-GB is be zh-TW"
LANGUAGES = {code: number for number, code in enumerate(_LANGUAGES.split(), start=1)}
"""Languages that have a number. Ukrainian has none: it is sent as 000, unknown."""


def language_code(language: str | None) -> str:
    """Give the three digits of a language; 000 for none and for one the table does not know."""
    return f"{LANGUAGES.get(language or '', 0):03d}"


def language_of(code: str) -> str | None:
    """Say which language three digits stand for, None for 000 and whatever is no number of the table."""
    number = int(code) if code.isascii() and code.isdigit() else 0
    return next((name for name, value in LANGUAGES.items() if value == number), None)


def flags_of(status: str) -> frozenset[PatronFlag]:
    """Read a patron status: any sign but a blank and N says yes."""
    return frozenset(flag for flag in PatronFlag if status[flag : flag + 1].strip() not in ("", "N", "n"))


def write_flags(flags: frozenset[PatronFlag]) -> str:
    """Write a patron status of 14 characters."""
    return "".join("Y" if flag in flags else " " for flag in PatronFlag)


def write_summary(wanted: Summary | None) -> str:
    """Write which list is wanted: one Y among ten places, ten blanks for none."""
    return "".join("Y" if wanted is not None and place == wanted else " " for place in range(10))


def count_of(text: str) -> int | None:
    """Read a count of four places; None for blanks and whatever is no number."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


def supports(bx: str | None, function: Supported) -> bool:
    """Say whether a system offers a function. A place that is missing is taken for a yes: many systems cut BX short."""
    return bx is None or bx[function : function + 1].upper() != "N"
