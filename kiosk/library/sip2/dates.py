"""Dates as library systems write them.

The 18 characters of the standard are YYYYMMDDZZZZHHMMSS, ZZZZ blank for local time, or three blanks and the letter of a
military zone (Z is UTC); Sierra and TLC write 0000. A due date (AH) is free text by definition: Koha sends the 18
characters or its own date format, Evergreen 2026-12-07 23:59:59, others a bare day. What cannot be told for sure stays
text: a wrong day is worse than none. Source: 3M SIP2 Interface rev. 2.12, "Data formats"; seen on the wire.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum

_STANDARD = re.compile(r"(\d{8})(.{4})(\d{6})")
_ISO = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ .-]+([^\W\d]{3,})\.?,?[ .-]+(\d{4})\b")
_NAMED_FIRST = re.compile(r"\b([^\W\d]{3,})\.?[ .-]+(\d{1,2})(?:st|nd|rd|th)?,?[ .-]+(\d{4})\b")
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "січ лют бер кві тра чер лип сер вер жов лис гру",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    )
    for number, name in enumerate(names.split(), start=1)
}


class DayOrder(StrEnum):
    """Which number of 07/12/2026 is the day. UNKNOWN leaves such a date as the text it is."""

    UNKNOWN = ""
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def write_date(when: datetime) -> str:
    """Write a time in 18 characters: local time with a blank zone for a naive one, UTC with a Z for any other."""
    if when.tzinfo is None:
        return f"{when:%Y%m%d}    {when:%H%M%S}"
    return f"{when.astimezone(UTC):%Y%m%d}   Z{when.astimezone(UTC):%H%M%S}"


def read_date(text: str) -> datetime | None:
    """Read the 18 characters of the standard: aware when they name a zone, naive for local time, None for no date."""
    found = _STANDARD.fullmatch(text.strip())
    if found is None:
        return None
    try:
        when = datetime.strptime(found[1] + found[3], "%Y%m%d%H%M%S")  # noqa: DTZ007  the zone is put in below
    except ValueError:
        return None
    zone = _zone(found[2].strip())
    return when.replace(tzinfo=zone) if zone is not None else when


def _zone(letters: str) -> tzinfo | None:
    if len(letters) != 1 or not letters.isascii() or not letters.isalpha() or letters.upper() == "J":
        return None  # blank, 0000, or something nobody agreed on: local time
    letter = letters.upper()
    if letter == "Z":
        return UTC
    hours = "ABCDEFGHIKLM".find(letter) + 1 or -("NOPQRSTUVWXY".find(letter) + 1)
    return timezone(timedelta(hours=hours))


def read_day(text: str, order: DayOrder = DayOrder.UNKNOWN, zone: tzinfo | None = None) -> date | None:
    """Read a due date out of free text; None when there is none, or when day and month cannot be told apart.

    A time of another zone is brought to *zone* first, the computer's own when that is None.
    """
    text = text.strip()
    when = read_date(text)
    if when is not None:
        return (when if when.tzinfo is None else when.astimezone(zone)).date()
    if found := re.match(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?!\d)", text):
        return _day(found[1], found[2], found[3])
    if found := _ISO.search(text):
        return _iso_day(text, zone) or _day(found[1], found[2], found[3])
    if found := _NUMBERS.search(text):
        return _numbers(found, order)
    if found := _NAMED.search(text):
        return _day(found[3], _month(found[2]), found[1])
    if found := _NAMED_FIRST.search(text):
        return _day(found[3], _month(found[1]), found[2])
    return None


def day_order_of(text: str) -> DayOrder:
    """Say which number of a date is the day, where the date tells: one of them is above 12."""
    found = _NUMBERS.search(text)
    if found is None or found[2] == "." or read_day(text) is None:
        return DayOrder.UNKNOWN
    if int(found[1]) > 12:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if int(found[3]) > 12 else DayOrder.UNKNOWN


def _iso_day(text: str, zone: tzinfo | None) -> date | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo is None else when.astimezone(zone)).date()


def _numbers(found: re.Match[str], order: DayOrder) -> date | None:
    first, sign, second, year = found.groups()
    year = year if len(year) == 4 else f"20{year}"
    if sign == "." or order is DayOrder.DAY_FIRST or int(first) > 12 or first == second:
        return _day(year, second, first)
    if order is DayOrder.MONTH_FIRST or int(second) > 12:
        return _day(year, first, second)
    return None


def _month(name: str) -> str:
    return str(_MONTHS.get(name.casefold()[:3], 0))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
