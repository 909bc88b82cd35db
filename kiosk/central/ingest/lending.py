"""Loans as stations tell of them: lent, taken back before they left, renewed."""

from datetime import date, timedelta

from kiosk.central.debts import CentralDebt
from kiosk.central.ingest.fold import Folding
from kiosk.central.ingest.picture import HoldRow, ItemRow, LoanRow, PatronRow
from kiosk.circulation.model import CategoryId, ItemStatus
from kiosk.wire.messages import Kind

NEW_ACQUISITION = timedelta(days=180)
_NOT_LENT = (ItemStatus.WITHDRAWN, ItemStatus.NOT_FOR_LOAN)
_EVIDENTLY_HERE = (ItemStatus.IN_TRANSIT, ItemStatus.LOST)


def lent(folding: Folding) -> None:
    """A copy left with a patron. The latest holder by the centre's clock has it; what disagrees is a debt."""
    picture, told = folding.picture, folding.told
    if told.text("loan") in picture.loans:
        return  # told before, by a station whose disk was restored
    item = picture.items.get(folding.item)
    patron_id = picture.survivor(told.text("patron"))
    patron = picture.patrons.get(patron_id)
    loan = LoanRow(
        id=told.text("loan"),
        item=folding.item,
        patron=patron_id if patron is not None else None,
        item_type=item.type if item is not None else "",
        lent_at=told.happened_at,
        due=_day(told.text("due")) or told.happened_at.date(),
        branch=picture.station.branch,
        station=picture.station.id,
        new=True,
    )
    _take_place(folding, loan, item)
    _fulfil(folding, loan, item)
    _object(folding, loan, item, patron)
    if patron is not None and loan.state == "open":
        patron.open_loans += 1
    if item is not None:
        _see_leaving(folding, item)
    _close_arming_debts(folding)
    fresh = item is not None and loan.lent_at - item.title_added <= NEW_ACQUISITION
    picture.count(
        "loan",
        told.happened_at,
        group=folding.group_of(patron),
        language=folding.language(),
        detail="new-acquisition" if fresh else "",
    )


def _take_place(folding: Folding, loan: LoanRow, item: ItemRow | None) -> None:
    """Put the loan in its place in the order of custody: at its end it is open, before it it ended unseen."""
    picture = folding.picture
    running = picture.open_loan(loan.item)
    back = next((at for at in picture.returns_after.get(loan.item, ()) if at >= loan.lent_at), None)
    if running is not None and running.lent_at <= loan.lent_at:
        _supersede(folding, running, loan)
    elif back is not None and (running is None or back <= running.lent_at):
        loan.close("returned", back)
    elif running is not None:
        loan.close("unseen", running.lent_at)
        _name_unseen(folding, earlier=loan, later=running)
    elif item is not None and item.custody_at is not None and item.custody_at > loan.lent_at:
        loan.close("unseen", item.custody_at)
    picture.add_loan(loan)
    picture.touched[Kind.LOAN].add(loan.id)


def _supersede(folding: Folding, earlier: LoanRow, later: LoanRow) -> None:
    picture = folding.picture
    earlier.close("unseen", later.lent_at)
    picture.touched[Kind.LOAN].add(earlier.id)
    holder = picture.patrons.get(earlier.patron or "")
    if holder is not None:
        holder.open_loans -= 1
        picture.touched[Kind.PATRON].add(holder.id)
    _name_unseen(folding, earlier, later)


def _name_unseen(folding: Folding, earlier: LoanRow, later: LoanRow) -> None:
    """Somebody else has it before anybody heard that it was back; the same patron again is no matter for a person."""
    if earlier.patron == later.patron:
        return
    folding.flag(
        CentralDebt.RETURNED_UNSEEN,
        loan=earlier.id,
        patron=earlier.patron,
        earlier_station=earlier.station,
        earlier_lent_at=earlier.lent_at.isoformat(),
        later_loan=later.id,
        later_patron=later.patron,
        later_station=later.station,
        later_lent_at=later.lent_at.isoformat(),
    )


def _fulfil(folding: Folding, loan: LoanRow, item: ItemRow | None) -> None:
    """End the hold this loan is the answer to: the patron's own on this title."""
    picture = folding.picture
    title = folding.told.text("fulfils") or (item.title if item is not None else "")
    own = next((hold for hold in picture.queue(title) if hold.patron == loan.patron), None)
    if own is None:
        return
    own.closed_at, own.closed_why, own.changed = loan.lent_at, "fulfilled", True
    loan.fulfils = own.id
    picture.touched[Kind.HOLD].add(own.id)


def _object(folding: Folding, loan: LoanRow, item: ItemRow | None, patron: PatronRow | None) -> None:
    """Name what the rules would have said. The loan stands: the book is gone."""
    if item is None:
        folding.flag(CentralDebt.UNKNOWN_ITEM, loan=loan.id, patron=loan.patron)
    elif item.status in _NOT_LENT:
        folding.flag(CentralDebt.ITEM_NOT_LENDABLE, loan=loan.id, patron=loan.patron, status=item.status.value)
    if patron is None:
        folding.flag(CentralDebt.UNKNOWN_PATRON, loan=loan.id, named=folding.told.text("patron"))
        return
    if patron.card_status != "active":
        folding.flag(CentralDebt.PATRON_BLOCKED, loan=loan.id, patron=patron.id, status=patron.card_status)
    branch = folding.picture.policies.of(loan.branch)
    category = None if branch is None else branch.policy.categories.get(CategoryId(patron.category))
    if category is not None and loan.state == "open" and patron.open_loans + 1 > category.max_loans:
        folding.flag(
            CentralDebt.OVER_LIMIT, loan=loan.id, patron=patron.id, has=patron.open_loans + 1, may=category.max_loans
        )
    _object_to_hold(folding, loan)


def _object_to_hold(folding: Folding, loan: LoanRow) -> None:
    """A copy that was set aside left with somebody else: its patron waits for the next one."""
    picture = folding.picture
    for hold in picture.holds.values():
        if hold.closed_at is None and hold.status == "ready" and hold.item == loan.item and hold.patron != loan.patron:
            _wait_again(hold)
            picture.touched[Kind.HOLD].add(hold.id)
            folding.flag(
                CentralDebt.HELD_FOR_ANOTHER, loan=loan.id, patron=loan.patron, hold=hold.id, held_for=hold.patron
            )


def _wait_again(hold: HoldRow) -> None:
    hold.status, hold.item, hold.ready_at, hold.changed = "waiting", None, None, True


def _see_leaving(folding: Folding, item: ItemRow) -> None:
    at = folding.told.happened_at
    if item.custody_at is not None and item.custody_at > at:
        return
    item.custody_at, item.location, item.changed = at, folding.picture.station.branch, True
    if item.status in _EVIDENTLY_HERE:
        item.status = ItemStatus.AVAILABLE


def _close_arming_debts(folding: Folding) -> None:
    """A tag under a loan is not to be armed any more."""
    tags = set(folding.told.texts("tags"))
    for debt in list(folding.picture.open_debts()):
        if debt.kind is CentralDebt.GATE_NOT_ARMED and debt.tag in tags and debt.opened <= folding.told.happened_at:
            folding.picture.close_debt(debt, folding.told.happened_at, folding.told.sent.id)


def loan_voided(folding: Folding) -> None:
    """The copy never left: its gate bit could not be cleared."""
    picture, told = folding.picture, folding.told
    loan = picture.loans.get(told.text("loan"))
    if loan is None:
        return
    was_open = loan.state == "open"
    loan.close("voided", told.happened_at, picture.station)
    picture.touched[Kind.LOAN].add(loan.id)
    patron = picture.patrons.get(loan.patron or "")
    if was_open and patron is not None:
        patron.open_loans -= 1
    hold = picture.holds.get(loan.fulfils or "")
    if hold is not None and hold.closed_why == "fulfilled":
        waits_again = all(other.patron != hold.patron for other in picture.queue(hold.title))
        if waits_again:
            hold.closed_at, hold.closed_why, hold.changed = None, None, True
            picture.touched[Kind.HOLD].add(hold.id)
    picture.count("voided", told.happened_at, group=folding.group_of(patron), language=folding.language())


def renewed(folding: Folding) -> None:
    """A patron keeps a copy longer. The longest term anybody gave stands."""
    picture, told = folding.picture, folding.told
    loan = picture.loans.get(told.text("loan"))
    if loan is None or loan.state != "open":
        return
    due = _day(told.text("due"))
    if due is not None and due > loan.due:
        loan.due, loan.changed = due, True
    renewals = told.facts.get("renewals")
    if isinstance(renewals, int) and renewals > loan.renewals:
        loan.renewals, loan.changed = renewals, True
    patron = picture.patrons.get(loan.patron or "")
    item = picture.items.get(loan.item)
    others = [] if item is None else [h for h in picture.queue(item.title) if h.patron != loan.patron]
    waiting = [hold.id for hold in others if hold.status == "waiting"]
    if waiting:
        folding.flag(CentralDebt.RENEWED_DESPITE_HOLD, loan=loan.id, patron=loan.patron, holds=waiting)
    picture.count("renewal", told.happened_at, group=folding.group_of(patron), language=folding.language())


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
