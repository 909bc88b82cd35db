"""A FEIG pad that is not there: speaks the real bytes on a pseudo-terminal, with knobs for everything that
goes wrong.

For tests, the demo and anybody writing a FEIG client. What a request does is in `feig_firmware.py`; here
are the thread, the wire and the knobs. With `realtime` it takes the time a real wire, a real field and real
tags take (`air_time.py`).
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from drivers.tag_pads import air_time
from drivers.tag_pads.air_time import BITS_PER_BYTE_8E1
from drivers.tag_pads.feig_firmware import FeigFirmware
from drivers.tag_pads.feig_frames import PAUSE, Code, FrameError, FrameSplitter, Request
from drivers.tag_pads.feig_memory import PROFILES, Outcome
from drivers.tag_pads.simulated_port import SimulatedPort, wait_until
from drivers.tag_pads.simulated_tags import SimulatedTag, TagField

HALF_FRAME_KEPT = 0.1
"""Seconds half a request is kept: longer than a real pad (12 ms), for a host whose process was put aside."""
_IDLE = 0.05


class Direction(StrEnum):
    TO_PAD = "to-pad"
    FROM_PAD = "from-pad"


FrameObserver = Callable[[Direction, bytes], None]
"""Told every whole frame, on the pad's thread: return quickly."""


@dataclass(slots=True)
class Troubles:
    """What is wrong with the simulated pad right now; all of it can be changed while it runs."""

    silent: bool = False
    chunk: int = 0  # answer in pieces of so many bytes; 0 = whole
    corrupt: int = 0  # replies still to be damaged
    noise: bytes = b""  # sent before every reply
    delay: float = 0.0  # seconds before every reply
    stubborn_gap: float = 0.0  # in real time: seconds of silence it wants, whatever its configuration says


class SimulatedPad:
    """The pad and its thread. Use as a context manager; every method may be called from any thread."""

    def __init__(
        self,
        tags: Iterable[SimulatedTag] = (),
        *,
        profile: str = "mr102",
        realtime: int | None = None,
        link: Path | None = None,
        on_frame: FrameObserver | None = None,
    ) -> None:
        self.troubles = Troubles()
        self.firmware = FeigFirmware(PROFILES[profile], TagField(tags))
        self._byte_time = BITS_PER_BYTE_8E1 / realtime if realtime else 0.0
        self._observers = [on_frame] if on_frame else []
        self._lock = threading.RLock()
        self._stirred = threading.Condition(self._lock)  # a tag was laid, or the plug is pulled
        self._link = link
        self._tears: dict[str, int] = {}
        self._port: SimulatedPort | None = None
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    close = __exit__

    @property
    def port(self) -> str:
        """The path a host opens. It may change when the pad is plugged in again; a *link* does not."""
        if self._link is not None:
            return str(self._link)
        with self._lock:
            return self._port.path if self._port is not None else ""

    def plug(self) -> None:
        """Plug the pad in: it starts from its EEPROM."""
        with self._lock:
            if self._port is not None:
                return
            self.firmware.restart()
            self._leaving = threading.Event()
            self._port = SimulatedPort(self._link)
            serve = _Service(self, self._port, self._leaving)
            self._thread = threading.Thread(target=serve.run, name="simulated FEIG pad", daemon=True)
            self._thread.start()

    def unplug(self) -> None:
        """Pull the pad's plug; the host's port hangs up. May be called twice."""
        with self._lock:
            port, thread = self._port, self._thread
            self._port = self._thread = None
        if port is None or thread is None:
            return
        with self._stirred:
            self._leaving.set()
            self._stirred.notify_all()
        port.wake()
        thread.join()
        port.close()

    def lay(self, *tags: SimulatedTag) -> None:
        """Lay tags on the pad, all in the same moment."""
        with self._stirred:
            for tag in tags:
                self.firmware.tags.lay(tag)
            self._stirred.notify_all()

    def lift(self, uid: str) -> SimulatedTag | None:
        """Take a tag off; return it, or None when it was not there."""
        with self._lock:
            return self.firmware.tags.lift(uid)

    def lift_all(self) -> tuple[SimulatedTag, ...]:
        with self._lock:
            return tuple(tag for tag in self.firmware.tags.laid() if self.firmware.tags.lift(tag.uid))

    def laid(self) -> tuple[SimulatedTag, ...]:
        with self._lock:
            return self.firmware.tags.laid()

    def tear(self, uid: str, *, at_request: int = 1) -> None:
        """Let a tag leave just as the pad begins its *at_request*-th request from now."""
        with self._lock:
            self._tears[uid] = at_request

    def fail_next_write(self, status: int, body: bytes = b"") -> None:
        """Let the next write to a tag come to *status* and do nothing."""
        with self._lock:
            self.firmware.commands.refuse_writes.append(Outcome(status, body))

    def observe(self, on_frame: FrameObserver) -> None:
        with self._lock:
            self._observers.append(on_frame)

    @property
    def byte_time(self) -> float:
        """Seconds one byte needs on the wire; 0 when no time is kept."""
        return self._byte_time

    @property
    def gap(self) -> float:
        """Seconds of silence the pad wants after its reply."""
        if not self._byte_time:
            return 0.0
        return max(self.firmware.memory.interface.gap, self.troubles.stubborn_gap)

    def patience(self, frame: bytes) -> float:
        """Seconds this request lets the pad wait for a tag to come; 0 when one is there or none is waited for."""
        try:
            request = Request.from_bytes(frame)
        except FrameError:
            return 0.0
        if request.code != Code.TAG or self.troubles.silent:
            return 0.0
        return self.firmware.commands.patience(request.body)

    def sees_newcomer(self) -> bool:
        """Whether a tag lies in the field that has not been told to keep quiet."""
        with self._lock:
            return next(self.firmware.tags.answering(), None) is not None

    def await_newcomer(self, seconds: float, leaving: threading.Event) -> None:
        """Wait, without looking at the field over and over, until a tag is laid or the plug is pulled."""
        with self._stirred:
            self._stirred.wait_for(lambda: leaving.is_set() or self.sees_newcomer(), seconds)

    def answer(self, frame: bytes) -> tuple[bytes, float] | None:
        """Do one request; return the reply as it leaves the pad and the seconds it took, or None for silence."""
        try:
            request = Request.from_bytes(frame)
        except FrameError:
            return None
        with self._lock:
            self._tear_off()
            answered = self.firmware.answer(request)
            if answered is None or self.troubles.silent:
                return None
            reply = answered[0].to_bytes()
            if self.troubles.corrupt:
                self.troubles.corrupt -= 1
                reply = reply[:-1] + bytes([reply[-1] ^ 0x10])
            spent = answered[1] / 1000 if self._byte_time else 0.0
            return reply, spent

    def report(self, direction: Direction, frame: bytes) -> None:
        for observer in self._observers:
            observer(direction, frame)

    def _tear_off(self) -> None:
        for uid in list(self._tears):
            self._tears[uid] -= 1
            if self._tears[uid] <= 0:
                del self._tears[uid]
                self.firmware.tags.lift(uid)


class _Service:
    """One plugged-in time of a pad: its thread, from plugging to unplugging."""

    def __init__(self, pad: SimulatedPad, port: SimulatedPort, leaving: threading.Event) -> None:
        self._pad = pad
        self._port = port
        self._leaving = leaving
        self._splitter = FrameSplitter()
        self._arrived = 0.0  # when the last byte from the host was through the wire
        self._deaf_until = 0.0
        self._heard = 0.0

    def run(self) -> None:
        while not self._leaving.is_set():
            with suppress(OSError):
                self._hear()

    def _hear(self) -> None:
        chunk = self._port.receive(PAUSE if self._splitter.pending else _IDLE)
        now = time.perf_counter()
        if chunk and now < self._deaf_until:
            return  # sent into the gap: the pad was not listening yet
        if chunk:
            self._heard = now
            self._arrived = max(now, self._arrived) + len(chunk) * self._pad.byte_time
            frames = self._splitter.feed(chunk)
        else:
            frames = self._splitter.pause()
            if now - self._heard > HALF_FRAME_KEPT:
                self._splitter.forget()
        for frame in frames:
            self._serve(frame)

    def _wait_for_tag(self, seconds: float) -> None:
        """Look again and again until a tag comes, each look as long as an empty field takes."""
        if not self._pad.byte_time:
            self._pad.await_newcomer(seconds, self._leaving)
            return
        until = self._arrived + seconds
        look = air_time.inventory_ms((), slots=self._pad.firmware.memory.slots) / 1000
        while self._arrived + look <= until and not self._leaving.is_set() and not self._pad.sees_newcomer():
            self._arrived += look
            wait_until(self._arrived)

    def _serve(self, frame: bytes) -> None:
        wait_until(self._arrived)
        self._pad.report(Direction.TO_PAD, frame)
        self._wait_for_tag(self._pad.patience(frame))
        if (answered := self._pad.answer(frame)) is None:
            return
        reply, spent = answered
        troubles = self._pad.troubles
        wait_until(self._arrived + spent)
        if troubles.delay and self._leaving.wait(troubles.delay):
            return
        ended = self._port.send(troubles.noise + reply, self._pad.byte_time, troubles.chunk)
        self._deaf_until = ended + self._pad.gap
        self._pad.report(Direction.FROM_PAD, reply)
