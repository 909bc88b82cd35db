"""What the PC/SC process tells the driver: one JSON object per line. Values here, ASCII bytes on the pipe."""

import json
from dataclasses import dataclass
from typing import Any

from drivers.card_readers.key_lines import (
    BeginProof,
    CheckSun,
    FinishProof,
    KeyQuestion,
    question_fields,
    question_from,
)
from kiosk.circulation.model import CardNumber
from kiosk.devices import CardChange, CardFailed, CardFault, CardIdentity, CardInserted, CardTaken


@dataclass(frozen=True, slots=True)
class Beat:
    """I live, and the service answers me."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Cards can be read on *slots*; *missing* are configured card readers that are not there."""

    slots: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotReady:
    """No card can be read now. *why* says what to do, in the technician's words."""

    why: str


Line = Beat | Ready | NotReady | CardChange | KeyQuestion


def to_line(said: Line) -> bytes:
    """Write one value as a line."""
    match said:
        case Beat():
            fields: dict[str, object] = {"say": "beat"}
        case Ready(slots, missing):
            fields = {"say": "ready", "slots": slots, "missing": missing}
        case NotReady(why):
            fields = {"say": "not ready", "why": why}
        case CardInserted(slot, card, lay_there):
            fields = {"say": "inserted", "slot": slot, "scheme": card.scheme, "uid": card.uid}
            fields |= {"number": card.number, "lay_there": lay_there}
            fields |= {"proven": card.proven, "asked": card.asked, "counter": card.counter}
        case CardFailed(slot, fault):
            fields = {"say": "failed", "slot": slot, "fault": fault}
        case CardTaken(slot):
            fields = {"say": "taken", "slot": slot}
        case BeginProof() | FinishProof() | CheckSun():
            fields = question_fields(said)
    return json.dumps(fields).encode("ascii") + b"\n"


def from_line(line: bytes) -> Line:
    """Read one line. Raises: ValueError - not one of ours; the line is not quoted, it may name a card."""
    try:
        return _from_fields(json.loads(line))
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"a line of {len(line)} bytes is not understood ({type(fault).__name__})") from None


def _from_fields(fields: dict[str, Any]) -> Line:
    match fields["say"]:
        case "beat":
            return Beat()
        case "ready":
            return Ready(tuple(fields["slots"]), tuple(fields["missing"]))
        case "not ready":
            return NotReady(fields["why"])
        case "inserted":
            number = fields["number"] if fields["number"] is None else CardNumber(fields["number"])
            told = {name: fields[name] for name in ("proven", "asked", "counter")}
            card = CardIdentity(fields["scheme"], fields["uid"], number, **told)
            return CardInserted(fields["slot"], card, fields["lay_there"])
        case "failed":
            return CardFailed(fields["slot"], CardFault(fields["fault"]))
        case "taken":
            return CardTaken(fields["slot"])
        case _:
            return question_from(fields)
