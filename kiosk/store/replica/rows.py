"""From a row of the wire to the values of a table: checked, padded with what an older centre does not send.

What a newer centre appends is left alone. A row that cannot be kept is refused with its kind and its key.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from kiosk.circulation.model import CardStatus, HoldStatus, ItemStatus
from kiosk.wire.messages import Kind

Row = Sequence[Any]
Values = tuple[Any, ...]

_EPOCH = "1970-01-01T00:00:00.000000Z"
_PRECISE = len(_EPOCH)
_KEY_BYTES = 32
_DEFAULTS: dict[Kind, Values] = {
    Kind.TITLE: (None, "", "", None, "", 0, [], "", [], [], "", "", "book", False, False, "", None),
    Kind.ITEM: (None, None, "book", "", ItemStatus.AVAILABLE, "", 1, None, []),
    Kind.PATRON: (
        None, "", "", "", "", "", None, None, CardStatus.ACTIVE, "0", None, None, False, [], None, None, False,
    ),
    Kind.LOAN: (None, None, None, "book", _EPOCH, None, 0, ""),
    Kind.HOLD: (None, None, None, _EPOCH, "", HoldStatus.WAITING, None),
    Kind.DEBT: (None, None, "", "", {}, _EPOCH),
    Kind.SETTINGS: (None, None, "", _EPOCH),
    Kind.NOTICE: (None, "", {}, None, None, "notice", {}),
    Kind.STATION_KEY: (None, "", None, None),
}  # fmt: skip
"""What each column of `COLUMNS` is when nobody says; None where it may be empty, or must be said."""
_MUST: dict[Kind, tuple[int, ...]] = {
    Kind.TITLE: (0,),
    Kind.ITEM: (0, 1),
    Kind.PATRON: (0,),
    Kind.LOAN: (0, 1, 2, 5),
    Kind.HOLD: (0, 1, 2),
    Kind.DEBT: (0, 1),
    Kind.SETTINGS: (0, 1),
    Kind.NOTICE: (0, 3, 4),
    Kind.STATION_KEY: (0, 2),
}


class Malformed(Exception):
    """A row of the centre that cannot be kept; the message names its kind, its key and what is wrong with it."""

    def __init__(self, kind: str, key: str, why: str) -> None:
        super().__init__(f"the centre told of {kind} {key}, and it cannot be kept: {why}")
        self.kind = kind
        self.key = key


def values_of(kind: Kind, key: str, row: Row) -> Values:
    """Make a table's values of *row*, in the order of `COLUMNS`. Raises: Malformed."""
    try:
        return _READ[kind](_whole(kind, row))
    except (ValueError, TypeError, InvalidOperation, AttributeError) as error:
        raise Malformed(kind, key, str(error)) from error


def _whole(kind: Kind, row: Row) -> list[Any]:
    defaults = _DEFAULTS[kind]
    said = [default if value is None else value for value, default in zip(row, defaults, strict=False)]
    said += defaults[len(said) :]
    for index in _MUST[kind]:
        if said[index] is None:
            raise ValueError(f"column {index + 1} says nothing")
    if not isinstance(said[0], str):
        raise TypeError("its name is no text")
    return said


def moment(said: str) -> str:
    """Write a moment the way the station's tables keep it, so that it sorts."""
    if len(said) == _PRECISE and said[-1] == "Z" and said[10] == "T":
        return said
    read = datetime.fromisoformat(said)
    if read.tzinfo is None:
        raise ValueError(f"{said} says no time zone")
    return read.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment_or_none(said: str | None) -> str | None:
    return None if said is None else moment(said)


def _day(said: str | None) -> str | None:
    return None if said is None else date.fromisoformat(said).isoformat()


def _amount(said: str) -> str:
    amount = Decimal(str(said))
    if not amount.is_finite():
        raise ValueError(f"{said} is no amount")
    return str(amount)


def _one_of(words: type[StrEnum], said: str) -> str:
    return words(said).value


def _list(said: list[Any]) -> str:
    if not isinstance(said, list):
        raise TypeError(f"{said!r} is no list")
    return json.dumps(said, ensure_ascii=False) if said else "[]"


def _words(said: Any) -> str:
    """Keep a document as JSON text; a text stays as it is."""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, sort_keys=True)


def _title(said: list[Any]) -> Values:
    said[3] = None if said[3] is None else int(said[3])
    said[5] = int(said[5])
    said[6], said[8], said[9] = _list(said[6]), _list(said[8]), _list(said[9])
    said[13], said[14] = int(bool(said[13])), int(bool(said[14]))
    said[16] = _moment_or_none(said[16])
    return tuple(said)


def _item(said: list[Any]) -> Values:
    said[4] = _one_of(ItemStatus, said[4])
    said[6] = int(said[6])
    said[8] = json.dumps([[str(name), str(kind)] for name, kind in said[8]], ensure_ascii=False)
    return tuple(said)


def _patron(said: list[Any]) -> Values:
    said[6], said[7] = _day(said[6]), _day(said[7])
    said[8] = _one_of(CardStatus, said[8])
    said[9] = _amount(said[9])
    said[12] = int(bool(said[12]))
    said[16] = int(bool(said[16]))
    said[13] = tuple(_card(card) for card in said[13])
    return tuple(said)


def _card(said: Row) -> tuple[str | None, str | None, str]:
    number, uid, status = said[:3]
    if number is None and uid is None:
        raise ValueError("a card has neither a number nor a UID")
    return number, None if uid is None else uid.upper(), _one_of(CardStatus, status)


def _loan(said: list[Any]) -> Values:
    said[4], said[5], said[6] = moment(said[4]), _day(said[5]), int(said[6])
    return tuple(said)


def _hold(said: list[Any]) -> Values:
    said[3], said[5] = moment(said[3]), _one_of(HoldStatus, said[5])
    return tuple(said)


def _debt(said: list[Any]) -> Values:
    said[4], said[5] = _words(said[4]), moment(said[5])
    return tuple(said)


def _settings(said: list[Any]) -> Values:
    said[1], said[3] = int(said[1]), moment(said[3])
    return tuple(said)


def _notice(said: list[Any]) -> Values:
    said[2], said[3], said[4] = _words(said[2]), _day(said[3]), _day(said[4])
    said[5], said[6] = str(said[5]), _words(said[6])
    return tuple(said)


def _station_key(said: list[Any]) -> Values:
    if len(b64decode(said[2], validate=True)) != _KEY_BYTES:
        raise ValueError("its key is none: 32 bytes in base64 are wanted")
    said[3] = _moment_or_none(said[3])
    return tuple(said)


_READ: dict[Kind, Callable[[list[Any]], Values]] = {
    Kind.TITLE: _title,
    Kind.ITEM: _item,
    Kind.PATRON: _patron,
    Kind.LOAN: _loan,
    Kind.HOLD: _hold,
    Kind.DEBT: _debt,
    Kind.SETTINGS: _settings,
    Kind.NOTICE: _notice,
    Kind.STATION_KEY: _station_key,
}
