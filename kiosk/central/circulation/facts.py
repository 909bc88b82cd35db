"""What the central tables say, as the core's values: asked in one transaction, a set at a time. Decides nothing.

`lock_copies` comes first in whatever changes something: two transactions about one title follow each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from kiosk.central.tables import cards, holds, items, loans, patrons, titles
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
    Patron,
    PatronId,
    Title,
    TitleId,
)


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """A loan that runs, and the branch whose rules it runs by."""

    loan: Loan
    branch: BranchId


@dataclass(frozen=True, slots=True)
class Stocked:
    """A copy, the branch it was last seen at, and since when the catalogue has its title."""

    item: Item
    location: BranchId
    title_added: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """An open hold under its number, and since when its copy lies on the hold shelf."""

    id: str
    hold: Hold
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A card somebody shows: whose it is and how the card itself stands."""

    patron: PatronId
    status: CardStatus


_MOST_MERGES = 8


class Facts:
    """Questions to one *connection* about one *network*."""

    def __init__(self, connection: Connection, network: str) -> None:
        self.connection = connection
        self.network = network

    def lock_copies(self, named: Collection[str] = (), of_titles: Collection[str] = ()) -> None:
        """Let nobody else decide about these copies, and about all copies of these titles, until we are done."""
        wanted = or_(items.c.id.in_(named), items.c.title.in_(of_titles))
        ours = select(items.c.id).where(items.c.network == self.network, wanted)
        self.connection.execute(ours.order_by(items.c.id).with_for_update())

    def lock_title_of(self, item: str) -> None:
        """Let nobody else decide about this copy and all others of its title until we are done."""
        ours = items.c.network == self.network
        title = select(items.c.title).where(ours, items.c.id == item).scalar_subquery()
        found = select(items.c.id).where(ours, items.c.title == title)
        self.connection.execute(found.order_by(items.c.id).with_for_update())

    def lock_patron(self, patron: PatronId) -> None:
        """Let nobody else change what this patron owes and may have until we are done. After the copies."""
        ours = select(patrons.c.id).where(patrons.c.network == self.network, patrons.c.id == patron)
        self.connection.execute(ours.with_for_update())

    def card(self, number: str) -> Shown | None:
        wanted = select(cards.c.patron, cards.c.status).where(cards.c.network == self.network, cards.c.number == number)
        row = self.connection.execute(wanted).one_or_none()
        return None if row is None else Shown(PatronId(row.patron), CardStatus(row.status))

    def patron(self, patron: PatronId) -> Patron | None:
        """Find the patron, or who took over everything of this one; None for nobody and for one erased."""
        for _ in range(_MOST_MERGES):
            wanted = select(patrons).where(patrons.c.network == self.network, patrons.c.id == patron)
            row = self.connection.execute(wanted).one_or_none()
            if row is None or row.erased_at is not None:
                return None
            if row.merged_into is None:
                return _patron(row)
            patron = PatronId(row.merged_into)
        return None

    def loans_of(self, patron: PatronId) -> tuple[OpenLoan, ...]:
        """Find the patron's open loans, the first to fall due first."""
        wanted = self._open_loans().where(loans.c.patron == patron).order_by(loans.c.due, loans.c.id)
        return tuple(_loan(row) for row in self.connection.execute(wanted))

    def loans_on(self, named: Collection[str]) -> dict[ItemId, OpenLoan]:
        """Find who has these copies."""
        rows = self.connection.execute(self._open_loans().where(loans.c.item.in_(named)))
        return {ItemId(row.item): _loan(row) for row in rows}

    def copies(self, named: Collection[str]) -> dict[ItemId, Stocked]:
        rows = self.connection.execute(self._copies().where(items.c.id.in_(named)))
        return {ItemId(row.id): _stocked(row) for row in rows}

    def copies_of(self, title: TitleId) -> tuple[Stocked, ...]:
        rows = self.connection.execute(
            self._copies().where(items.c.title == title).order_by(items.c.branch, items.c.id)
        )
        return tuple(_stocked(row) for row in rows)

    def titles(self, named: Collection[str]) -> dict[TitleId, Title]:
        wanted = select(titles).where(titles.c.network == self.network, titles.c.id.in_(named))
        return {TitleId(row.id): _title(row.id, row) for row in self.connection.execute(wanted)}

    def queues(self, of_titles: Collection[str]) -> dict[TitleId, tuple[Queued, ...]]:
        """Find who waits for these titles, first come first; equal times are told apart by patron."""
        found: dict[TitleId, tuple[Queued, ...]] = {TitleId(title): () for title in of_titles}
        for row in self.connection.execute(self._open_holds().where(holds.c.title.in_(of_titles))):
            found[TitleId(row.title)] = (*found[TitleId(row.title)], queued(row))
        return found

    def holds_of(self, patron: PatronId) -> tuple[Queued, ...]:
        rows = self.connection.execute(self._open_holds().where(holds.c.patron == patron))
        return tuple(queued(row) for row in rows)

    def _open_loans(self) -> Select[Any]:
        return select(loans).where(loans.c.network == self.network, loans.c.state == "open")

    def _open_holds(self) -> Select[Any]:
        ours = select(holds).where(holds.c.network == self.network, holds.c.closed_at.is_(None))
        return ours.order_by(holds.c.placed_at, holds.c.patron)

    def _copies(self) -> Select[Any]:
        known_since = titles.c.added_at.label("title_added")
        of_title = titles.c.name, titles.c.author, titles.c.year, titles.c.language, titles.c.age_from, known_since
        same = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
        return select(items, *of_title).join(titles, same).where(items.c.network == self.network)


def holds_in(queue: Collection[Queued]) -> tuple[Hold, ...]:
    """Leave the numbers away: the queue as the rules know it."""
    return tuple(one.hold for one in queue)


def loans_in(running: Collection[OpenLoan]) -> tuple[Loan, ...]:
    """Leave the branches away: the loans as the rules know them."""
    return tuple(one.loan for one in running)


def unlisted(loan: Loan, branch: BranchId) -> Item:
    """Make a copy of what was lent and is in no list: its number is all there is to call it by."""
    return Item(loan.item, Title(TitleId(""), loan.item), loan.item_type, branch)


def queued(row: Row[Any]) -> Queued:
    """Read one row of `holds`."""
    hold = Hold(
        patron=PatronId(row.patron or ""),
        title=TitleId(row.title),
        placed_at=row.placed_at,
        pickup=BranchId(row.pickup),
        status=HoldStatus(row.status),
        item=None if row.item is None else ItemId(row.item),
    )
    return Queued(row.id, hold, row.ready_at)


def _loan(row: Row[Any]) -> OpenLoan:
    loan = Loan(
        id=LoanId(row.id),
        item=ItemId(row.item),
        patron=PatronId(row.patron or ""),
        item_type=ItemTypeId(row.item_type),
        lent_at=row.lent_at,
        due=row.due,
        renewals=row.renewals,
    )
    return OpenLoan(loan, BranchId(row.branch))


def _title(title: str, row: Row[Any]) -> Title:
    return Title(TitleId(title), row.name, row.author, row.year, row.language, row.age_from)


def _stocked(row: Row[Any]) -> Stocked:
    item = Item(
        id=ItemId(row.id),
        title=_title(row.title, row),
        type=ItemTypeId(row.type),
        branch=BranchId(row.branch),
        status=ItemStatus(row.status),
        shelf=row.shelf,
        parts=row.parts,
    )
    return Stocked(item, BranchId(row.location), row.title_added)


def _patron(row: Row[Any]) -> Patron:
    return Patron(
        id=PatronId(row.id),
        card=CardNumber(row.card),
        given_name=row.given_name,
        family_name=row.family_name,
        category=CategoryId(row.category),
        branch=BranchId(row.branch),
        born=row.born,
        expires=row.expires,
        card_status=CardStatus(row.card_status),
        fees=row.fees,
        guardian=None if row.guardian is None else PatronId(row.guardian),
        language=row.language,
        pin_needed=row.pin_needed,
    )
