"""A bench without a station behind it: the table obeys every hand, the ledger stays as it was written."""

import threading
from collections.abc import Callable
from dataclasses import replace

from web_ui.bench.port import (
    BenchBook,
    BenchCard,
    BenchDevice,
    BenchLedger,
    BenchReceipt,
    BenchRefused,
    BenchSnapshot,
    BenchStation,
    CentrePages,
    Channel,
    Fact,
    GateBit,
    StripLine,
    WireBytes,
)
from web_ui.design.samples import BOOKS

CARDS = (
    BenchCard("olenka", "Оленка К.", {"uk": "доросла, усе гаразд", "en": "adult, all is well"}),
    BenchCard("marko", "Марко", {"uk": "дитина, 9 років", "en": "child of nine"}),
    BenchCard("petro", "Петро С.", {"uk": "борг 42,50 грн", "en": "owes 42.50"}),
    BenchCard("ganna", "Ганна Ґ.", {"uk": "з PIN-кодом 1234", "en": "with PIN 1234"}),
    BenchCard("expired", "Іван Т.", {"uk": "термін минув", "en": "card ran out"}, odd=True),
    BenchCard("foreign", "", {"uk": "не з бібліотеки", "en": "not of the library"}, odd=True),
)
STATIONS = (BenchStation("hall", "Центральна", "/"), BenchStation("children", "Дитяча", "/"))
PLUGS = ("network", "pad", "pcsc", "printer", "scanner", "paper")
DEVICES = tuple(BenchDevice(name, plugged=True, at=station.id) for station in STATIONS for name in PLUGS)
PAGES = CentrePages(
    "http://127.0.0.1:1/", "http://127.0.0.1:1/office/", ("Оленка: 20000017 · PIN 2580",), "demo · demo"
)
LOANS = (Fact("2026-11-23T11:58:00+02:00", "lent", "Кобзар", "2026-12-14"),)
JOURNAL = (*LOANS, Fact("2026-11-22T11:57:00+02:00", "returned", "Земля"))
SLIP = BenchReceipt(
    1,
    (
        StripLine("ЛітТера", "large", centred=True),
        StripLine("Центральна бібліотека, станція 1", "quiet", centred=True),
        StripLine(""),
        StripLine("Видано", "strong"),
        StripLine("Тіні забутих предків"),
        StripLine("  повернути до 14 грудня 2026 р."),
        StripLine(""),
        StripLine("Дякуємо, що читаєте!", centred=True),
    ),
    STATIONS[0].id,
)
ASKED = WireBytes(1, Channel.PAD, outgoing=True, data=bytes.fromhex("07FFB001001C56"))
ANSWERED = WireBytes(2, Channel.PAD, outgoing=False, data=bytes.fromhex("1100B000010300E00401003123AA26C2A0"))
SELECTED = WireBytes(3, Channel.CARD, outgoing=True, data=bytes.fromhex("00A4040007D276000085010100"))
AGREED = WireBytes(4, Channel.CARD, outgoing=False, data=bytes.fromhex("9000"))


def _book(number: int) -> BenchBook:
    title, author = BOOKS[number % len(BOOKS)]
    odd = {7: "foreign", 17: "blank"}.get(number, "")
    gate = GateBit.CLEARED if number % 5 == 1 else GateBit.ARMED
    return BenchBook(f"b{number:03}", title, author, gate=gate, on_loan=number % 5 == 1, odd=odd, age_from=number % 19)


class FakeBench:
    """The whole table in one snapshot, changed under a lock."""

    def __init__(self, books: int = 40) -> None:
        self._changed = threading.Condition()
        self._version = 1
        self.scanned: list[tuple[str, str]] = []
        self._bytes: list[WireBytes] = [ASKED, ANSWERED, SELECTED, AGREED]
        self._table = BenchSnapshot(
            cards=CARDS,
            books=tuple(_book(number) for number in range(books)),
            devices=DEVICES,
            receipts=(SLIP,),
            ledgers=(
                *(BenchLedger(one.id, on_loan=1, queue=2, loans=LOANS, journal=JOURNAL) for one in STATIONS),
                BenchLedger("centre", on_loan=1, loans=LOANS),
            ),
        )

    def latest(self) -> tuple[int, BenchSnapshot]:
        with self._changed:
            return self._version, self._table

    def newer_than(self, version: int, timeout: float) -> tuple[int, BenchSnapshot] | None:
        with self._changed:
            there = self._changed.wait_for(lambda: self._version > version, timeout)
            return (self._version, self._table) if there else None

    def bytes_after(self, number: int) -> tuple[WireBytes, ...]:
        with self._changed:
            return tuple(line for line in self._bytes if line.number > number)

    def stations(self) -> tuple[BenchStation, ...]:
        return STATIONS

    def centre_pages(self) -> CentrePages:
        return PAGES

    def insert_card(self, card: str, at: str = "") -> None:
        self._card(card, slot="pad-1", at=_place(at))

    def remove_card(self, card: str) -> None:
        self._card(card, slot="", at="")

    def lay(self, books: tuple[str, ...], at: str = "") -> None:
        self._books(books, lambda book: replace(book, on_pad=True, at=_place(at)))

    def lift(self, books: tuple[str, ...]) -> None:
        self._books(books, lambda book: replace(book, on_pad=False, at=""))

    def scan(self, thing: str, at: str = "") -> None:
        if thing not in {one.id for one in (*self._table.books, *self._table.cards)}:
            raise BenchRefused(f"there is no {thing} on this table")
        self.scanned.append((thing, _place(at)))

    def lift_all(self, at: str = "") -> None:
        self.lift(tuple(book.id for book in self._table.books if book.at == _place(at)))

    def lock(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, locked=True))

    def unlock(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, locked=False))

    def snatch(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, snatching=True))

    def plug(self, device: str, at: str = "") -> None:
        self._device(device, _place(at), plugged=True)

    def unplug(self, device: str, at: str = "") -> None:
        self._device(device, _place(at), plugged=False)

    def _card(self, card: str, slot: str, at: str) -> None:
        _must_be(card, (one.id for one in CARDS))
        self._become(cards=tuple(replace(c, slot=slot, at=at) if c.id == card else c for c in self._table.cards))

    def _books(self, books: tuple[str, ...], change: Callable[[BenchBook], BenchBook]) -> None:
        for book in books:
            _must_be(book, (one.id for one in self._table.books))
        self._become(books=tuple(change(b) if b.id in books else b for b in self._table.books))

    def _device(self, device: str, at: str, *, plugged: bool) -> None:
        _must_be(device, (one.id for one in DEVICES))
        changed = [replace(d, plugged=plugged) if (d.id, d.at) == (device, at) else d for d in self._table.devices]
        self._become(devices=tuple(changed))

    def _become(self, **change: object) -> None:
        with self._changed:
            self._table = replace(self._table, **change)
            self._version += 1
            self._changed.notify_all()


def _place(at: str) -> str:
    _must_be(at or STATIONS[0].id, (one.id for one in STATIONS))
    return at or STATIONS[0].id


def _must_be(wanted, there) -> None:
    if wanted not in set(there):
        raise BenchRefused(f"there is no {wanted} on this table")
