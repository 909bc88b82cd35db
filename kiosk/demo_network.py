"""The demo's library network: titles, copies, patrons and their stories, read from `config/demo/` into core values.

    titles.csv      id, name, author, year, language, age_from, type, shelf, parts, contents
    copies.csv      barcode, title, branch, status, tags (one UID per part, a space between)
    patrons.toml    patrons, their loans and holds in days from today, and other tags that may land on the pad

Reads and checks; writes nothing, opens no device, decides nothing about lending.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from kiosk.circulation.contents import read_contents
from kiosk.circulation.model import (
    BranchId,
    CardNumber,
    CardStatus,
    CategoryId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    ItemTypeId,
    Loan,
    LoanId,
    Part,
    Patron,
    PatronId,
    Title,
    TitleId,
)
from kiosk.demo_files import DemoError, Row, csv_entries, each_entry, known, made, toml_entries
from kiosk.devices import TagUid

__all__ = ["DemoError", "DemoNetwork", "DemoPatron", "StrayKind", "StrayTag", "load_demo"]

NOON = time(12, tzinfo=UTC)
DAYS_IN_A_YEAR = 365.2425


class StrayKind(StrEnum):
    """Tags that are no copy of ours, and what the station makes of them."""

    FOREIGN = "foreign"  # another library's, by its owner code
    UNLISTED = "unlisted"  # our owner code, an item id nobody has heard of
    BLANK = "blank"  # nothing written
    DAMAGED = "damaged"  # written, and it does not hold together
    PATRON_CARD = "patron-card"  # an e-card on the pad


@dataclass(frozen=True, slots=True)
class StrayTag:
    """A tag for the pad that is no copy of ours. `owner` and `item` are what is written on it, if anything is."""

    uid: TagUid
    kind: StrayKind
    owner: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class DemoPatron:
    """A patron with the card in the pocket. `story` says in one line, by language, what there is to see."""

    patron: Patron
    card_uid: str
    pin: str | None
    story: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoNetwork:
    """Everything the demo starts with. `tags` are the UIDs on each copy, one per part, in order."""

    titles: dict[TitleId, Title]
    items: dict[ItemId, Item]
    tags: dict[ItemId, tuple[TagUid, ...]]
    patrons: tuple[DemoPatron, ...]
    loans: tuple[Loan, ...]
    holds: tuple[Hold, ...]
    stray_tags: tuple[StrayTag, ...]

    def items_at(self, branch: BranchId) -> tuple[Item, ...]:
        """List the copies whose home is *branch*, in barcode order."""
        return tuple(item for item in self.items.values() if item.branch == branch)


def load_demo(config_dir: Path, today: date) -> DemoNetwork:
    """Read the demo network as it stands on *today*. Raises: DemoError, naming the file and the entry."""
    folder = config_dir / "demo"
    titles, kinds = _titles(folder / "titles.csv")
    items, tags = _copies(folder / "copies.csv", titles, kinds)
    stories = toml_entries(folder / "patrons.toml")
    patrons = each_entry(stories, "patrons", lambda row: _patron(row, today))
    network = DemoNetwork(
        titles=titles,
        items=items,
        tags=tags,
        patrons=patrons,
        loans=each_entry(stories, "loans", lambda row: _loan(row, today, items)),
        holds=each_entry(stories, "holds", lambda row: _hold(row, today)),
        stray_tags=each_entry(stories, "stray_tags", _stray_tag),
    )
    _check_stories(network)
    return network


@dataclass(frozen=True, slots=True)
class _Kind:
    """What all copies of a title share."""

    type: ItemTypeId
    shelf: str
    parts: int
    contents: tuple[Part, ...]


def _kind(row: Row) -> _Kind:
    parts = int(row["parts"])
    return _Kind(ItemTypeId(row["type"]), str(row["shelf"]), parts, read_contents(row["contents"], parts))


def _titles(file: Path) -> tuple[dict[TitleId, Title], dict[TitleId, _Kind]]:
    """Read titles, and what all copies of a title share."""
    titles: dict[TitleId, Title] = {}
    kinds: dict[TitleId, _Kind] = {}
    for line, row in csv_entries(file):
        place = f"{file.name}, line {line}"
        title = made(_title, row, place)
        if title.id in titles:
            raise DemoError(f"{place}: title {title.id} is listed twice")
        titles[title.id] = title
        kinds[title.id] = made(_kind, row, place)
    return titles, kinds


def _title(row: Row) -> Title:
    return Title(
        id=TitleId(row["id"]),
        name=row["name"],
        author=row["author"],
        year=int(row["year"]) if row["year"] else None,
        language=row["language"],
        age_from=int(row["age_from"]),
    )


def _copies(
    file: Path, titles: Mapping[TitleId, Title], kinds: Mapping[TitleId, _Kind]
) -> tuple[dict[ItemId, Item], dict[ItemId, tuple[TagUid, ...]]]:
    items: dict[ItemId, Item] = {}
    tags: dict[ItemId, tuple[TagUid, ...]] = {}
    stuck_on: dict[TagUid, ItemId] = {}
    for line, row in csv_entries(file):
        place = f"{file.name}, line {line}"
        kind = known(kinds, TitleId(row["title"]), f"{place}: title")
        status = made(lambda r: ItemStatus(r["status"]), row, place)
        barcode, uids = ItemId(row["barcode"]), tuple(TagUid(uid) for uid in row["tags"].split())
        if barcode in items:
            raise DemoError(f"{place}: barcode {barcode} is listed twice")
        if len(uids) != kind.parts:
            raise DemoError(f"{place}: {barcode} has {kind.parts} parts and {len(uids)} tags")
        for uid in uids:
            if (other := stuck_on.setdefault(uid, barcode)) != barcode:
                raise DemoError(f"{place}: tag {uid} is on {other} already")
        title, home = titles[TitleId(row["title"])], BranchId(row["branch"])
        items[barcode] = Item(barcode, title, kind.type, home, status, kind.shelf, kind.parts, kind.contents)
        tags[barcode] = uids
    return items, tags


def _patron(row: Row, today: date) -> DemoPatron:
    guardian = row.get("guardian")
    patron = Patron(
        id=PatronId(row["key"]),
        card=CardNumber(row["card"]),
        given_name=row["given_name"],
        family_name=row["family_name"],
        category=CategoryId(row["category"]),
        branch=BranchId(row["branch"]),
        born=today - timedelta(days=round((row["age"] + 0.5) * DAYS_IN_A_YEAR)),
        expires=today + timedelta(days=row["expires_in_days"]),
        card_status=CardStatus(row.get("card_status", "active")),
        fees=Decimal(row.get("fees", "0")),
        guardian=None if guardian is None else PatronId(guardian),
        language=row.get("language"),
        pin_needed=row.get("pin_needed", False),
    )
    return DemoPatron(patron, row["card_uid"], row.get("pin"), dict(row["story"]))


def _loan(row: Row, today: date, items: Mapping[ItemId, Item]) -> Loan:
    item = known(items, ItemId(row["item"]), "item")
    return Loan(
        id=LoanId(str(uuid5(NAMESPACE_URL, f"demo-loan:{row['patron']}:{item.id}"))),
        item=item.id,
        patron=PatronId(row["patron"]),
        item_type=item.type,
        lent_at=_noon(today, row["lent_days_ago"]),
        due=today + timedelta(days=row["due_in_days"]),
        renewals=row.get("renewals", 0),
    )


def _hold(row: Row, today: date) -> Hold:
    item = row.get("item")
    return Hold(
        patron=PatronId(row["patron"]),
        title=TitleId(row["title"]),
        placed_at=_noon(today, row["placed_days_ago"]),
        pickup=BranchId(row["pickup"]),
        status=HoldStatus(row.get("status", "waiting")),
        item=None if item is None else ItemId(item),
    )


def _stray_tag(row: Row) -> StrayTag:
    return StrayTag(
        uid=TagUid(row["uid"]),
        kind=StrayKind(row["kind"]),
        owner=row.get("owner", ""),
        item=row.get("item", ""),
    )


def _noon(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), NOON)


def _check_stories(network: DemoNetwork) -> None:
    """Refuse stories about people, titles or copies that are not there, and a copy that is lent twice."""
    people = {p.patron.id: p for p in network.patrons}
    lent: dict[ItemId, Loan] = {}
    for loan in network.loans:
        known(people, loan.patron, "patrons.toml, loans: patron")
        if lent.setdefault(loan.item, loan) is not loan:
            raise DemoError(f"patrons.toml, loans: item {loan.item} is on loan twice")
    for hold in network.holds:
        known(people, hold.patron, "patrons.toml, holds: patron")
        known(network.titles, hold.title, "patrons.toml, holds: title")
        if hold.item is not None:
            known(network.items, hold.item, "patrons.toml, holds: item")
    for person in network.patrons:
        if person.patron.guardian is not None:
            known(people, person.patron.guardian, "patrons.toml, patrons: guardian")
