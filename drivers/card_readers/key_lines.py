"""What the PC/SC process asks of the station's keys, and what it is answered: one JSON object per line.

The keys stay in the station's process: the one that talks to cards asks for the two steps of a handshake and gets the
keys of that one session. Answers carry the number of their question, so a late one is nobody's.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Verdict(StrEnum):
    GOOD = "good"
    NOT_PROVEN = "not proven"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class BeginProof:
    """A card's challenge, to be answered with the key of *role*; the answer's `data` is the command."""

    number: int
    role: str
    uid: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class FinishProof:
    """The card's proof of the handshake begun last; the answer's `data` are the keys of the session."""

    number: int
    proof: bytes


@dataclass(frozen=True, slots=True)
class CheckSun:
    """The SUN message of one tap; the answer's `data` is its UID and its counter in 3 bytes, last byte first."""

    number: int
    url: str


KeyQuestion = BeginProof | FinishProof | CheckSun


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The answer to question *number*. *why* is for the log and names no card."""

    number: int
    verdict: Verdict
    data: bytes = b""
    why: str = ""

    def __repr__(self) -> str:
        return f"KeyAnswer({self.number}, {self.verdict})"

    def to_line(self) -> bytes:
        fields = {"to": self.number, "verdict": self.verdict, "data": self.data.hex(), "why": self.why}
        return json.dumps(fields).encode("ascii") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Read one line. Raises: ValueError - not one of ours; it is not quoted."""
        try:
            fields = json.loads(line)
            return cls(fields["to"], Verdict(fields["verdict"]), bytes.fromhex(fields["data"]), fields["why"])
        except (KeyError, TypeError, ValueError):
            raise ValueError(f"a line of {len(line)} bytes is no answer about keys") from None


def question_fields(question: KeyQuestion) -> dict[str, object]:
    match question:
        case BeginProof(number, role, uid, challenge):
            return {"say": "begin proof", "number": number, "role": role, "uid": uid, "data": challenge.hex()}
        case FinishProof(number, proof):
            return {"say": "finish proof", "number": number, "data": proof.hex()}
        case CheckSun(number, url):
            return {"say": "check sun", "number": number, "url": url}


def question_from(fields: dict[str, Any]) -> KeyQuestion:
    """Raises: KeyError; TypeError; ValueError."""
    match fields["say"]:
        case "begin proof":
            return BeginProof(fields["number"], fields["role"], fields["uid"], bytes.fromhex(fields["data"]))
        case "finish proof":
            return FinishProof(fields["number"], bytes.fromhex(fields["data"]))
        case "check sun":
            return CheckSun(fields["number"], fields["url"])
        case _:
            raise ValueError("a line says something unheard of")
