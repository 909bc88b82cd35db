"""Loads everything a batch names, a set at a time; copies are locked in order, so batches about one copy queue up."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from kiosk.central.debts import CentralDebt
from kiosk.central.ingest.picture import DebtRow, HoldRow, ItemRow, LoanRow, PatronRow, Picture
from kiosk.central.ingest.told import Told
from kiosk.central.row_sets import among
from kiosk.central.tables import debts, events, holds, items, loans, patrons, titles
from kiosk.circulation.model import ItemStatus

_OF_HOLDS = ("hold-placed", "hold-cancelled")
_REMEMBERED = timedelta(days=90)
"""How far back a loan that ended unseen may still be told of by a return that comes late."""


def load(connection: Connection, network: str, picture: Picture, told: Sequence[Told]) -> None:
    """Fill *picture* with what *told* is about."""
    named = sorted({one.text("item") for one in told} | {debt.get("item", "") for one in told for debt in one.debts()})
    about = [one for one in told if one.sent.type in _OF_HOLDS]
    _load_titles(connection, network, picture, {one.text("title") for one in about} - {""})
    _load_items(connection, network, picture, [name for name in named if name])
    _load_loans(connection, network, picture, told, named)
    _load_patrons(connection, network, picture, told)
    _load_holds(connection, network, picture, {one.text("hold") for one in about} - {""})
    _load_debts(connection, network, picture, told, named)
    _load_returns(connection, network, picture, told)


def _load_titles(connection: Connection, network: str, picture: Picture, named: Collection[str]) -> None:
    if not named:
        return
    ours = (titles.c.network == network) & among(connection, titles.c.id, named)
    picture.titles |= {
        row.id: row.language for row in connection.execute(select(titles.c.id, titles.c.language).where(ours))
    }


def _load_items(connection: Connection, network: str, picture: Picture, named: Collection[str]) -> None:
    if not named and not picture.titles:
        return
    of_holds = among(connection, items.c.title, picture.titles.keys())  # one of them may be set aside for a hold
    ours = (items.c.network == network) & or_(among(connection, items.c.id, named), of_holds)
    # all copies of their titles: two that come back at once are not both set aside for one hold
    of_titles = select(items.c.title).where(ours)
    whole = (items.c.network == network) & items.c.title.in_(of_titles)
    connection.execute(select(items.c.id).where(whole).order_by(items.c.id).with_for_update())
    same = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
    about = titles.c.name.label("title_name"), titles.c.language, titles.c.added_at.label("title_added")
    for row in connection.execute(select(items, *about).join(titles, same).where(ours, titles.c.network == network)):
        picture.items[row.id] = ItemRow(
            row.id, row.title, row.title_name, row.language, row.title_added, row.type, row.branch,
            ItemStatus(row.status), row.location, row.custody_at,
        )  # fmt: skip


def _load_loans(
    connection: Connection, network: str, picture: Picture, told: Sequence[Told], named: Collection[str]
) -> None:
    by_id = {one.text("loan") for one in told} - {""}
    oldest = min((one.happened_at for one in told), default=None)
    if oldest is None or not (by_id or named):
        return
    unseen = (loans.c.state == "unseen") & (loans.c.closed_at >= oldest - _REMEMBERED)
    of_items = among(connection, loans.c.item, named) & or_(loans.c.state == "open", unseen)
    wanted = select(loans).where(loans.c.network == network, or_(of_items, among(connection, loans.c.id, by_id)))
    for row in connection.execute(wanted.order_by(loans.c.lent_at, loans.c.id)):
        picture.add_loan(_loan(row))


def _loan(row: Row[Any]) -> LoanRow:
    return LoanRow(
        row.id, row.item, row.patron, row.item_type, row.lent_at, row.due, row.branch, row.station, row.renewals,
        row.state, row.fulfils, row.gate_cleared_at, row.closed_at, row.closed_branch, row.closed_station,
    )  # fmt: skip


def _load_patrons(connection: Connection, network: str, picture: Picture, told: Iterable[Told]) -> None:
    wanted = {one.text(name) for one in told for name in ("patron", "held_for")}
    wanted |= {loan.patron for loan in picture.loans.values() if loan.patron is not None}
    wanted -= {""}
    while wanted:  # who took over from whom, until there is nobody new
        count = (
            select(func.count())
            .where(loans.c.network == patrons.c.network, loans.c.patron == patrons.c.id, loans.c.state == "open")
            .scalar_subquery()
        )
        ours = (patrons.c.network == network) & among(connection, patrons.c.id, wanted)
        # nobody else adds to what they owe before we have
        connection.execute(select(patrons.c.id).where(ours).order_by(patrons.c.id).with_for_update())
        rows = connection.execute(select(patrons, count.label("open_loans")).where(ours).order_by(patrons.c.id)).all()
        for row in rows:
            picture.patrons[row.id] = PatronRow(
                row.id, row.category, row.card_status, Decimal(row.fees), row.merged_into, row.open_loans
            )
        wanted = {row.merged_into for row in rows if row.merged_into} - picture.patrons.keys()


def _load_holds(connection: Connection, network: str, picture: Picture, named: Collection[str]) -> None:
    of_titles = {item.title for item in picture.items.values()} | picture.titles.keys()
    ended = {loan.fulfils for loan in picture.loans.values() if loan.fulfils} | set(named)
    if not of_titles and not ended:
        return
    is_open = among(connection, holds.c.title, of_titles) & holds.c.closed_at.is_(None)
    for row in connection.execute(
        select(holds).where(holds.c.network == network, or_(is_open, among(connection, holds.c.id, ended)))
    ):
        picture.holds[row.id] = HoldRow(
            row.id, row.patron or "", row.title, row.placed_at, row.pickup, row.status, row.item, row.ready_at,
            row.closed_at, row.closed_why,
        )  # fmt: skip


def _load_debts(
    connection: Connection, network: str, picture: Picture, told: Sequence[Told], named: Collection[str]
) -> None:
    closed = {debt for one in told for debt in one.texts("closed")}
    opened = {str(debt.get("id")) for one in told for debt in one.debts()}
    tags = {tag for one in told for tag in (*one.texts("tags"), one.text("tag"))} - {""}
    if not (closed or opened or tags or named):
        return
    about = or_(
        among(connection, debts.c.item, [name for name in named if name]),
        among(connection, debts.c.tag, tags),
        among(connection, debts.c.id, closed),
    )
    wanted = select(debts).where(debts.c.network == network, debts.c.closed.is_(None), about)
    for row in connection.execute(wanted.order_by(debts.c.opened, debts.c.id)):
        picture.debts[row.id] = DebtRow(
            row.id, CentralDebt(row.kind), row.item, row.tag, row.loan, row.opened, row.patron, row.evidence
        )
    if opened:
        known = select(debts.c.id).where(debts.c.network == network, among(connection, debts.c.id, opened))
        picture.known_debts |= set(connection.execute(known).scalars())


def _load_returns(connection: Connection, network: str, picture: Picture, told: Sequence[Told]) -> None:
    """Find returns already heard of copies this batch tells older things about: only where there are any."""
    oldest: dict[str, datetime] = {}
    for one in told:
        item = picture.items.get(one.text("item"))
        if item is not None and item.custody_at is not None and one.happened_at < item.custody_at:
            oldest[item.id] = min(one.happened_at, oldest.get(item.id, one.happened_at))
    if not oldest:
        return
    wanted = select(events.c.item, events.c.happened_at).where(
        events.c.network == network,
        among(connection, events.c.item, oldest),
        events.c.type == "returned",
        events.c.happened_at >= min(oldest.values()),
    )
    for row in connection.execute(wanted.order_by(events.c.happened_at)):
        picture.returns_after.setdefault(row.item, []).append(row.happened_at)
