"""What the law asks: a loan forgets its patron in time, a person can see and take away what is kept of them.

What stays after forgetting is what statistics and the sync need: that there was a loan, never whose.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update

from kiosk.central import audit, snapshots
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.circulation import expire_holds
from kiosk.central.errors import PatronError
from kiosk.central.mail import queue
from kiosk.central.policies import Policies
from kiosk.central.tables import (
    card_proofs,
    cards,
    debts,
    enrolment_codes,
    events,
    holds,
    loans,
    mails,
    nonces,
    patrons,
    pins,
)
from kiosk.wire.messages import Kind

_PERSONAL = ("patron", "held_for")
_IN_EVIDENCE = ("patron", "later_patron", "held_for", "slip_named", "earlier_patron", "named")
_BATCH = 500
NIGHT = "the nightly job"


@dataclass(frozen=True, slots=True)
class Night:
    """What one night forgot and ended."""

    loans: int
    holds: int
    events: int
    debts: int
    expired_holds: int
    snapshots: int

    def as_table(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


def nightly(centre: Centre, policies: Policies) -> Night:
    """Forget whose the loans were that closed long enough ago, end holds nobody fetched, drop what is used up.

    May run twice, at any hour, beside everything else.
    """
    before = centre.now() - timedelta(days=policies.loan_history_days)
    expired = expire_holds(centre, policies)

    def forget(work: Connection) -> Night:
        network = centre.network
        night = Night(
            loans=_forget_column(work, network, loans, loans.c.closed_at < before),
            holds=_forget_column(work, network, holds, holds.c.closed_at < before),
            events=_forget_events(work, network, before),
            debts=_forget_debts(work, network, before),
            expired_holds=expired,
            snapshots=snapshots.drop_old(work, centre),
        )
        queue.forget(work, network, centre.now())
        _drop_used(work, network, centre.now())
        details: Mapping[str, object] = night.as_table()
        audit.record(
            work, network, who=NIGHT, action="forget", subject="loan history", details=details, now=centre.now()
        )
        return night

    return centre.carry_out(forget)


def _forget_column(work: Connection, network: str, table: Table, old: ColumnElement[bool]) -> int:
    ours = (table.c.network == network) & table.c.patron.is_not(None) & old
    return work.execute(update(table).where(ours).values(patron=None)).rowcount


def _forget_events(work: Connection, network: str, before: datetime) -> int:
    """Take persons out of the events of loans that are over; number, id and hash stay, so a repetition is known."""
    running = select(loans.c.id).where(loans.c.network == network, loans.c.patron.is_not(None))
    still = set(work.execute(running).scalars())
    old = (events.c.network == network) & (events.c.happened_at < before) & events.c.payload.like('%"patron"%')
    wanted = select(events.c.station, events.c.epoch, events.c.seq, events.c.payload).where(old)
    forgotten = 0
    for row in work.execute(wanted).all():
        facts = json.loads(row.payload)
        if facts.get("loan") in still:
            continue
        kept = {name: fact for name, fact in facts.items() if name not in _PERSONAL}
        own = (events.c.network == network) & (events.c.station == row.station) & (events.c.epoch == row.epoch)
        own &= events.c.seq == row.seq
        work.execute(update(events).where(own).values(payload=json.dumps(kept, ensure_ascii=False)))
        forgotten += 1
    return forgotten


def _forget_debts(work: Connection, network: str, before: datetime) -> int:
    old = (debts.c.network == network) & (debts.c.closed < before)
    forgotten = 0
    for row in work.execute(select(debts.c.id, debts.c.patron, debts.c.evidence).where(old)).all():
        kept = {name: fact for name, fact in row.evidence.items() if name not in _IN_EVIDENCE}
        if row.patron is None and kept == row.evidence:
            continue
        own = (debts.c.network == network) & (debts.c.id == row.id)
        work.execute(update(debts).where(own).values(patron=None, evidence=kept))
        forgotten += 1
    return forgotten


def _drop_used(work: Connection, network: str, now: datetime) -> None:
    work.execute(delete(nonces).where(nonces.c.network == network, nonces.c.at < now - timedelta(hours=1)))
    old = (enrolment_codes.c.network == network) & (enrolment_codes.c.expires_at < now - timedelta(days=1))
    work.execute(delete(enrolment_codes).where(old))


# --- one person ----------------------------------------------------------------------------------------


def export(centre: Centre, card: str, by: str) -> dict[str, Any]:
    """Say everything that is kept of the person with this card. Raises: PatronError."""

    def read(work: Connection) -> dict[str, Any]:
        person = _person(work, centre.network, card)
        ours = {
            "loans": (loans, loans.c.patron), "holds": (holds, holds.c.patron), "cards": (cards, cards.c.patron),
            "debts": (debts, debts.c.patron), "mails": (mails, mails.c.patron),
        }  # fmt: skip
        found = {
            name: [_plain(row) for row in work.execute(
                select(table).where(table.c.network == centre.network, column == person["id"])
            ).mappings()]
            for name, (table, column) in ours.items()
        }  # fmt: skip
        audit.record(
            work, centre.network, who=by, action="export-patron", subject=person["id"], details={}, now=centre.now()
        )
        return {"patron": _plain(person), **found}

    return centre.carry_out(read)


def erase(centre: Centre, card: str, by: str) -> None:
    """Take everything away that is kept of a person. Raises: PatronError while books are out or money is owed."""

    def take_away(work: Connection) -> None:
        network, now = centre.network, centre.now()
        person = _person(work, network, card)
        who = person["id"]
        running = select(loans.c.id).where(loans.c.network == network, loans.c.patron == who, loans.c.state == "open")
        if (out := len(work.execute(running).all())) > 0:
            raise PatronError(f"{out} books are on loan to this patron: they come back first")
        if Decimal(person["fees"]) > 0:
            raise PatronError(f"{person['fees']} are owed: they are paid or waived first")
        waiting = (holds.c.network == network) & (holds.c.patron == who) & holds.c.closed_at.is_(None)
        ended = list(work.execute(select(holds.c.id).where(waiting)).scalars())
        work.execute(update(holds).where(waiting).values(closed_at=now, closed_why="erased"))
        for table in (loans, holds, debts):
            work.execute(update(table).where(table.c.network == network, table.c.patron == who).values(patron=None))
        _forget_proofs(work, network, who)
        for table in (pins, cards, mails):
            work.execute(delete(table).where(table.c.network == network, table.c.patron == who))
        _forget_in_events(work, network, who)
        empty = {
            "card": "",
            "given_name": "",
            "family_name": "",
            "born": None,
            "email": "",
            "phone": "",
            "guardian": None,
        }
        ours = (patrons.c.network == network) & (patrons.c.id == who)
        work.execute(update(patrons).where(ours).values(**empty, card_status="blocked", erased_at=now))
        touch(work, network, Kind.HOLD, ended)
        touch(work, network, Kind.PATRON, [who])
        audit.record(work, network, who=by, action="erase-patron", subject=who, details={}, now=now)

    centre.carry_out(take_away)


def _forget_proofs(work: Connection, network: str, who: str) -> None:
    """Forget that the person's cards proved themselves, here and in what stations told of it."""
    theirs = (cards.c.network == network) & (cards.c.patron == who)
    named = {name for row in work.execute(select(cards.c.number, cards.c.uid).where(theirs)) for name in row if name}
    ours = card_proofs.c.network == network
    same = card_proofs.c.uid.in_(named) | card_proofs.c.number.in_(named)
    rows = work.execute(select(card_proofs).where(ours & same))
    named |= {name for row in rows for name in (row.uid, row.number) if name}
    work.execute(delete(card_proofs).where(ours & card_proofs.c.uid.in_(named)))
    for name in sorted(named):
        _forget_in_events(work, network, name)


def _forget_in_events(work: Connection, network: str, who: str) -> None:
    naming = (events.c.network == network) & events.c.payload.like(f'%"{who}"%')
    for row in work.execute(
        select(events.c.station, events.c.epoch, events.c.seq, events.c.payload).where(naming)
    ).all():
        kept = {name: fact for name, fact in json.loads(row.payload).items() if fact != who}
        own = (events.c.network == network) & (events.c.station == row.station) & (events.c.epoch == row.epoch)
        own &= events.c.seq == row.seq
        work.execute(update(events).where(own).values(payload=json.dumps(kept, ensure_ascii=False)))


def merge(centre: Centre, gone: str, into: str, by: str) -> None:
    """Make two patrons one: loans, holds, fees and cards go over to the card *into*. Raises: PatronError."""

    def unite(work: Connection) -> None:
        network, now = centre.network, centre.now()
        old, kept = _person(work, network, gone), _person(work, network, into)
        if old["id"] == kept["id"]:
            raise PatronError("both cards are of the same patron")
        both = select(holds.c.title).where(
            holds.c.network == network, holds.c.patron == kept["id"], holds.c.closed_at.is_(None)
        )
        doubled = (holds.c.network == network) & (holds.c.patron == old["id"]) & holds.c.closed_at.is_(None)
        doubled &= holds.c.title.in_(both)
        work.execute(update(holds).where(doubled).values(closed_at=now, closed_why="merged"))
        moved = {
            kind: list(work.execute(select(t.c.id).where(t.c.network == network, t.c.patron == old["id"])).scalars())
            for kind, t in ((Kind.LOAN, loans), (Kind.HOLD, holds))
        }
        for table in (loans, holds, cards, debts, mails):
            of_old = (table.c.network == network) & (table.c.patron == old["id"])
            work.execute(update(table).where(of_old).values(patron=kept["id"]))
        work.execute(delete(pins).where(pins.c.network == network, pins.c.patron == old["id"]))
        fees = Decimal(old["fees"]) + Decimal(kept["fees"])
        for who, values in ((kept["id"], {"fees": fees}), (old["id"], {"fees": Decimal(0), "merged_into": kept["id"]})):
            work.execute(update(patrons).where(patrons.c.network == network, patrons.c.id == who).values(values))
        for kind, keys in moved.items():
            touch(work, network, kind, keys)
        touch(work, network, Kind.PATRON, [old["id"], kept["id"]])
        details = {"into": kept["id"]}
        audit.record(work, network, who=by, action="merge-patron", subject=old["id"], details=details, now=now)

    centre.carry_out(unite)


def _person(work: Connection, network: str, card: str) -> Mapping[str, Any]:
    numbered = select(cards.c.patron).where(cards.c.network == network, cards.c.number == card)
    alive = (patrons.c.network == network) & patrons.c.erased_at.is_(None)
    mine = or_(patrons.c.id.in_(numbered), patrons.c.card == card)
    row = work.execute(select(patrons).where(alive, mine).limit(1)).mappings().one_or_none()
    if row is None:
        raise PatronError(f"nobody has the card {card}")
    return dict(row)


def _plain(row: Any) -> dict[str, Any]:
    return {name: _text(value) for name, value in dict(row).items() if name not in ("network", "verifier")}


def _text(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, (date, datetime))
        else str(value)
        if isinstance(value, Decimal)
        else value
    )
