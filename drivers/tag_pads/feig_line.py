"""The line to a FEIG pad: its frames, in the rhythm the pad asks for. What they mean is `feig.py`'s business.

Source: FEIG H01113-4e and H20800-16e, chapter "Data transmission".
"""

import logging
import time
from dataclasses import dataclass, field

from drivers.serial_port import SerialPort
from drivers.tag_pads.feig_frames import ANY_ADDRESS, PAUSE, Code, FrameError, Reply, Request, frame_splitter
from drivers.tag_pads.pad_line import NoReplyError, PadLine
from kiosk.devices import DeviceLost

log = logging.getLogger("drivers.tag_pads.feig")

SLOW_GAP = 0.005
"""PSST by default: seconds of silence before a request, until the pad told its own."""
PING_WITHIN = 0.25
_ALLOWANCE = 0.25  # seconds an answer may be later than TR-RESPONSE-TIME: adapters, a busy computer
_LONGEST_TALK = 600  # bytes of the longest request and reply
_BITS_PER_BYTE = 11


@dataclass(slots=True)
class FeigLine:
    """Exchanges frames with a pad. The attributes are the pad's own limits, set once they are known."""

    port: SerialPort
    address: int = ANY_ADDRESS
    advanced: bool = True
    gap: float = SLOW_GAP
    slow_gap: float = SLOW_GAP
    response_time: float = 3.0
    _talk: PadLine[Reply] = field(init=False)

    def __post_init__(self) -> None:
        self._talk = PadLine(self.port, "FEIG pad", frame_splitter(), _parse, pause=PAUSE, log=log)

    def ask(self, code: int, body: bytes = b"") -> Reply:
        """Exchange a request that may be repeated without harm, up to three times. Raises: DeviceLost."""
        return self._talk.persist(lambda: self.exchange(code, body))

    def exchange(self, code: int, body: bytes = b"") -> Reply:
        """Send one request and return its reply. Raises: NoReplyError; DeviceLost."""
        self._talk.settle(self.ping)
        wire = _LONGEST_TALK * _BITS_PER_BYTE / self.port.baud
        return self._exchange(code, body, self.response_time + wire + _ALLOWANCE)

    def ping(self, code: int = Code.BAUD_DETECT, body: bytes = b"\0") -> Reply:
        """Ask something the pad answers at once. Raises: NoReplyError; DeviceLost."""
        return self._exchange(code, body, PING_WITHIN + 2 * _LONGEST_TALK / self.port.baud)

    def lost(self) -> DeviceLost:
        """Make the error for a pad that stopped answering."""
        return self._talk.lost()

    def close(self) -> None:
        self._talk.close()

    def _exchange(self, code: int, body: bytes, within: float) -> Reply:
        frame = Request(code, body, self.address, self.advanced).to_bytes()
        self._keep_gap()
        try:
            return self._talk.exchange(frame, lambda reply: reply.code == code, within)
        except NoReplyError:
            self.gap = self.slow_gap  # perhaps it was asked too soon: it may have restarted with its own settings
            raise

    def _keep_gap(self) -> None:
        """A pad is deaf for a moment after its reply."""
        if (left := self._talk.heard + self.gap - time.perf_counter()) > 0:
            time.sleep(left)


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
