"""A bench without a station behind it: the table obeys every hand, the ledger stays as it was written."""

import threading
from collections.abc import Callable
from dataclasses import replace

from tests.web_ui.sample_views import BOOKS
from web_ui.bench.port import (
    BenchBook,
    BenchCard,
    BenchDevice,
    BenchReceipt,
    BenchRefused,
    BenchSnapshot,
    Channel,
    Fact,
    GateBit,
    StripLine,
    WireBytes,
)

CARDS = (
    BenchCard("olenka", "Оленка К.", {"uk": "доросла, усе гаразд", "en": "adult, all is well"}),
    BenchCard("marko", "Марко", {"uk": "дитина, 9 років", "en": "child of nine"}),
    BenchCard("petro", "Петро С.", {"uk": "борг 42,50 грн", "en": "owes 42.50"}),
    BenchCard("ganna", "Ганна Ґ.", {"uk": "з PIN-кодом 1234", "en": "with PIN 1234"}),
    BenchCard("expired", "Іван Т.", {"uk": "термін минув", "en": "card ran out"}, odd=True),
    BenchCard("foreign", "", {"uk": "не з бібліотеки", "en": "not of the library"}, odd=True),
)
DEVICES = tuple(BenchDevice(name, plugged=True) for name in ("pad", "card-reader", "pcsc", "printer", "paper"))
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
        self._bytes: list[WireBytes] = [ASKED, ANSWERED, SELECTED, AGREED]
        self._table = BenchSnapshot(
            cards=CARDS,
            books=tuple(_book(number) for number in range(books)),
            devices=DEVICES,
            receipts=(SLIP,),
            loans=(Fact("2026-11-23T11:58:00+02:00", "lent", "Кобзар", "2026-12-14"),),
            journal=(
                Fact("2026-11-23T11:58:00+02:00", "lent", "Кобзар", "2026-12-14"),
                Fact("2026-11-22T11:57:00+02:00", "returned", "Земля"),
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

    def insert_card(self, card: str) -> None:
        self._card(card, slot="pad-1")

    def remove_card(self, card: str) -> None:
        self._card(card, slot="")

    def lay(self, books: tuple[str, ...]) -> None:
        self._books(books, lambda book: replace(book, on_pad=True))

    def lift(self, books: tuple[str, ...]) -> None:
        self._books(books, lambda book: replace(book, on_pad=False))

    def lift_all(self) -> None:
        self.lift(tuple(book.id for book in self._table.books))

    def lock(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, locked=True))

    def unlock(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, locked=False))

    def snatch(self, book: str) -> None:
        self._books((book,), lambda one: replace(one, snatching=True))

    def plug(self, device: str) -> None:
        self._device(device, plugged=True)

    def unplug(self, device: str) -> None:
        self._device(device, plugged=False)

    def _card(self, card: str, slot: str) -> None:
        _must_be(card, (one.id for one in CARDS))
        self._become(cards=tuple(replace(c, slot=slot) if c.id == card else c for c in self._table.cards))

    def _books(self, books: tuple[str, ...], change: Callable[[BenchBook], BenchBook]) -> None:
        for book in books:
            _must_be(book, (one.id for one in self._table.books))
        self._become(books=tuple(change(b) if b.id in books else b for b in self._table.books))

    def _device(self, device: str, *, plugged: bool) -> None:
        _must_be(device, (one.id for one in DEVICES))
        self._become(devices=tuple(replace(d, plugged=plugged) if d.id == device else d for d in self._table.devices))

    def _become(self, **change: object) -> None:
        with self._changed:
            self._table = replace(self._table, **change)
            self._version += 1
            self._changed.notify_all()


def _must_be(wanted, there) -> None:
    if wanted not in set(there):
        raise BenchRefused(f"there is no {wanted} on this table")
