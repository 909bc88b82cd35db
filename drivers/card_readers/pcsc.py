"""The PC/SC card reader: e-cards on any card reader pcscd knows. The driver the station opens.

The talking to PC/SC is done by a process of its own (`pcsc_service`), because nothing else can be freed from
a frozen pcscd or a card that never answers. This side reads its lines and holds a watch over it:

    the process died, or was silent for `silence` s        DeviceLost, and it is killed
    the service or every card reader away for `grace` s    DeviceLost, with what to do
    opened, and nothing ready within `open_within` s       DeviceLost, likewise

Opening succeeds once the service is up and a configured card reader is there, so the worker's "open again" is
the only recovery there is, and "the card reader is missing" is simply "it does not open". A restart of pcscd
shorter than the grace is not even seen. A card that lies there at opening is told and marked so: whether it was
tapped or forgotten, nobody can know. One card reader of several may be missing: the others go on, and facts()
names the missing one.
"""

import math
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from drivers.card_readers.key_clerk import KeyClerk
from drivers.card_readers.key_lines import BeginProof, CheckSun, FinishProof, KeyAnswer
from drivers.card_readers.pcsc_lines import Beat, NotReady, Ready, from_line
from drivers.card_readers.pcsc_orders import WatchOrders
from kiosk.devices import CardChange, DeviceFacts, DeviceLost
from kiosk.ecard.keys import CardKeys, NoKeys
from kiosk.ecard.schemes import SCHEMES

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class PcscSettings:
    """Options of the driver. Times in seconds.

    names        what the names of the card readers to use begin with; none: every one the service lists
    ignore       never use one with such a word in its name: a security module lies in its slot for ever
    scheme       how a card is asked who it is, a name in `kiosk.ecard.schemes.SCHEMES`
    socket       of the PC/SC service; empty: the system's
    settle       the same card back within this time is the same tap, and a lift is told after it
    silence, grace, open_within     see above
    """

    names: Sequence[str] = ()
    ignore: Sequence[str] = (" SAM",)
    scheme: str = "number"
    socket: str = ""
    settle: float = 1.5
    silence: float = 10.0
    grace: float = 0.5
    open_within: float = 3.0

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES:
            raise ValueError(f"card scheme {self.scheme!r} is not known; there are {', '.join(SCHEMES)}")


class PcscCardReader:
    """Every configured PC/SC card reader of the station, as one device. Raises: DeviceLost.

    *keys*: who can use the keys of cards, for the scheme `proven`; they never reach the PC/SC process.
    """

    def __init__(self, settings: PcscSettings | None = None, keys: CardKeys | None = None) -> None:
        self._settings = settings or PcscSettings()
        self._ready: Ready | None = None
        self._excuse = "the PC/SC process does not say what is wrong"
        self._changes: deque[CardChange] = deque()
        self._rest = b""
        self._heard_at = time.monotonic()
        self._lost_at = math.inf  # when the grace of a missing service or card reader ends
        self._clerk = KeyClerk(keys or NoKeys())
        self._process = _spawn(self._settings)
        try:
            self._await_ready(time.monotonic() + self._settings.open_within)
        except BaseException:
            self.close()
            raise

    def facts(self) -> DeviceFacts:
        """Name the card readers in use, and those that are configured and missing."""
        ready = self._ready or Ready((), tuple(self._settings.names))
        model = ", ".join([*ready.slots, *(f"missing: {name}" for name in ready.missing)])
        return DeviceFacts(model=model, firmware="", port=self._settings.socket or "pcscd")

    def wait(self, timeout: float) -> CardChange | None:
        """Wait up to *timeout* seconds for the next change; None when nothing changed. Raises: DeviceLost."""
        until = time.monotonic() + timeout
        while not self._changes:
            self._listen(until)
            if not self._changes and time.monotonic() >= until:
                return None
        return self._changes.popleft()

    def close(self) -> None:
        """End the PC/SC process. Never raises; may be called twice."""
        process = self._process
        process.kill()  # it keeps nothing worth a goodbye, and may hang in a call that hears none
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _await_ready(self, until: float) -> None:
        while self._ready is None:
            if time.monotonic() >= until:
                raise DeviceLost(f"card reader: {self._excuse}")
            self._listen(until)

    def _listen(self, until: float) -> None:
        """Take in what the process says, until *until* or the first words. Raises: DeviceLost."""
        now = time.monotonic()
        silent_at = self._heard_at + self._settings.silence
        out = self._process.stdout
        if out is None or out.closed:
            raise DeviceLost("card reader: it has been closed; open it again")
        heard, _, _ = select.select([out], [], [], max(0.0, min(until, silent_at, self._lost_at) - now))
        if heard:
            self._take_in(os.read(out.fileno(), 65536))
        elif time.monotonic() >= silent_at:
            self._lose(f"the PC/SC process was silent for {self._settings.silence:g} s: pcscd or a card hangs")
        if time.monotonic() >= self._lost_at:
            self._lose(self._excuse)

    def _take_in(self, chunk: bytes) -> None:
        """Sort the lines that have come; an empty chunk is the end of the process."""
        if not chunk:
            self._lose("the PC/SC process ended by itself; its last words are in the log")
        self._heard_at = time.monotonic()
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            try:
                said = from_line(line)
            except ValueError as fault:
                self._lose(f"the PC/SC process cannot be understood: {fault}")
            match said:
                case Beat():
                    pass
                case Ready():
                    self._ready, self._lost_at = said, math.inf
                case NotReady(why):
                    self._excuse = why
                    if self._ready is not None:
                        self._ready, self._lost_at = None, self._heard_at + self._settings.grace
                case BeginProof() | FinishProof() | CheckSun():
                    self._answer(self._clerk.answer(said))
                case _:
                    self._changes.append(said)

    def _answer(self, answer: KeyAnswer) -> None:
        ear = self._process.stdin
        try:
            if ear is not None:
                os.write(ear.fileno(), answer.to_line())
        except OSError:
            self._lose("the PC/SC process ended in the middle of a proof")

    def _lose(self, why: str) -> NoReturn:
        self.close()
        raise DeviceLost(f"card reader: {why}")


def _spawn(settings: PcscSettings) -> subprocess.Popen[bytes]:
    """Start the PC/SC process, lean: spawned, never forked, for a PC/SC context must not cross a fork."""
    orders = WatchOrders(tuple(settings.names), tuple(settings.ignore), settings.scheme, settings.settle)
    environment = dict(os.environ)
    # The child finds the same code as this process, installed or run from a checkout.
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), environment.get("PYTHONPATH"))))
    if settings.socket:
        environment["PCSCLITE_CSOCK_NAME"] = settings.socket
    try:
        return subprocess.Popen(  # noqa: S603 - this interpreter, our own module
            [sys.executable, "-m", "drivers.card_readers.pcsc_service", orders.to_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            process_group=0,  # Ctrl-C in a terminal is for the parent, which ends this one
        )
    except OSError as err:
        raise DeviceLost(f"card reader: its process cannot be started: {err}") from err
