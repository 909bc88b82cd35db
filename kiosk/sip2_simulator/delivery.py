"""How a reply reaches the station, or does not: one socket, and what a fault makes of the bytes."""

import re
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress

from kiosk.library.sip2.checksums import checksum_of
from kiosk.sip2_simulator.faults import Fault, Rule

NOISE = b"\xff\x00~~ line noise ~~"
PIECES_APART_S = 0.002
MANY_PIECES = 20  # so many come apart in time as well; the rest follow at once, or a long reply would take for ever
_TRAILER = re.compile(rb"(?:AY([0-9]))?AZ[0-9A-Fa-f]{1,4}(?=\r|$)")


class Delivery:
    """Sends replies over one socket. `before` is what a late reply left to be sent first."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping
        self._held = b""
        self._sent_last = b""
        with suppress(OSError):  # a socket the station has closed already
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, raw: bytes, rule: Rule | None, first_segment: int = 0) -> bool:
        """Send a reply as a fault will have it. Return False when the connection is to be closed now."""
        match rule.fault if rule else None:
            case Fault.LOST_AFTER:
                return True
            case Fault.CLOSED_AFTER:
                return False
            case Fault.LATE:
                self._held += raw
                return True
            case Fault.CUT:
                self._write(self._held + raw[: len(raw) // 2])
                return False
            case Fault.SLOW if rule:
                self._stopping.wait(float(rule.value))
        before, self._held = self._held, b""
        if before or rule is None or rule.fault is not Fault.SPLIT:
            self._write(before + self._changed(raw, rule), first_segment)
        else:
            self._in_pieces(raw, int(rule.value))
        self._sent_last = raw
        return True

    def _changed(self, raw: bytes, rule: Rule | None) -> bytes:
        end = raw[len(raw.rstrip(b"\r\n")) :]
        match rule.fault if rule else None:
            case Fault.GLUED:
                return self._sent_last + raw
            case Fault.NOISE:
                return NOISE + end + raw
            case Fault.GARBAGE:
                return NOISE + end
            case Fault.BAD_CHECKSUM:
                return re.sub(rb"AZ([0-9A-Fa-f]{1,4})(?=\r|$)", _spoilt, raw)
            case Fault.BAD_SEQUENCE:
                return _other_number(raw)
        return raw

    def _write(self, raw: bytes, first_segment: int = 0) -> None:
        if first_segment and len(raw) > first_segment:
            self._connection.sendall(raw[:first_segment])
            time.sleep(PIECES_APART_S)
            raw = raw[first_segment:]
        self._connection.sendall(raw)

    def _in_pieces(self, raw: bytes, size: int) -> None:
        pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
        for number, piece in enumerate(pieces):
            self._connection.sendall(piece)
            if number < MANY_PIECES:
                time.sleep(PIECES_APART_S)

    def close(self, *, hard: bool = False) -> None:
        """Close the connection; *hard* resets it, so the other side sees an error rather than an end."""
        with suppress(OSError):
            if hard:
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif not isinstance(self._connection, ssl.SSLSocket):
                self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def _spoilt(found: "re.Match[bytes]") -> bytes:
    return b"AZ%04X" % (int(found[1], 16) ^ 0x0101)


def _other_number(raw: bytes) -> bytes:
    """Give the reply another sequence number, and a checksum that is right for it."""
    found = _TRAILER.search(raw)
    if found is None or found[1] is None:
        return raw
    body = raw[: found.start()] + b"AY%dAZ" % ((int(found[1]) + 5) % 10)
    return body + checksum_of(body).encode("ascii") + raw[found.end() :]
