"""What each event makes of the picture. Pure: same picture and event in, same picture out; nothing is refused.

A law the stations rest on: every thing an event names is told again, also where nothing about it changed. A station
leaves rows of the centre alone while its own newer events touch them; it hears of them once the centre has heard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.central.debts import GATE, CentralDebt
from kiosk.central.ingest.picture import DebtRow, PatronRow, Picture
from kiosk.central.ingest.told import Told
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind, Verdict


@dataclass(slots=True)
class Folding:
    """One event being folded into the picture; `flagged` once somebody must look."""

    picture: Picture
    told: Told
    flagged: bool = False

    @property
    def item(self) -> str:
        return self.told.text("item")

    def flag(
        self,
        kind: CentralDebt,
        *,
        item: str | None = None,
        loan: str | None = None,
        patron: str | None = None,
        **evidence: object,
    ) -> None:
        """Open a debt for a person, with what is known; one that stands already is not opened twice."""
        picture, told = self.picture, self.told
        self.flagged = True
        about = self.item if item is None else item
        if any(d.kind is kind and d.item == about and d.loan == loan for d in picture.open_debts()):
            return
        known = {name: value for name, value in evidence.items() if value is not None}
        known |= {"event": told.sent.id, "at": told.happened_at.isoformat()}
        if not told.certain:
            known["uncertain"] = True
        debt = DebtRow(
            new_id(told.happened_at), kind, about, "", loan, told.happened_at, patron, evidence=known, new=True
        )
        picture.debts[debt.id] = debt

    def group_of(self, patron: PatronRow | None) -> str:
        """Say which age group the figures count this under."""
        if patron is None:
            return ""
        return self.picture.policies.age_group(self.picture.station.branch, patron.category)

    def language(self) -> str:
        item = self.picture.items.get(self.item)
        return "" if item is None else item.language


Fold = Callable[[Folding], None]
ABOUT_STATIONS = frozenset({"gate-set", "debt-opened", "visit-ended", "tags-read", "card-proven"})
"""Events that say the same wherever a loan was decided."""


def fold(picture: Picture, told: Told, folds: dict[str, Fold]) -> Verdict:
    """Fold one event; one of a type nobody here knows is a fact all the same, and kept.

    So is what another library system decided: its loans and people are not ours, only debts and gate bits are.
    """
    folding = Folding(picture, told)
    theirs = told.text("decided_by") and told.sent.type not in ABOUT_STATIONS
    if not theirs and (known := folds.get(told.sent.type)) is not None:
        known(folding)
    settle_debts(folding)
    open_told_debts(folding)
    touch_named(folding)
    return Verdict.FLAGGED if folding.flagged else Verdict.NEW


def settle_debts(folding: Folding) -> None:
    """Close what the event says it closed."""
    for name in folding.told.texts("closed"):
        debt = folding.picture.debts.get(name)
        if debt is not None:
            folding.picture.close_debt(debt, folding.told.happened_at, folding.told.sent.id)


def open_told_debts(folding: Folding) -> None:
    """Open the debts the station found, under its own names for them."""
    picture, told = folding.picture, folding.told
    for said in told.debts():
        debt = _told_debt(said, told)
        if debt is None or debt.id in picture.known_debts:
            continue
        picture.known_debts.add(debt.id)
        same = (
            one for one in picture.open_debts() if (one.kind, one.item, one.tag) == (debt.kind, debt.item, debt.tag)
        )
        if next(same, None) is not None:
            continue
        picture.debts[debt.id] = debt
        folding.flagged = folding.flagged or debt.kind not in GATE
        if debt.kind in GATE:
            picture.touched[Kind.DEBT].add(debt.id)


def _told_debt(said: dict[str, Any], told: Told) -> DebtRow | None:
    try:
        kind = CentralDebt(str(said.get("kind")))
    except ValueError:
        return None
    evidence = said.get("evidence")
    known = dict(evidence) if isinstance(evidence, dict) else {}
    loan = known.get("loan")
    return DebtRow(
        id=str(said.get("id") or told.sent.id),
        kind=kind,
        item=str(said.get("item") or ""),
        tag=str(said.get("tag") or ""),
        loan=loan if isinstance(loan, str) else None,
        opened=told.happened_at,
        evidence={**known, "event": told.sent.id},
        new=True,
    )


def touch_named(folding: Folding) -> None:
    """Tell everything again the event names, and what is open about the same copy and the same tags.

    The station left all of that alone while its event was on the way.
    """
    picture, told = folding.picture, folding.told
    touched = picture.touched
    items = {told.text("item"), *(str(debt.get("item") or "") for debt in told.debts())} - {""}
    touched[Kind.ITEM] |= items & picture.items.keys()
    if not told.text("decided_by"):  # another system's loan is not here: told of it, the station would end its own
        touched[Kind.LOAN] |= {told.text("loan")} - {""}
        touched[Kind.LOAN] |= {loan.id for item in items if (loan := picture.open_loan(item)) is not None}
    patrons = {told.text("patron"), told.text("held_for")} - {""}
    loan = picture.loans.get(told.text("loan"))
    if loan is not None and loan.patron is not None:
        patrons.add(loan.patron)
    touched[Kind.PATRON] |= patrons & picture.patrons.keys()
    titles = {picture.items[item].title for item in items if item in picture.items}
    titles |= {told.text("fulfils"), told.text("title")}
    touched[Kind.HOLD] |= {told.text("hold")} - {""}
    touched[Kind.HOLD] |= {
        hold.id for hold in picture.holds.values() if hold.title in titles and (hold.changed or hold.patron in patrons)
    }
    tags = {*told.texts("tags"), told.text("tag")} - {""}
    touched[Kind.DEBT] |= {debt.id for debt in picture.debts.values() if debt.tag in tags or debt.item in items}
    touched[Kind.DEBT] |= {
        name for name in told.texts("closed") if name in picture.debts or name in picture.known_debts
    }
