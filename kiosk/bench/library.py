"""The library that measurements run in: as many copies and patrons as wanted, and nobody is refused."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kiosk.bootstrap.station import open_ledger
from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CategoryId,
    Item,
    ItemId,
    ItemTypeId,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.settings import Settings, load_settings
from kiosk.settings.files import Table
from kiosk.store.patrons import Card
from kiosk.store.seed import Stock, seed

COPIES = "00{:08}"
"""The barcode of the copy of a number."""
CARD_UIDS = "04{:012X}"
"""The UID of the card of the patron of a number."""
CATEGORY = "measured"
_LIFE = timedelta(days=365)


def bench_settings(config_dir: Path, folder: Path, **places: Table) -> Settings:
    """The settings of a central station as shipped, in *folder*, with devices at these *places*."""
    sections: dict[str, object] = {
        "card_reader": {"pcsc": {"names": []}},
        "printer": {"driver": "none"},
        "store": {"path": str(folder / "station.db"), "ballast_mb": 0},
        "web": {"port": 0},
        "pin": {"needed": "never"},
        "log": {"level": "error"},
        "lending": {
            "categories": {
                CATEGORY: {
                    "max_loans": 100,
                    "max_fees": "0.00",
                    "max_overdue": 1,
                    "max_holds": 1,
                    "age_from": 18,
                    "rules": {"book": {"days": 30, "max_loans": 100, "max_renewals": 1}},
                }
            }
        },
    }
    return load_settings(config_dir, "central", "hall", sections | places)


def seed_library(settings: Settings, copies: int, patrons: int) -> None:
    """Fill a new ledger with *copies* copies and *patrons* patrons. Raises: StoreError."""
    branch = BranchId(settings.branch.id)
    items = tuple(
        Item(
            ItemId(COPIES.format(number)), Title(TitleId(f"t{number}"), f"Книжка {number}"), ItemTypeId("book"), branch
        )
        for number in range(copies)
    )
    people = tuple(_patron(number, branch) for number in range(patrons))
    cards = tuple(Card(one.id, one.card, CARD_UIDS.format(number)) for number, one in enumerate(people))
    store = open_ledger(settings)
    try:
        seed(store, Stock(items=items, patrons=people, cards=cards))
    finally:
        store.close()


def _patron(number: int, branch: BranchId) -> Patron:
    return Patron(
        id=PatronId(f"patron-{number}"),
        card=CardNumber(f"2{number:07}"),
        given_name="Олена",
        family_name="Коваль",
        category=CategoryId(CATEGORY),
        branch=branch,
        born=date(1990, 5, 1),
        expires=datetime.now(UTC).date() + _LIFE,
    )
