"""The receipt printer: any ESC/POS printer on a device file, a serial port or the network.

A slip counts as printed when the printer says so, not when the bytes are gone: after it stands a question that
is answered in its turn (GS r), and while the printer works on it, it is asked in real time (DLE EOT) what stops
it. A printer that never answers is for `status = false`: then a slip counts as printed when it is sent.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.printers.escpos_status import (
    FORGET_AND_RECOVER,
    SEND_WHEN_PRINTED,
    TELL_NOTHING_UNASKED,
    AnswerSorter,
    Condition,
    Heard,
    Question,
)
from drivers.printers.printer_lines import PrinterLine, open_line
from drivers.printers.typesetter import Typesetter
from kiosk.devices import DeviceFacts, DeviceLost, DeviceRefused, PaperState, Slip

log = logging.getLogger(__name__)

_REAL_TIME_WITHIN = 1.0
_LOOK_EVERY = 0.3
_PIECE = 512  # a serial port of 9600 baud takes this in half a second


@dataclass(frozen=True, slots=True)
class EscposSettings:
    """Options of the driver.

    port              `/dev/usb/lp0`, `/dev/ttyUSB0`, `tcp://192.168.1.50:9100`
    profile           the printer's model in python-escpos' list; TM-T20II is 80 mm, POS-5890 58 mm
    code_page         `cp1251`, `cp1125`, ...: faster than pictures; `auto`: the best the profile has; empty: every line
                      is a picture
    code_page_number  the page's number in this printer, when the list has it wrong
    raster            paint every line, whatever the code page
    font              a TrueType file for the pictures; empty: the one that comes with the driver
    baud              of a serial port
    status            ask for paper and cover; false for a printer that never answers
    print_within      seconds a slip may take before the printer counts as lost; a station takes a device that
                      is silent for 10 s for dead
    """

    port: str
    profile: str = "TM-T20II"
    code_page: str = ""
    code_page_number: int | None = None
    raster: bool = False
    font: str = ""
    baud: int = 115200
    status: bool = True
    print_within: float = 7.0

    def typesetter(self) -> Typesetter:
        """Build the typesetter these settings describe. Raises: ValueError, saying what is wrong."""
        page = None if self.raster else self.code_page or None
        return Typesetter(self.profile, page, self.code_page_number, Path(self.font) if self.font else None)


class EscposPrinter:
    """An ESC/POS printer. *dial* opens the line to it; the usual one goes by the form of the port.

    Raises: DeviceLost; ValueError for settings that cannot be.
    """

    def __init__(self, settings: EscposSettings, dial: Callable[[str, int], PrinterLine] = open_line) -> None:
        self._settings = settings
        self._typesetter = settings.typesetter()
        self._answers: list[int] = []
        self._printed = False
        self._torn = False  # half a slip hangs out: it is cut off before the next one
        self._sorter = AnswerSorter()
        self._line = dial(settings.port, settings.baud)
        try:
            if settings.status:
                self._line.send(FORGET_AND_RECOVER)  # the half slip of a connection that was lost
                self._line.send(TELL_NOTHING_UNASKED)
            self.paper()
        except BaseException:
            self.close()
            raise

    def facts(self) -> DeviceFacts:
        return DeviceFacts(model=f"ESC/POS {self._settings.profile}", firmware="", port=self._settings.port)

    def paper(self) -> PaperState:
        """Say how the printer is; UNKNOWN when it is not asked (`status = false`)."""
        return self._condition().state if self._settings.status else PaperState.UNKNOWN

    def print(self, slip: Slip) -> None:
        """Print one slip and cut. Returns when it is on paper.

        Raises: DeviceRefused - no paper, cover open, also in the middle of the slip: the rest was dropped.
        """
        deadline = time.monotonic() + self._settings.print_within
        self._insist_on_working()
        frame = (self._typesetter.set_cut() if self._torn else b"") + self._typesetter.set_slip(slip)
        self._torn = True
        log.debug("%s: %d bytes", self._settings.port, len(frame))
        self._send(frame, deadline)
        if self._settings.status:
            self._await_printed(deadline)
        self._torn = False

    def close(self) -> None:
        """Let go of the printer. Never raises; may be called twice."""
        self._line.close()

    def _insist_on_working(self) -> None:
        if self._settings.status and (trouble := self._condition().trouble):
            raise DeviceRefused(f"printer {self._settings.port}: {trouble}")

    def _send(self, frame: bytes, deadline: float) -> None:
        for at in range(0, len(frame), _PIECE):
            if time.monotonic() >= deadline:
                raise self._too_slow("a higher `baud` or a `code_page` makes it faster")
            self._line.send(frame[at : at + _PIECE])

    def _await_printed(self, deadline: float) -> None:
        self._printed = False
        self._line.send(SEND_WHEN_PRINTED)
        while time.monotonic() < deadline:
            self._listen(_LOOK_EVERY)
            if self._printed:
                return
            try:
                self._insist_on_working()
            except DeviceRefused:
                self._line.send(FORGET_AND_RECOVER)
                self._ask(Question.OFFLINE)  # heard, so closing the line now cannot lose it
                raise
        raise DeviceLost(f"printer {self._settings.port} did not finish a slip in {self._settings.print_within:g} s")

    def _too_slow(self, remedy: str) -> DeviceLost:
        within = self._settings.print_within
        return DeviceLost(f"printer {self._settings.port} did not finish a slip in {within:g} s: {remedy}")

    def _condition(self) -> Condition:
        return Condition(
            offline=self._ask(Question.OFFLINE),
            error=self._ask(Question.ERROR),
            paper_sensor=self._ask(Question.PAPER),
        )

    def _ask(self, question: Question) -> int:
        self._answers.clear()
        self._line.send(question.request)
        deadline = time.monotonic() + _REAL_TIME_WITHIN
        while (left := deadline - time.monotonic()) > 0:
            self._listen(left)
            if self._answers:
                return self._answers[-1]
        raise DeviceLost(
            f"printer {self._settings.port} does not answer: is it switched on? If it prints but never answers,"
            " set `status = false`"
        )

    def _listen(self, timeout: float) -> None:
        """Sort what arrives: the answer in its turn may come between those in real time."""
        for answer in self._sorter.feed(self._line.receive(timeout)):
            if answer is Heard.PRINTED:
                self._printed = True
            elif isinstance(answer, int):
                self._answers.append(answer)
