"""Frames seen on real lines, or laid out after the manuals: one list for codec and simulated pad of each protocol."""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "golden"


@dataclass(frozen=True)
class Exchange:
    name: str
    request: bytes | None
    reply: bytes | None
    meaning: str


def _bytes(told: str | None) -> bytes | None:
    return bytes.fromhex(told) if told else None


def _exchanges(name: str) -> list[Exchange]:
    return [
        Exchange(each["name"], _bytes(each["request"]), _bytes(each["reply"]), each["meaning"])
        for each in json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    ]


EXCHANGES = _exchanges("feig_wire.json")
BY_NAME = {each.name: each for each in EXCHANGES}
REQUESTS = [each for each in EXCHANGES if each.request]
REPLIES = [each for each in EXCHANGES if each.reply]
THREEM = _exchanges("threem_wire.json")
THREEM_BY_NAME = {each.name: each for each in THREEM}
ELATEC = _exchanges("elatec_wire.json")
