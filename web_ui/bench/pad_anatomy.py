"""Frames of pads taken apart for the eye, whichever pad stands on the table.

A frame says itself whose it is: 3M's begin with D6 or D5 and hold their length, which no FEIG frame does; Elatec's are
hex digits and a carriage return.
"""

from collections.abc import Mapping

Cuts = list[tuple[str, bytes]]
"""Roles and the bytes that have them, in order."""

_FEIG_COMMANDS: Mapping[int, str] = {
    0x52: "baud rate?", 0x63: "restart", 0x64: "restart system", 0x65: "software version?", 0x66: "description?",
    0x69: "reset field", 0x6A: "switch field", 0x6E: "diagnosis?", 0x71: "signal", 0x72: "signal", 0x80: "read setting",
    0x81: "write setting", 0x82: "save settings", 0xB0: "tag", 0xB1: "tag, custom",
}  # fmt: skip
_FEIG_TAG_COMMANDS: Mapping[int, str] = {
    0x01: "what lies there?", 0x02: "stay quiet", 0x22: "lock blocks", 0x23: "read blocks", 0x24: "write blocks",
    0x25: "select", 0x26: "wake", 0x27: "write AFI", 0x28: "lock AFI", 0x2B: "system information", 0x2C: "lock state?",
}  # fmt: skip
_FEIG_STATUS: Mapping[int, str] = {
    0x00: "ok", 0x01: "no tag", 0x02: "bad data", 0x03: "write error", 0x80: "unknown command", 0x83: "tag lost",
    0x84: "antenna warning", 0x94: "more follows", 0x95: "the tag refused",
}  # fmt: skip
_THREEM_COMMANDS: Mapping[int, str] = {
    0x01: "stay quiet", 0x02: "read blocks", 0x03: "EAS?", 0x04: "write blocks", 0x05: "write block", 0x06: "lock AFI",
    0x07: "write and lock block", 0x08: "lock block", 0x09: "write AFI", 0x0A: "AFI?", 0x0B: "write DSFID",
    0x0C: "switch EAS", 0x0D: "tag information?", 0x0E: "lock DSFID", 0x0F: "DSFID?", 0x11: "version?",
    0x14: "tag, passed on", 0xFE: "what lies there?",
}  # fmt: skip
_THREEM_ERRORS: Mapping[int, str] = {
    0x00: "ok", 0x02: "unknown command", 0x06: "no tag", 0x11: "no such memory", 0x12: "locked", 0x15: "not read",
    0x16: "not written", 0x30: "not on this tag", 0x31: "no such option", 0x32: "no such value",
}  # fmt: skip


_ELATEC_FUNCTIONS: Mapping[bytes, str] = {
    b"0004": "version?", b"0500": "what lies there?", b"0501": "switch field off", b"0502": "kinds of tags",
    b"0D00": "tag, passed on", b"0D01": "tag information?", b"0D05": "read block", b"0D07": "write block",
}  # fmt: skip


def pad_frame(data: bytes, outgoing: bool) -> tuple[Cuts, str]:
    """Cut a frame of any pad."""
    if _is_threem(data):
        return _threem_frame(data, outgoing)
    return _elatec_line(data, outgoing) if _is_elatec(data) else _feig_frame(data, outgoing)


def _is_elatec(data: bytes) -> bool:
    return data[-1:] == b"\r" and data[:-1].isalnum() and data.isascii()


def _elatec_line(data: bytes, outgoing: bool) -> tuple[Cuts, str]:
    """Cut a line of an Elatec TWN4: FUNCTION BODY, or ERROR BODY (TWN4 Simple Protocol, sections 1.1 and 1.2)."""
    head = 4 if outgoing else 2
    cuts = [("command" if outgoing else "status", data[:head]), ("body", data[head:-1]), ("check", data[-1:])]
    if outgoing:
        return cuts, _ELATEC_FUNCTIONS.get(data[:head].upper(), "command")
    return cuts, "ok" if data[:head] == b"00" else "says no"


def _is_threem(data: bytes) -> bool:
    return data[:1] in {b"\xd6", b"\xd5"} and _number(data[1:3]) == len(data) - 3


def _threem_frame(data: bytes, outgoing: bool) -> tuple[Cuts, str]:
    """Cut a 3M frame: START LEN LEN CMD [ERR] FIELDS CRC CRC (3M Model 210 specification, section 2)."""
    body_at, end = 4 if outgoing else 5, max(5, len(data) - 2)
    cuts = [
        ("address", data[:1]),
        ("length", data[1:3]),
        ("command", data[3:4]),
        ("status", data[4:body_at]),
        ("body", data[body_at:end]),
        ("check", data[end:]),
    ]
    name = "begin" if data[0] == 0xD5 else _THREEM_COMMANDS.get(_number(data[3:4]), "command")
    return cuts, name if outgoing else f"{name.rstrip('?')}: {_THREEM_ERRORS.get(_number(data[4:5]), 'says no')}"


def _feig_frame(data: bytes, outgoing: bool) -> tuple[Cuts, str]:
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
    return cuts, _feig_words(data[head + 1 : head + 2], data[head + 2 : body_at], data[body_at:end])


def _feig_words(command: bytes, status: bytes, body: bytes) -> str:
    name = _FEIG_COMMANDS.get(_number(command), "command")
    if status:
        return f"{name}: {_FEIG_STATUS.get(_number(status), 'says no')}"
    if name == "tag":
        return _FEIG_TAG_COMMANDS.get(_number(body[:1]), name)
    return name


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
