"""The journal goes up: in order, in batches, until the centre says it has everything. Losing an answer costs nothing.

A batch the centre fails on is halved until one event stands alone; that one is set aside at the centre as it is, and
the rest goes on. Order is never given up: while even that fails, nothing behind it is sent.
"""

import logging
from dataclasses import replace
from itertools import takewhile

from pydantic import ValidationError

from kiosk.store.engine import Store
from kiosk.store.outbox import Batch, Unsent, last_position, newest_acknowledged, next_batch
from kiosk.store.replica.centres import heard, meet, vouched
from kiosk.sync.centre_clock import DRIFT, CentreClock
from kiosk.sync.errors import Poisoned
from kiosk.sync.line import Line
from kiosk.sync.weather import Weather
from kiosk.wire.journal_row import moment_text
from kiosk.wire.messages import MOST_EVENTS, Received, SentEvent, Unreadable, Upload

log = logging.getLogger(__name__)

MOST_UPLOAD = 256_000
"""Bytes of events in one upload."""
_LONGEST_WHY = 2000


SURE_EVERY = 25
"""Glances after which the journal is looked at whatever its file says: two writes may fall into one tick of time."""


class Uploader:
    """Sends what waits, batch by batch. For one thread."""

    def __init__(self, store: Store, line: Line, clock: CentreClock, weather: Weather) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._weather = weather
        self._most = MOST_EVENTS
        self._met = ""
        self._doubting = False
        self._trace: tuple[int, int] | None = None
        self._glances = 0
        self._torn: set[str] = set()  # epochs with rows missing between what the centre has and what is kept here

    def send_next(self) -> bool:
        """Send one batch; False when there is none. Raises: SyncError, StoreError - everything still waits."""
        if not self._clock.measured:
            self._line.time()  # the centre orders what stations tell by its own clock
        self._doubting = self._weather.take_doubt() or self._doubting
        if self._doubting:
            self._ask_back()
        batch = self._store.look(
            lambda connection: next_batch(connection, self._most, MOST_UPLOAD, self._torn), writes=False
        )
        if batch is None:
            return False
        batch = self._booked_by_one_clock(batch)
        try:
            answer = self._line.events(self._upload(batch))
        except (Poisoned, ValidationError) as poison:
            self._halve(batch, str(poison))
            return True
        self._most = min(self._most * 2, MOST_EVENTS)
        self._note(batch, answer)
        return True

    def _ask_back(self) -> None:
        """Send the last event the centre said it has once more. One that lacks it was restored, and learns so by it."""
        last = self._store.look(newest_acknowledged, writes=False)
        if last is not None:
            try:
                self._note(last, self._line.events(self._upload(last)))
            except (Poisoned, ValidationError) as poison:
                log.warning("the centre fails on the event it said it has: %s", poison)
        self._doubting = False

    def news(self, position: int) -> int | None:
        """Say how far the journal is written, where that is not *position* any more; None while it is.

        A ledger nobody has written to is not opened for it: a station that rests is asked this all night.
        """
        trace = self._store.trace()
        self._glances += 1
        if trace is not None and trace == self._trace and self._glances % SURE_EVERY:
            return None
        self._trace = trace
        written = self._store.look(last_position, writes=False)
        return None if written == position else written

    def _booked_by_one_clock(self, batch: Batch) -> Batch:
        """Cut a batch where the station's clock was set: an upload has one offset for all of it."""
        first = self._offset(batch.rows[0])
        rows = tuple(takewhile(lambda row: abs(self._offset(row) - first) <= DRIFT, batch.rows))
        return replace(batch, rows=rows)

    def _offset(self, row: Unsent) -> float:
        """Say how far the clock was off that *row* was booked by; of an earlier power-on only today's can be said."""
        if row.boot != self._store.run.boot:
            return self._clock.offset()
        return self._clock.offset_at(row.at, row.monotonic)

    def _upload(self, batch: Batch) -> Upload:
        events = tuple(_sent(row) for row in batch.rows)
        return Upload(
            epoch=batch.epoch,
            incarnation=vouched(self._store, batch.epoch, batch.rows[0].seq),
            events=events,
            clock_offset=round(self._offset(batch.rows[0]), 3),
        )

    def _halve(self, batch: Batch, why: str) -> None:
        if len(batch.rows) > 1:
            self._most = max(1, len(batch.rows) // 2)
            log.warning("the centre fails on %d events, sending %d: %s", len(batch.rows), self._most, why)
            return
        log.error("the centre fails on event %s alone: it is set aside there: %s", batch.rows[0].id, why)
        alone = Unreadable(epoch=batch.epoch, event=_sent(batch.rows[0]), why=why[:_LONGEST_WHY])
        self._note(batch, self._line.unreadable(alone))

    def _note(self, batch: Batch, answer: Received) -> None:
        if meet(self._store, answer.incarnation):
            log.warning("another centre answers, from a backup it seems: it is told everything it lacks")
        if answer.incarnation != self._met:
            self._met = answer.incarnation
            self._torn.clear()  # what one centre lacked, another may have
        first = batch.rows[0].seq
        heard(self._store, answer.incarnation, batch.epoch, answer.have)
        if answer.have >= first - 1:
            self._weather.note(upload="")
        else:
            self._look_for_gap(batch, answer.have)

    def _look_for_gap(self, batch: Batch, have: int) -> None:
        """The centre wants events from *have* on: they are sent next, unless nobody keeps them any more."""
        following = self._store.look(lambda connection: next_batch(connection, 1, 1, self._torn), writes=False)
        if following is not None and following.epoch == batch.epoch and following.rows[0].seq > have + 1:
            self._torn.add(batch.epoch)
            lost = f"events {have + 1} to {following.rows[0].seq - 1} of run {batch.epoch}"
            log.critical("the centre lacks %s, and they are no longer kept here", lost)
            self._weather.note(upload=f"the centre lacks {lost}, and they are no longer kept here")


def _sent(row: Unsent) -> SentEvent:
    return SentEvent(
        seq=row.seq,
        id=row.id,
        type=row.type,
        payload=row.payload,
        at=moment_text(row.at),
        monotonic=row.monotonic,
        boot=row.boot,
        trusted=row.trusted,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )
