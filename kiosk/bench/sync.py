"""How fast one copy of the centre takes in what stations send, beside plain COPY of the same rows.

PostgreSQL syncs every commit in both. COPY writes the rows of the journal into one indexed table and knows nothing of
them; the centre checks hashes, folds loans, copies, holds and debts, and tells stations.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, insert, text

from kiosk.bench.journals import a_day_and_more
from kiosk.bench.postgres import cluster_running
from kiosk.bootstrap.central import policies_of
from kiosk.central.centre import Centre, open_centre
from kiosk.central.identity import StationIdentity
from kiosk.central.incarnations import check_fingerprint
from kiosk.central.ingest import take_in
from kiosk.central.schema import bring_up_to_date
from kiosk.central.tables import items, patrons, titles
from kiosk.wire.messages import Upload

COPIES, PEOPLE = 3000, 500
NETWORK = "measured"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """Events a second; `ratio` is the centre's part of what COPY does."""

    events: int
    batch: int
    centre_per_s: float
    copy_per_s: float
    ratio: float
    batch_median_ms: float
    batch_p99_ms: float


def measure_sync(events: int, batch: int, config_dir: Path, step: Callable[[int], None]) -> SyncResult:
    """Take *events* in, *batch* at a time. Raises: NoServer; SettingsError."""
    policies = policies_of(config_dir)
    with cluster_running() as cluster:
        centre = open_centre(cluster.url("postgres"), NETWORK)
        centre.prepare(bring_up_to_date)
        check_fingerprint(centre)
        centre.carry_out(_furnish)
        centre.carry_out(lambda work: work.execute(text("ANALYZE")) and None)  # as a database that lives has it
        rows = a_day_and_more(events, [_item(n) for n in range(COPIES)], [f"p{n}" for n in range(PEOPLE)])
        station, times = StationIdentity("central.hall", "central", "hall"), list[float]()
        for start in range(0, events, batch):
            upload = Upload(epoch="measured", events=tuple(rows[start : start + batch]))
            began = time.perf_counter()
            take_in(centre, policies, station, upload)
            times.append(time.perf_counter() - began)
            step(start + batch)
        copied = _copy(centre, batch)
        centre.close()
    taken = sum(times)
    ordered = sorted(times)
    return SyncResult(
        events=events,
        batch=batch,
        centre_per_s=round(events / taken),
        copy_per_s=round(events / copied),
        ratio=round(copied / taken, 3),
        batch_median_ms=round(1000 * ordered[len(ordered) // 2], 1),
        batch_p99_ms=round(1000 * ordered[int(len(ordered) * 0.99)], 1),
    )


def _item(number: int) -> str:
    return f"{30_000_000 + number}"


def _furnish(work: Connection) -> None:
    added = datetime.now(UTC) - timedelta(days=900)
    title = {"language": "uk", "author": "", "authors": [], "subjects": [], "isbns": [], "added_at": added}
    rows = [{"network": NETWORK, "id": f"t{n}", "name": f"Книга {n}", **title} for n in range(COPIES)]
    work.execute(insert(titles), rows)
    copy = {"type": "book", "branch": "central", "status": "available", "location": "central", "added_at": added}
    work.execute(insert(items), [{"network": NETWORK, "id": _item(n), "title": f"t{n}", **copy} for n in range(COPIES)])
    person = {"given_name": "", "family_name": "", "category": "adult", "branch": "central", "card_status": "active"}
    people = [
        {"network": NETWORK, "id": f"p{n}", "card": f"{n}", **person, "fees": Decimal(0), "added_at": added}
        for n in range(PEOPLE)
    ]
    work.execute(insert(patrons), people)


def _copy(centre: Centre, batch: int) -> float:
    """Copy the rows the centre has kept into a table with the same indexes, as many a commit; seconds it took."""
    raw = centre.engine.raw_connection()
    try:
        driver = raw.driver_connection
        assert driver is not None, "an open connection has its driver's"
        with driver.cursor() as cursor:
            cursor.execute("CREATE TABLE events_copy (LIKE events INCLUDING ALL)")
            cursor.execute("SELECT * FROM events ORDER BY seq")
            rows = cursor.fetchall()
            driver.commit()
            began = time.perf_counter()
            for start in range(0, len(rows), batch):
                with cursor.copy("COPY events_copy FROM STDIN") as copy:
                    for row in rows[start : start + batch]:
                        copy.write_row(row)
                driver.commit()
            return time.perf_counter() - began
    finally:
        raw.close()
