"""The line to a FEIG pad: one request, one reply, in the rhythm the pad asks for. What they mean is
`feig.py`'s business.

A reply belongs to its request. When one is missing or garbled, the next exchange begins with a ping (0x52):
a pad answers in order, so once the ping is answered every earlier reply is out and has been thrown away.
"""

import logging
import time
from dataclasses import dataclass, field

from drivers import wire_taps
from drivers.serial_port import SerialPort
from drivers.tag_pads.feig_frames import ANY_ADDRESS, PAUSE, Code, FrameError, FrameSplitter, Reply, Request
from kiosk.devices import DeviceLost

log = logging.getLogger("drivers.tag_pads.feig")

TRIES = 3
SLOW_GAP = 0.005
"""PSST by default: seconds of silence before a request, until the pad told its own."""
PING_WITHIN = 0.25
_ALLOWANCE = 0.25  # seconds an answer may be later than TR-RESPONSE-TIME: adapters, a busy computer
_GARBLED_AFTER = 0.05  # seconds of silence in the middle of a frame
_LONGEST_TALK = 600  # bytes of the longest request and reply
_BITS_PER_BYTE = 11


class NoReplyError(Exception):
    """A request was not answered, or not with a whole frame. Whether the pad did it is unknown."""


@dataclass(slots=True)
class FeigLine:
    """Exchanges frames with a pad. The attributes are the pad's own limits, set once they are known."""

    port: SerialPort
    address: int = ANY_ADDRESS
    advanced: bool = True
    gap: float = SLOW_GAP
    slow_gap: float = SLOW_GAP
    response_time: float = 3.0
    _splitter: FrameSplitter = field(default_factory=FrameSplitter)
    _frames: list[bytes] = field(default_factory=list)
    _heard: float = 0.0
    _in_doubt: bool = False

    def ask(self, code: int, body: bytes = b"") -> Reply:
        """Exchange a request that may be repeated without harm, up to three times. Raises: DeviceLost."""
        for _ in range(TRIES):
            try:
                return self.exchange(code, body)
            except NoReplyError as missing:
                log.warning("%s: %s", self.port.path, missing)
        raise self.lost()

    def exchange(self, code: int, body: bytes = b"") -> Reply:
        """Send one request and return its reply. Raises: NoReplyError; DeviceLost."""
        if self._in_doubt:
            self._settle_doubt()
        wire = _LONGEST_TALK * _BITS_PER_BYTE / self.port.baud
        return self._exchange(code, body, self.response_time + wire + _ALLOWANCE)

    def ping(self, code: int = Code.BAUD_DETECT, body: bytes = b"\0") -> Reply:
        """Ask something the pad answers at once. Raises: NoReplyError; DeviceLost."""
        return self._exchange(code, body, PING_WITHIN + 2 * _LONGEST_TALK / self.port.baud)

    def lost(self) -> DeviceLost:
        """Make the error for a pad that stopped answering."""
        return DeviceLost(f"FEIG pad on {self.port.path} stopped answering: check its power and cable")

    def close(self) -> None:
        self.port.close()

    def _settle_doubt(self) -> None:
        for _ in range(TRIES):
            try:
                self.ping()
            except NoReplyError:
                continue
            self._in_doubt = False
            return
        raise self.lost()

    def _exchange(self, code: int, body: bytes, within: float) -> Reply:
        frame = Request(code, body, self.address, self.advanced).to_bytes()
        self._keep_gap()
        self._throw_away()
        self.port.send(frame)
        wire_taps.hear(self.port.path, frame, outgoing=True)
        log.debug("> %s", frame.hex(" "))
        deadline = time.perf_counter() + within
        while (raw := self._next_frame(deadline)) is not None:
            wire_taps.hear(self.port.path, raw, outgoing=False)
            log.debug("< %s", raw.hex(" "))
            if (reply := _parse(raw)) is not None and reply.code == code:
                return reply
            log.info("%s: threw away a reply to an earlier request", self.port.path)
        self._in_doubt = True
        self.gap = self.slow_gap  # perhaps it was asked too soon: it may have restarted with its own settings
        raise NoReplyError(f"no whole reply to command 0x{code:02X}, {self._splitter.pending} stray bytes")

    def _keep_gap(self) -> None:
        """A pad is deaf for a moment after its reply."""
        if (left := self._heard + self.gap - time.perf_counter()) > 0:
            time.sleep(left)

    def _throw_away(self) -> None:
        self._splitter.forget()
        self._frames.clear()
        if stray := self.port.drain():
            log.debug("< %s (nobody asked)", stray.hex(" "))

    def _next_frame(self, deadline: float) -> bytes | None:
        while not self._frames:
            left = deadline - time.perf_counter()
            if left <= 0:
                return None
            if chunk := self.port.receive(min(left, PAUSE) if self._splitter.pending else left):
                self._heard = time.perf_counter()
                self._frames += self._splitter.feed(chunk)
            elif self._splitter.pending:
                self._frames += self._splitter.pause()
                if not self._frames and time.perf_counter() - self._heard > _GARBLED_AFTER:
                    return None
        return self._frames.pop(0)


def _parse(raw: bytes) -> Reply | None:
    try:
        return Reply.from_bytes(raw)
    except FrameError:
        return None  # a whole frame too short to be a reply


BAUD_RATES = (38400, 115200, 57600, 19200, 9600, 4800, 230400)


def open_line(path: str, baud: int, parity: str, address: int = ANY_ADDRESS) -> tuple[FeigLine, bytes]:
    """Find the pad: advanced frames, then standard, then the next baud rate; the configured one comes first.

    Returns the line and the pad's software version (0x65). Raises: DeviceLost.
    """
    for rate in (baud, baud, *(rate for rate in BAUD_RATES if rate != baud)):
        line = FeigLine(SerialPort(path, rate, parity), address)
        try:
            version = _find_frame_kind(line)
        except BaseException:
            line.close()
            raise
        if version is not None:
            return line, version
        line.close()
    raise DeviceLost(
        f"no FEIG pad answered on {path} at any baud rate: check its power, the cable, `port` and `parity`"
    )


def _find_frame_kind(line: FeigLine) -> bytes | None:
    """Settle on standard frames where the pad speaks them: request and reply are two bytes shorter each."""
    advanced = _ask_version(line, advanced=True)
    standard = _ask_version(line, advanced=False)
    line.advanced = standard is None
    return advanced if standard is None else standard


def _ask_version(line: FeigLine, *, advanced: bool) -> bytes | None:
    line.advanced = advanced
    try:
        reply = line.ping(Code.SOFTWARE_VERSION, b"")
    except NoReplyError:
        return None
    return reply.body if reply.advanced == advanced else None
