"""Bytes taken apart for the eye: which part of a frame is what, and a few words on what it says.

For looking at only: no CRC is checked and a frame cut short is shown as far as it goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from web_ui.bench.port import Channel, WireBytes


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a frame as hex, and their role: the style sheet colours by it."""

    role: str
    hex: str


@dataclass(frozen=True, slots=True)
class WireLine:
    """One frame, ready to show; `at` is the station it went by at."""

    number: int
    channel: str
    outgoing: bool
    parts: tuple[Part, ...]
    words: str
    at: str


_PAD_COMMANDS: Mapping[int, str] = {
    0x52: "baud rate?", 0x63: "restart", 0x64: "restart system", 0x65: "software version?", 0x66: "description?",
    0x69: "reset field", 0x6A: "switch field", 0x6E: "diagnosis?", 0x71: "signal", 0x72: "signal", 0x80: "read setting",
    0x81: "write setting", 0x82: "save settings", 0xB0: "tag", 0xB1: "tag, custom",
}  # fmt: skip
_TAG_COMMANDS: Mapping[int, str] = {
    0x01: "what lies there?", 0x02: "stay quiet", 0x22: "lock blocks", 0x23: "read blocks", 0x24: "write blocks",
    0x25: "select", 0x26: "wake", 0x27: "write AFI", 0x28: "lock AFI", 0x2B: "system information", 0x2C: "lock state?",
}  # fmt: skip
_PAD_STATUS: Mapping[int, str] = {
    0x00: "ok", 0x01: "no tag", 0x02: "bad data", 0x03: "write error", 0x80: "unknown command", 0x83: "tag lost",
    0x84: "antenna warning", 0x94: "more follows", 0x95: "the tag refused",
}  # fmt: skip
_CARD_COMMANDS: Mapping[int, str] = {
    0xA4: "select", 0xB0: "read binary", 0xCA: "UID?", 0xAF: "go on", 0x5A: "select application",
    0xAA: "authenticate", 0x71: "authenticate", 0x77: "authenticate", 0xBD: "read file", 0xAD: "read file",
    0x82: "authenticate", 0x60: "version?",
}  # fmt: skip
_CARD_STATUS: Mapping[int, str] = {
    0x9000: "ok", 0x9100: "ok", 0x91AF: "more follows", 0x6282: "end of file", 0x6A82: "not found",
    0x6A81: "not supported", 0x6D00: "unknown command", 0x6E00: "unknown class", 0x6700: "wrong length",
    0x6982: "not allowed", 0x91AE: "wrong key", 0x919D: "not allowed", 0x91A0: "no such application",
}  # fmt: skip


def take_apart(wire: WireBytes) -> WireLine:
    """Name the parts of a pad frame or an APDU."""
    anatomy = _pad_frame if wire.channel is Channel.PAD else _apdu
    cuts, words = anatomy(wire.data, wire.outgoing)
    parts = tuple(Part(role, piece.hex(" ").upper()) for role, piece in cuts if piece)
    return WireLine(wire.number, wire.channel, wire.outgoing, parts, words, wire.at)


_Cuts = list[tuple[str, bytes]]


def _pad_frame(data: bytes, outgoing: bool) -> tuple[_Cuts, str]:
    """Cut a FEIG frame: [02 LEN LEN | LEN] ADR CODE [STATUS] BODY CRC CRC (FEIG H20800-16e, "Data transmission")."""
    head = 3 if data[:1] == b"\x02" else 1
    body_at = head + 2 + (0 if outgoing else 1)
    end = max(body_at, len(data) - 2)
    cuts = [
        ("length", data[:head]),
        ("address", data[head : head + 1]),
        ("command", data[head + 1 : head + 2]),
        ("status", data[head + 2 : body_at]),
        ("body", data[body_at:end]),
        ("check", data[end:]),
    ]
    return cuts, _pad_words(data[head + 1 : head + 2], data[head + 2 : body_at], data[body_at:end])


def _pad_words(command: bytes, status: bytes, body: bytes) -> str:
    name = _PAD_COMMANDS.get(_number(command), "command")
    if status:
        return f"{name}: {_PAD_STATUS.get(_number(status), 'says no')}"
    if name == "tag":
        return _TAG_COMMANDS.get(_number(body[:1]), name)
    return name


def _apdu(data: bytes, outgoing: bool) -> tuple[_Cuts, str]:
    """Cut an APDU: CLA INS P1 P2 [Lc DATA] [Le], or DATA SW1 SW2 (ISO/IEC 7816-4, section 5)."""
    if not outgoing:
        status = data[-2:]
        return [("body", data[:-2]), ("status", status)], _CARD_STATUS.get(_number(status), "says no")
    filled = data[4] if len(data) > 5 else 0
    cuts = [
        ("address", data[:1]),
        ("command", data[1:2]),
        ("parameter", data[2:4]),
        ("length", data[4:5]),
        ("body", data[5 : 5 + filled]),
        ("length", data[5 + filled :]),
    ]
    return cuts, _CARD_COMMANDS.get(_number(data[1:2]), "command")


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
