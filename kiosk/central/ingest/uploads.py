"""Takes in what stations upload: in order, once, whole. The doors of this package."""

import logging
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central import incarnations
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.debts import CentralDebt, open_debt
from kiosk.central.identity import StationIdentity
from kiosk.central.ingest import holding, lending, mailing, returning, settling
from kiosk.central.ingest.fold import Fold, fold
from kiosk.central.ingest.load import load
from kiosk.central.ingest.picture import Picture
from kiosk.central.ingest.save import event_row, save, save_events
from kiosk.central.ingest.told import Told, UnreadableEvent, read
from kiosk.central.policies import Policies
from kiosk.central.tables import epochs, events, items
from kiosk.wire.messages import Kind, Received, SentEvent, Unreadable, Upload, Verdict

logger = logging.getLogger(__name__)

NEWEST_EPOCHS = 20

FOLDS: dict[str, Fold] = {
    "lent": lending.lent,
    "loan-voided": lending.loan_voided,
    "renewed": lending.renewed,
    "returned": returning.returned,
    "gate-set": settling.gate_set,
    "debt-opened": settling.debt_opened,
    "hold-placed": holding.hold_placed,
    "hold-cancelled": holding.hold_cancelled,
    "visit-ended": settling.visit_ended,
    "receipt-wanted": mailing.receipt_wanted,
    "tags-read": settling.tags_read,
    "card-proven": settling.card_proven,
}


class Inconsistent(Exception):
    """Two different events under one number: a station's disk was copied to a second computer. Nothing was stored."""


def take_in(centre: Centre, policies: Policies, station: StationIdentity, upload: Upload) -> Received:
    """Take in a batch in one transaction; durable when this returns. Repeating it changes nothing.

    A batch that begins after what is known stores nothing: the answer says from where to send.
    Raises: Inconsistent, CentreUnavailable.
    """
    return centre.carry_out(lambda work: _Intake(centre, policies, station, work, upload.epoch).take_in(upload))


def set_aside(centre: Centre, station: StationIdentity, unreadable: Unreadable) -> Received:
    """Keep one event the centre fails on as it is, and make a debt of it, so that the rest can go on.

    Raises: Inconsistent, CentreUnavailable.
    """
    policies = None
    return centre.carry_out(
        lambda work: _Intake(centre, policies, station, work, unreadable.epoch).set_aside(unreadable)
    )


def heard(connection: Connection, network: str, station: str) -> dict[str, int]:
    """Say what is known of a station, per epoch: the highest number with none missing before it. Newest 20 epochs."""
    wanted = select(epochs.c.epoch, epochs.c.have).where(epochs.c.network == network, epochs.c.station == station)
    rows = connection.execute(wanted.order_by(epochs.c.heard_at.desc()).limit(NEWEST_EPOCHS))
    return {row.epoch: row.have for row in rows}


class _Intake:
    """One batch of one epoch, in one transaction."""

    def __init__(
        self, centre: Centre, policies: Policies | None, station: StationIdentity, work: Connection, epoch: str
    ) -> None:
        self._network, self._work, self._station, self._epoch = centre.network, work, station, epoch
        self._policies = policies
        self._now = centre.now()
        self._have, self._head = self._lock_epoch()

    def take_in(self, upload: Upload) -> Received:
        known = [one for one in upload.events if one.seq <= self._have]
        self._compare(known)
        verdicts = [(one.id, Verdict.KNOWN) for one in known]
        fresh = list(self._contiguous(upload.events))
        if upload.events and not fresh and not known:
            return self._answer(verdicts, self._doubt(upload))
        if fresh:
            verdicts += self._fold(fresh, upload.clock_offset)
            self._advance(fresh[-1])
        return self._answer(verdicts)

    def set_aside(self, unreadable: Unreadable) -> Received:
        sent = unreadable.event
        if sent.seq <= self._have:
            self._compare([sent])
            return self._answer([(sent.id, Verdict.KNOWN)])
        if sent.seq > self._have + 1:
            return self._answer([])
        self._keep_unreadable(sent, unreadable.why)
        self._advance(sent)
        return self._answer([(sent.id, Verdict.FLAGGED)])

    def _lock_epoch(self) -> tuple[int, str]:
        new = {
            "network": self._network,
            "station": self._station.id,
            "epoch": self._epoch,
            "have": 0,
            "head_hash": "",
            "heard_at": self._now,
        }
        dialect = postgresql if self._work.dialect.name == "postgresql" else sqlite
        self._work.execute(dialect.insert(epochs).values(new).on_conflict_do_nothing())
        row = self._work.execute(select(epochs.c.have, epochs.c.head_hash).where(self._own()).with_for_update()).one()
        return row.have, row.head_hash

    def _own(self) -> ColumnElement[bool]:
        return (
            (epochs.c.network == self._network)
            & (epochs.c.station == self._station.id)
            & (epochs.c.epoch == self._epoch)
        )

    def _compare(self, known: Sequence[SentEvent]) -> None:
        """What was heard before must be what was heard then."""
        if not known:
            return
        wanted = select(events.c.seq, events.c.hash).where(
            events.c.network == self._network,
            events.c.station == self._station.id,
            events.c.epoch == self._epoch,
            events.c.seq.in_([one.seq for one in known]),
        )
        kept = {row.seq: row.hash for row in self._work.execute(wanted)}
        for one in known:
            if kept.get(one.seq, one.hash) != one.hash:
                raise Inconsistent(
                    f"station {self._station.id} says something else now under number {one.seq} of {self._epoch}: "
                    "was its disk copied to a second computer?"
                )

    def _contiguous(self, sent: Sequence[SentEvent]) -> Sequence[SentEvent]:
        following = sorted((one for one in sent if one.seq > self._have), key=lambda one: one.seq)
        expected = range(self._have + 1, self._have + 1 + len(following))
        return [one for one, seq in zip(following, expected, strict=True) if one.seq == seq]

    def _doubt(self, upload: Upload) -> str | None:
        """A station told of more than is known here by this very incarnation proves that a backup was restored."""
        if upload.incarnation != incarnations.present(self._work, self._network):
            return None
        logger.warning("%s was told of events this database does not have: it was restored", self._station.id)
        cause = f"{self._station.id} was told of more than is known here"
        return incarnations.begin(self._work, self._network, cause, self._now, instead_of=upload.incarnation)

    def _fold(self, fresh: Sequence[SentEvent], offset: float) -> list[tuple[str, Verdict]]:
        assert self._policies is not None, "folding needs the rules"
        picture = Picture(self._station, self._policies)
        readable: dict[int, Told] = {}
        for sent in fresh:
            try:
                readable[sent.seq] = read(sent, self._epoch, offset, self._now)
            except UnreadableEvent as error:
                self._open_unreadable(sent, str(error))
        load(self._work, self._network, picture, list(readable.values()))
        rows, verdicts = [], []
        for sent in fresh:
            told = readable.get(sent.seq)
            verdict = Verdict.FLAGGED if told is None else fold(picture, told, FOLDS)
            verdicts.append((sent.id, verdict))
            rows.append(event_row(sent, told, "unreadable" if told is None else verdict.value, self._now))
        save_events(self._work, self._network, self._station.id, self._epoch, rows)
        save(self._work, self._network, picture, self._now)
        self._check_chain(fresh)
        return verdicts

    def _check_chain(self, fresh: Sequence[SentEvent]) -> None:
        expected = self._head or fresh[0].prev_hash
        for sent in fresh:
            if sent.prev_hash != expected:
                evidence = {"epoch": self._epoch, "seq": sent.seq, "event": sent.id}
                self._open(CentralDebt.JOURNAL_BROKEN, evidence)
                return
            expected = sent.hash

    def _keep_unreadable(self, sent: SentEvent, why: str) -> None:
        save_events(
            self._work, self._network, self._station.id, self._epoch, [event_row(sent, None, "unreadable", self._now)]
        )
        self._open_unreadable(sent, why)

    def _open_unreadable(self, sent: SentEvent, why: str) -> None:
        evidence = {"epoch": self._epoch, "seq": sent.seq, "event": sent.id, "type": sent.type, "why": why[:2000]}
        self._open(CentralDebt.UNREADABLE_EVENT, evidence, loan=sent.id)
        self._touch_if_named(sent)

    def _touch_if_named(self, sent: SentEvent) -> None:
        try:
            told = read(sent, self._epoch, 0.0, self._now)
        except UnreadableEvent:
            return
        named = select(items.c.id).where(items.c.network == self._network, items.c.id == told.text("item"))
        touch(self._work, self._network, Kind.ITEM, self._work.execute(named).scalars())

    def _open(self, kind: CentralDebt, evidence: dict[str, object], loan: str | None = None) -> None:
        open_debt(
            self._work,
            self._network,
            kind=kind,
            evidence=evidence,
            at=self._now,
            loan=loan,
            branch=self._station.branch,
            station=self._station.id,
        )

    def _advance(self, last: SentEvent) -> None:
        self._have, self._head = last.seq, last.hash
        advanced = {"have": last.seq, "head_hash": last.hash, "heard_at": self._now}
        self._work.execute(update(epochs).where(self._own()).values(advanced))

    def _answer(self, verdicts: list[tuple[str, Verdict]], incarnation: str | None = None) -> Received:
        return Received(
            incarnation=incarnation or incarnations.present(self._work, self._network),
            epoch=self._epoch,
            have=self._have,
            verdicts=tuple(verdicts),
        )
