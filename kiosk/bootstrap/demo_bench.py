"""The bench of the demo: what a hand does to the table, and what can be seen of table, wire and ledgers.

It moves hardware and reads the ledgers; it tells the stations nothing.
"""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Self

from drivers.tag_pads.simulated_pad import Direction
from kiosk.bootstrap.demo_look import Onlooker
from kiosk.bootstrap.demo_rig import DemoRig, Plug
from kiosk.bootstrap.demo_table import DemoTable, TableBook
from kiosk.devices import TagUid
from web_ui.bench.port import BenchRefused, BenchSnapshot, BenchStation, CentrePages, Channel, WireBytes

LOOK_EVERY = 0.4
"""Seconds between two looks at what the stations did to tags and ledgers."""
KEPT_BYTES = 400


class DemoBench:
    """The bench as `web_ui.bench.port.Bench` wants it. Use as a context manager: it has a thread that looks.

    *rigs* are the devices of each station, the first station's first.
    """

    def __init__(
        self,
        table: DemoTable,
        rigs: Mapping[str, DemoRig],
        onlooker: Onlooker,
        stations: tuple[BenchStation, ...],
        pages: CentrePages,
    ) -> None:
        self._table = table
        self._rigs = rigs
        self._onlooker = onlooker
        self._stations = stations
        self._pages = pages
        self._hands = threading.RLock()  # one hand at a time
        self._bell = threading.Condition()
        self._wire: deque[WireBytes] = deque(maxlen=KEPT_BYTES)
        self._numbers = itertools.count(1)
        self._slots: dict[str, tuple[str, int]] = {}
        self._version = 1
        self._snapshot = self._look()
        self._leaving = threading.Event()
        self._eye = threading.Thread(target=self._keep_looking, name="bench", daemon=True)
        for station, rig in rigs.items():
            rig.pad.observe(self._frame_ear(station))
            for slot in rig.slots:
                slot.on_apdu = self._apdu_ear(station)
            if rig.system is not None:
                rig.system.on_bytes = self._message_ear(station)

    def __enter__(self) -> Self:
        self._eye.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._eye.join()

    # --- what can be seen ------------------------------------------------------------------------------

    def latest(self) -> tuple[int, BenchSnapshot]:
        with self._bell:
            return self._version, self._snapshot

    def newer_than(self, version: int, timeout: float) -> tuple[int, BenchSnapshot] | None:
        with self._bell:
            self._bell.wait_for(lambda: self._version != version, timeout)
            return (self._version, self._snapshot) if self._version != version else None

    def bytes_after(self, number: int) -> tuple[WireBytes, ...]:
        with self._bell:
            return tuple(line for line in self._wire if line.number > number)

    def _keep_looking(self) -> None:
        while not self._leaving.wait(LOOK_EVERY):
            self._refresh()

    def _refresh(self) -> None:
        seen = self._look()
        with self._bell:
            if seen != self._snapshot:
                self._snapshot = seen
                self._version += 1
                self._bell.notify_all()

    def _look(self) -> BenchSnapshot:
        return self._onlooker.look(self._slots)

    def _frame_ear(self, station: str) -> Callable[[Direction, bytes], None]:
        def hear(direction: Direction, frame: bytes) -> None:
            self._hear(station, Channel.PAD, frame, outgoing=direction is Direction.TO_PAD)

        return hear

    def _apdu_ear(self, station: str) -> Callable[[bytes, bool], None]:
        def hear(data: bytes, is_answer: bool) -> None:
            self._hear(station, Channel.CARD, data, outgoing=not is_answer)

        return hear

    def _message_ear(self, station: str) -> Callable[[bytes, bool], None]:
        def hear(data: bytes, outgoing: bool) -> None:
            self._hear(station, Channel.LIBRARY, data, outgoing=outgoing)

        return hear

    def _hear(self, station: str, channel: Channel, data: bytes, *, outgoing: bool) -> None:
        with self._bell:
            self._wire.append(WireBytes(next(self._numbers), channel, outgoing, data, station))

    def stations(self) -> tuple[BenchStation, ...]:
        return self._stations

    def centre_pages(self) -> CentrePages:
        return self._pages

    # --- what a hand does ------------------------------------------------------------------------------

    def insert_card(self, card: str, at: str = "") -> None:
        with self._hands:
            known = self._table.cards.get(card)
            if known is None:
                raise BenchRefused("Такої картки немає на столі. / There is no such card on the table.")
            if card in self._slots:
                return
            station, rig = self._rig(at)
            free = [place for place in range(len(rig.slots)) if (station, place) not in self._slots.values()]
            if not free:
                raise BenchRefused("На зчитувачі вже дві картки. / Two cards lie there already.")
            self._slots[card] = (station, free[0])
            self._into(lambda: rig.lay_card(free[0], known.uid, known.number))
            self._refresh()

    def remove_card(self, card: str) -> None:
        with self._hands:
            lay = self._slots.pop(card, None)
            if lay is not None:
                self._rigs[lay[0]].lift_card(lay[1])
            self._refresh()

    def lay(self, books: tuple[str, ...], at: str = "") -> None:
        with self._hands:
            _, rig = self._rig(at)
            known = [self._known(one) for one in books]
            for other in self._rigs.values():
                if other is not rig:
                    self._lift_from(other, known)
            rig.pad.lay(*(one.tag for one in known))
            self._refresh()

    def lift(self, books: tuple[str, ...]) -> None:
        with self._hands:
            known = [self._known(one) for one in books]
            for rig in self._rigs.values():
                self._lift_from(rig, known)
            self._refresh()

    @staticmethod
    def _lift_from(rig: DemoRig, books: list[TableBook]) -> None:
        for uid in rig.lying() & {book.tag.uid for book in books}:
            rig.pad.lift(uid)

    def lift_all(self, at: str = "") -> None:
        with self._hands:
            self._rig(at)[1].pad.lift_all()
            self._refresh()

    def scan(self, thing: str, at: str = "") -> None:
        with self._hands:
            card = self._table.cards.get(thing)
            printed = self._known(thing).item if card is None else card.number
            if not printed:
                raise BenchRefused("На цьому немає нашого штрихкоду. / There is no barcode of ours on this.")
            self._rig(at)[1].scanner.scan(printed)

    def lock(self, book: str) -> None:
        with self._hands:
            tag = self._known(book).tag
            tag.lock("afi")
            tag.lock("eas")
            self._refresh()

    def unlock(self, book: str) -> None:
        with self._hands:
            self._known(book).tag.unlock()
            self._refresh()

    def snatch(self, book: str) -> None:
        with self._hands:
            self._table.snatched.symmetric_difference_update({self._known(book).tag.uid})
            self._refresh()

    def plug(self, device: str, at: str = "") -> None:
        with self._hands:
            rig = self._rig(at)[1]
            self._into(self._plug_of(rig, device).put_in)
            rig.unplugged.discard(device)
            self._refresh()

    def unplug(self, device: str, at: str = "") -> None:
        with self._hands:
            rig = self._rig(at)[1]
            plug = self._plug_of(rig, device)
            rig.unplugged.add(device)
            plug.pull()
            self._refresh()

    def _rig(self, station: str) -> tuple[str, DemoRig]:
        """Find a station's devices; the first station's when none is named."""
        named = station or next(iter(self._rigs))
        try:
            return named, self._rigs[named]
        except KeyError:
            raise BenchRefused(f"Немає такої станції: {station}. / There is no such station.") from None

    def _known(self, book: str) -> TableBook:
        try:
            return self._table.books[TagUid(book)]
        except KeyError:
            raise BenchRefused("Такої книжки немає на столі. / There is no such book on the table.") from None

    @staticmethod
    def _plug_of(rig: DemoRig, device: str) -> Plug:
        try:
            return rig.plugs[device]
        except KeyError:
            raise BenchRefused(f"Немає такого пристрою: {device}. / There is no such device.") from None

    @staticmethod
    def _into(put: Callable[[], None]) -> None:
        try:
            put()
        except OSError as err:
            raise BenchRefused(f"Не входить: {err.strerror}. / It does not go in.") from err
