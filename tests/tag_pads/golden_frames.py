"""Frames seen on real FEIG lines, or laid out after the manual: one list for codec and simulated pad."""

import json
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent.parent / "golden" / "feig_wire.json"


@dataclass(frozen=True)
class Exchange:
    name: str
    request: bytes | None
    reply: bytes | None
    meaning: str


def _bytes(told: str | None) -> bytes | None:
    return bytes.fromhex(told) if told else None


EXCHANGES = [
    Exchange(each["name"], _bytes(each["request"]), _bytes(each["reply"]), each["meaning"])
    for each in json.loads(_FILE.read_text(encoding="utf-8"))
]
BY_NAME = {each.name: each for each in EXCHANGES}
REQUESTS = [each for each in EXCHANGES if each.request]
REPLIES = [each for each in EXCHANGES if each.reply]
