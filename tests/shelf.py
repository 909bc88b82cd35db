"""What the library of the test stand owns, whom it knows, and the tags of its copies. No station, no device."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.bootstrap.station import open_ledger
from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CategoryId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemTypeId,
    Loan,
    LoanId,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.library.local import pin_verifier
from kiosk.settings import Settings
from kiosk.store.patrons import Card
from kiosk.store.seed import Stock, seed
from kiosk.tags.encode import encode
from kiosk.tags.model import TagModel

OWNER = "UA-ZT0001"
ARMED, CLEARED = 0x07, 0xC2


@dataclass
class Shelf:
    """What the library of the stand owns and whom it knows. Change it before the station is built."""

    titles: dict[TitleId, Title] = field(default_factory=dict)
    items: dict[ItemId, Item] = field(default_factory=dict)
    patrons: list[Patron] = field(default_factory=list)
    card_uids: dict[PatronId, str] = field(default_factory=dict)
    pins: dict[PatronId, str] = field(default_factory=dict)
    loans: list[Loan] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def item(self, number: str, *, title: str = "", parts: int = 1, **more: Any) -> Item:
        """Put a copy on the shelf."""
        record = Title(TitleId(f"t{number}"), title or f"Книжка {number}", "Автор", age_from=more.pop("age_from", 0))
        more.setdefault("branch", BranchId("central"))
        item = Item(ItemId(number), record, ItemTypeId("book"), parts=parts, **more)
        self.titles[record.id] = record
        self.items[item.id] = item
        return item

    def patron(self, name: str, *, category: str = "adult", pin: str | None = None, **more: Any) -> Patron:
        """Give somebody a card: number 2000…, UID 04…, both made from how many there are."""
        number = len(self.patrons) + 1
        patron = Patron(
            id=PatronId(name),
            card=CardNumber(f"2000{number:04}"),
            given_name=name,
            family_name="Коваль",
            category=CategoryId(category),
            branch=BranchId("central"),
            born=more.pop("born", date(1990, 5, 1)),
            expires=more.pop("expires", today() + timedelta(days=300)),
            pin_needed=pin is not None,
            **more,
        )
        self.patrons.append(patron)
        self.card_uids[patron.id] = f"04{number:012X}"
        if pin is not None:
            self.pins[patron.id] = pin
        return patron

    def lend(self, item: Item, patron: Patron, *, due_in: int = 14) -> Loan:
        """Let a copy be on loan from before."""
        lent_at = datetime.now(UTC) - timedelta(days=5)
        loan = Loan(LoanId(f"old-{item.id}"), item.id, patron.id, item.type, lent_at, today() + timedelta(days=due_in))
        self.loans.append(loan)
        return loan

    def hold(self, item: Item, patron: Patron, *, set_aside: bool = False) -> None:
        """Let somebody wait for a title, or for this very copy on the hold shelf."""
        placed = datetime.now(UTC) - timedelta(days=3)
        status = HoldStatus.READY if set_aside else HoldStatus.WAITING
        held = item.id if set_aside else None
        self.holds.append(Hold(patron.id, item.title.id, placed, BranchId("central"), status, held))


def today() -> date:
    """The civil date at the branch: lateness is counted in it."""
    return datetime.now(ZoneInfo("Europe/Kyiv")).date()


def make_tag(
    item: Item | str, *, part: int = 1, lent: bool = False, uid: str | None = None, **more: Any
) -> SimulatedTag:
    """Write a tag for a copy, as the network writes them: ISO 28560-3, owner code, gate bit."""
    number = item if isinstance(item, str) else item.id
    parts = more.pop("parts", 1 if isinstance(item, str) else item.parts)
    memory = encode(TagModel.ISO_28560_3, number, more.pop("owner", OWNER), parts=parts, part=part, **more)
    tag = SimulatedTag.of(uid or f"E00401{int(number):08X}{part:02X}", memory)
    tag.afi = CLEARED if lent else ARMED
    return tag


def fill(settings: Settings, shelf: Shelf) -> None:
    """Write the shelf into the ledger, before the station is switched on."""
    stock = Stock(
        titles=shelf.titles.values(),
        items=shelf.items.values(),
        patrons=shelf.patrons,
        cards=[Card(one.id, one.card, shelf.card_uids[one.id], one.card_status) for one in shelf.patrons],
        pins={patron: pin_verifier(pin) for patron, pin in shelf.pins.items()},
        loans=shelf.loans,
        holds=shelf.holds,
    )
    store = open_ledger(settings)
    try:
        seed(store, stock)
    finally:
        store.close()
