"""Returns as stations tell of them. The book is back: what follows for loan, fee, queue and shelf is settled here."""

from decimal import Decimal, InvalidOperation

from kiosk.central.debts import GATE, CentralDebt
from kiosk.central.ingest.fold import Folding
from kiosk.central.ingest.picture import HoldRow, ItemRow, LoanRow
from kiosk.circulation.calendar import lifted
from kiosk.circulation.model import (
    BranchId,
    CategoryId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    ItemTypeId,
    Loan,
    LoanId,
    PatronId,
    Title,
    TitleId,
)
from kiosk.circulation.rules import TakeBack, decide_checkin
from kiosk.wire.messages import Kind

_EVIDENTLY_HERE = (ItemStatus.IN_TRANSIT, ItemStatus.LOST)
_MAY_TRAVEL = (ItemStatus.AVAILABLE, *_EVIDENTLY_HERE)


def returned(folding: Folding) -> None:
    """Close what the copy was on loan for, charge what is due, and say whom it serves next."""
    picture, told = folding.picture, folding.told
    at, item = told.happened_at, picture.items.get(folding.item)
    named = picture.loans.get(told.text("loan"))
    running = picture.open_loan(folding.item)
    ended = running if running is not None and running.lent_at <= at else None
    fee = _fee(folding, named, item)
    _close(folding, ended)
    if named is not None and named is not ended:
        _find_again(folding, named)
    _find_unseen(folding)
    _charge(folding, named or ended, fee)
    loan = named or ended
    patron = None if loan is None else picture.patrons.get(loan.patron or "")
    picture.count("return", at, group=folding.group_of(patron), language=folding.language())
    _close_gate_debts(folding)
    latest = item is not None and (item.custody_at is None or item.custody_at <= at)
    if item is None:
        folding.flag(CentralDebt.UNKNOWN_ITEM)
    elif latest and (running is None or running is ended):
        _shelve(folding, item, on_loan=ended is not None or named is not None)


def _close(folding: Folding, loan: LoanRow | None) -> None:
    if loan is None:
        return
    picture = folding.picture
    loan.close("returned", folding.told.happened_at, picture.station)
    picture.touched[Kind.LOAN].add(loan.id)
    patron = picture.patrons.get(loan.patron or "")
    if patron is not None:
        patron.open_loans -= 1
        picture.touched[Kind.PATRON].add(patron.id)


def _find_again(folding: Folding, loan: LoanRow) -> None:
    """The loan the station closed was closed here before; it is told again so that the station knows."""
    folding.picture.touched[Kind.LOAN].add(loan.id)


def _find_unseen(folding: Folding) -> None:
    """A return heard late explains a loan that had to end unseen: the debt about it is settled by itself."""
    picture, at = folding.picture, folding.told.happened_at
    for loan in picture.loans_of_item(folding.item):
        if loan.state == "unseen" and loan.closed_at is not None and loan.lent_at <= at <= loan.closed_at:
            loan.close("returned", at, picture.station)
            for debt in list(picture.open_debts()):
                if debt.kind is CentralDebt.RETURNED_UNSEEN and debt.loan == loan.id:
                    picture.close_debt(debt, at, folding.told.sent.id)


def _fee(folding: Folding, named: LoanRow | None, item: ItemRow | None) -> Decimal:
    """Say what the patron owes for this return: what the station said, unless the centre knows of a longer term.

    A loan that ended unseen before is never charged again: nobody can say when the book was really back.
    """
    told = folding.told
    if named is None or named.state not in ("open", "returned"):
        return Decimal(0)
    if named.state == "returned":
        return Decimal(0)  # charged when it was closed
    try:
        said = Decimal(told.text("fee") or "0")
    except InvalidOperation:
        return Decimal(0)
    if not said or named.due.isoformat() == told.text("due") or item is None:
        return said
    return min(said, decide_return(folding, item, named).fee)


def _charge(folding: Folding, loan: LoanRow | None, fee: Decimal) -> None:
    patron = folding.picture.patrons.get("" if loan is None or loan.patron is None else loan.patron)
    if patron is None or not fee:
        return
    patron.fees += fee
    patron.changed = True
    folding.picture.touched[Kind.PATRON].add(patron.id)


def _close_gate_debts(folding: Folding) -> None:
    """The tags that came back were seen armed: what was owed on them before is settled."""
    tags, at = set(folding.told.texts("tags")), folding.told.happened_at
    for debt in list(folding.picture.open_debts()):
        if debt.kind in GATE and debt.tag in tags and debt.opened <= at:
            folding.picture.close_debt(debt, at, folding.told.sent.id)


def _shelve(folding: Folding, item: ItemRow, *, on_loan: bool) -> None:
    """Say where the copy is and goes, and who is to have it."""
    picture, told = folding.picture, folding.told
    here = picture.station.branch
    if not on_loan and item.location != here and item.status is not ItemStatus.IN_TRANSIT:
        folding.flag(CentralDebt.ITEM_ELSEWHERE, stood_at=item.location, found_at=here)
    decision = decide_return(folding, item, None)
    item.location, item.custody_at, item.changed = here, told.happened_at, True
    if decision.destination is not None and item.status in _MAY_TRAVEL:
        item.status = ItemStatus.IN_TRANSIT
    elif decision.destination is None and item.status in _EVIDENTLY_HERE:
        item.status = ItemStatus.AVAILABLE
    _serve(folding, item, decision)


def _serve(folding: Folding, item: ItemRow, decision: TakeBack) -> None:
    picture, told = folding.picture, folding.told
    for other in picture.queue(item.title):
        chosen = decision.hold_for is not None and other.patron == decision.hold_for.patron
        if chosen:
            ready_at = told.happened_at if decision.destination is None else None
            other.status, other.item, other.ready_at, other.changed = "ready", item.id, ready_at, True
            picture.touched[Kind.HOLD].add(other.id)
        elif other.status == "ready" and other.item == item.id:
            other.status, other.item, other.ready_at, other.changed = "waiting", None, None, True
            picture.touched[Kind.HOLD].add(other.id)
    said = picture.survivor(told.text("held_for")) if told.text("held_for") else ""
    meant = "" if decision.hold_for is None else str(decision.hold_for.patron)
    if said != meant:
        folding.flag(
            CentralDebt.HOLD_MOVED,
            patron=meant or None,
            slip_named=said or None,
            destination=decision.destination,
            title=item.title_name,
        )


def decide_return(folding: Folding, row: ItemRow, loan: LoanRow | None, here: BranchId | None = None) -> TakeBack:
    """Ask the rules the stations have, with what the centre knows. *here* is where the copy is: at this station."""
    picture, at = folding.picture, folding.told.happened_at
    place = here or BranchId(picture.station.branch)
    branch = picture.policies.of(place) or next(iter(picture.policies.branches.values()))
    patron = None if loan is None else picture.patrons.get(loan.patron or "")
    return decide_checkin(
        _item(row),
        None if loan is None else lifted(_loan(loan), branch.hours),
        tuple(_hold(hold) for hold in picture.queue(row.title)),
        branch.policy,
        None if patron is None else CategoryId(patron.category),
        place,
        branch.hours,
        picture.policies.day_of(at),
    )


def _item(row: ItemRow) -> Item:
    title = Title(TitleId(row.title), row.title_name)
    return Item(ItemId(row.id), title, ItemTypeId(row.type), BranchId(row.branch), row.status)


def _loan(row: LoanRow) -> Loan:
    return Loan(
        LoanId(row.id), ItemId(row.item), PatronId(row.patron or ""), ItemTypeId(row.item_type), row.lent_at, row.due
    )


def _hold(row: HoldRow) -> Hold:
    item = None if row.item is None else ItemId(row.item)
    return Hold(
        PatronId(row.patron), TitleId(row.title), row.placed_at, BranchId(row.pickup), HoldStatus(row.status), item
    )
