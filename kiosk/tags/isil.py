"""The compaction ISO 28560-2 keeps for ISILs: letters in 5 bits, digits in 4, with latches and shifts.

    upper (5 bits)   - A..Z :   28 latch lower   29 shift lower   30 latch digit   31 shift digit
    lower (5 bits)   - a..z /   28 latch upper   29 shift upper   30 latch digit   31 shift digit
    digit (4 bits)   0..9 - :   12 latch upper   13 shift upper   14 latch lower   15 shift lower

It begins in upper, a shift holds for one sign, and ones fill the last byte.
Source: ISO 28560-2, annex on the ISIL; its example in annex D is `US-InU-Mu`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kiosk.tags.model import BadTag

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGNS = {"upper": f"-{_LETTERS}:", "lower": f"-{_LETTERS.lower()}/", "digit": "0123456789-:"}
_WIDTH = {"upper": 5, "lower": 5, "digit": 4}
_SWITCHES = {
    "upper": {28: ("lower", True), 29: ("lower", False), 30: ("digit", True), 31: ("digit", False)},
    "lower": {28: ("upper", True), 29: ("upper", False), 30: ("digit", True), 31: ("digit", False)},
    "digit": {12: ("upper", True), 13: ("upper", False), 14: ("lower", True), 15: ("lower", False)},
}
_SWITCH_TO = {start: {turn: code for code, turn in codes.items()} for start, codes in _SWITCHES.items()}


def expand_isil(raw: bytes) -> str:
    """Read an ISIL. Never fails: a switch with too few bits behind it is the padding."""
    bits = "".join(f"{octet:08b}" for octet in raw)
    text, table, once, at = "", "upper", "", 0
    while at + _WIDTH[now := once or table] <= len(bits):
        code = int(bits[at : at + _WIDTH[now]], 2)
        at += _WIDTH[now]
        if code < len(_SIGNS[now]):
            text += _SIGNS[now][code]
            once = ""
            continue
        target, stays = _SWITCHES[now][code]
        table, once = (target, "") if stays else (table, target)
    return text


def compact_isil(isil: str) -> bytes:
    """Write an ISIL in the fewest bits; of equals the one with fewer latches, like the standard's examples.

    Raises: BadTag - a sign no ISIL has.
    """
    best = {"upper": _Written()}
    for sign in isil:
        best = _shortest(way for table, written in best.items() for way in _ways(table, written, sign))
        if not best:
            raise BadTag(f"{sign!r} in owner {isil!r} cannot stand in an ISIL; use A-Z a-z 0-9 / : -")
    bits = min(best.values(), key=_cost).bits
    bits += "1" * (-len(bits) % 8)
    return int(f"0{bits}", 2).to_bytes(len(bits) // 8, "big")


class _Written(NamedTuple):
    bits: str = ""
    latches: int = 0


def _cost(written: _Written) -> tuple[int, int]:
    return len(written.bits), written.latches


def _ways(table: str, written: _Written, sign: str) -> list[tuple[str, _Written]]:
    """List how *sign* may follow: in this table, after a latch, or after a shift."""
    bits, latches = written
    ways = [(table, _Written(bits + _code(table, sign), latches))] if sign in _SIGNS[table] else []
    for (target, stays), switch in _SWITCH_TO[table].items():
        if sign in _SIGNS[target]:
            turned = f"{bits}{switch:0{_WIDTH[table]}b}{_code(target, sign)}"
            ways.append((target if stays else table, _Written(turned, latches + stays)))
    return ways


def _code(table: str, sign: str) -> str:
    return f"{_SIGNS[table].index(sign):0{_WIDTH[table]}b}"


def _shortest(ways: Iterable[tuple[str, _Written]]) -> dict[str, _Written]:
    """Keep the cheapest bits for every table one may be left in."""
    best: dict[str, _Written] = {}
    for table, written in ways:
        if table not in best or _cost(written) < _cost(best[table]):
            best[table] = written
    return best
