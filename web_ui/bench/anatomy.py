"""Bytes taken apart for the eye: which part of a frame is what, and a few words on what it says.

For looking at only: no CRC is checked and a frame cut short is shown as far as it goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from web_ui.bench.library_anatomy import library_message
from web_ui.bench.pad_anatomy import Cuts, pad_frame
from web_ui.bench.port import Channel, WireBytes


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a frame as hex, or letters as they are, and their role: the style sheet colours by it."""

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
    """Name the parts of a pad frame, an APDU, or a message to a library system."""
    if wire.channel is Channel.LIBRARY:
        texts, words = library_message(wire.data, wire.outgoing)
        return _line(wire, tuple(Part(role, piece) for role, piece in texts if piece), words)
    anatomy = pad_frame if wire.channel is Channel.PAD else _apdu
    cuts, words = anatomy(wire.data, wire.outgoing)
    return _line(wire, tuple(Part(role, piece.hex(" ").upper()) for role, piece in cuts if piece), words)


def _line(wire: WireBytes, parts: tuple[Part, ...], words: str) -> WireLine:
    return WireLine(wire.number, wire.channel, wire.outgoing, parts, words, wire.at)


def _apdu(data: bytes, outgoing: bool) -> tuple[Cuts, str]:
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
