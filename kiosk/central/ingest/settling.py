"""Gate bits and visits as stations tell of them."""

from kiosk.central.debts import CentralDebt
from kiosk.central.ingest.fold import Folding
from kiosk.central.ingest.picture import ProofRow, TagRow
from kiosk.tags.health import COUNTS, TagCounts

_LONGEST, _MOST = 64, 1_000_000_000


def gate_set(folding: Folding) -> None:
    """A tag was written and read back. It settles what was owed on it, and is the second fact of a loan."""
    picture, told = folding.picture, folding.told
    armed = told.facts.get("armed")
    settled = CentralDebt.GATE_NOT_ARMED if armed is True else CentralDebt.GATE_NOT_CLEARED
    for debt in list(picture.open_debts()):
        if debt.kind is settled and debt.tag == told.text("tag") and debt.opened <= told.happened_at:
            picture.close_debt(debt, told.happened_at, told.sent.id)
    loan = picture.loans.get(told.text("loan"))
    if armed is False and loan is not None and loan.gate_cleared_at is None:
        loan.gate_cleared_at, loan.changed = told.happened_at, True


def visit_ended(folding: Folding) -> None:
    """Somebody was at a station; who, nobody says. Counted, with every refusal and its reason."""
    picture, told = folding.picture, folding.told
    group = told.text("age_group")
    picture.count("visit", told.happened_at, group=group, detail=told.text("kind"))
    refusals = told.facts.get("refusals")
    for reason, times in refusals.items() if isinstance(refusals, dict) else ():
        if isinstance(times, int) and times > 0:
            picture.count("refusal", told.happened_at, group=group, detail=str(reason)[:60], n=times)


def tags_read(folding: Folding) -> None:
    """How well tags could be read, as the station has counted so far. What is no such thing is left out."""
    said = folding.told.facts.get("readings")
    for one in said if isinstance(said, list) else ():
        tag = one.get("tag") if isinstance(one, dict) else None
        if not isinstance(tag, str) or not tag:
            continue
        item = one.get("item")
        counts = TagCounts(*(_count(one.get(name)) for name in COUNTS))
        row = TagRow(tag[:_LONGEST], item[:_LONGEST] if isinstance(item, str) else "", counts, folding.told.happened_at)
        folding.picture.tags.append(row)


def card_proven(folding: Folding) -> None:
    """A card proved itself: it need not be replaced. One that is told without a UID is none."""
    told = folding.told
    if uid := told.text("uid")[:_LONGEST]:
        folding.picture.proofs.append(ProofRow(uid, told.text("number")[:_LONGEST], told.happened_at))


def _count(said: object) -> int:
    return min(max(said, 0), _MOST) if isinstance(said, int) else 0


def debt_opened(folding: Folding) -> None:
    """The debts themselves are opened for every event alike."""
