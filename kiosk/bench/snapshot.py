"""How long a new station takes from its request to usable, beside a plain import of the same rows with sqlite3.

The centre is PostgreSQL behind its real HTTP, the station a process of its own; the centre's snapshot is made anew.
The plain import writes the same rows into bare tables in one transaction: no checks, no index of words, no marks.
"""

import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from sqlalchemy import Connection, insert, text

from kiosk.bench.postgres import cluster_running
from kiosk.bench.running_copy import copy_running, memory_kb
from kiosk.bench.synthetic_network import SyntheticNetwork
from kiosk.central.centre import open_centre
from kiosk.central.incarnations import check_fingerprint
from kiosk.central.schema import bring_up_to_date
from kiosk.central.tables import items, patrons, stations, titles
from kiosk.settings.central import load_central
from kiosk.store import open_store
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.downloader import Downloader
from kiosk.sync.key import new_key, public_text
from kiosk.sync.line import Line, Place
from kiosk.sync.signing import signer
from kiosk.sync.weather import Weather

STATION = "central.hall"
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class SnapshotResult:
    """Seconds; `ratio` is how many times the plain import a usable station takes. Memory is the peak of a process."""

    rows: int
    usable_s: float
    again_s: float
    plain_s: float
    ratio: float
    wire_mb: float
    station_peak_mb: float
    centre_peak_mb: float


def measure_snapshot(network: SyntheticNetwork, config_dir: Path, step: Callable[[int], None]) -> SnapshotResult:
    """Measure one whole snapshot, and a second station that is served the same one."""
    with cluster_running() as cluster, tempfile.TemporaryDirectory() as folder:
        name = load_central(config_dir).network
        centre = open_centre(cluster.url("postgres"), name)
        centre.prepare(bring_up_to_date)
        check_fingerprint(centre)
        key = new_key()
        centre.carry_out(lambda work: _furnish(work, name, network, public_text(key)))
        centre.carry_out(lambda work: work.execute(text("ANALYZE")) and None)
        step(1)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with copy_running(cluster.url("postgres"), 8, config_dir) as (port, pid):
            url = f"http://127.0.0.1:{port}"
            first = _in_its_own_process(url, pem, f"{folder}/first")
            step(2)
            second = _in_its_own_process(url, pem, f"{folder}/second")
            step(3)
            centre_peak = memory_kb(pid, "VmHWM") / 1024
        parts = "SELECT coalesce(sum(length(content)), 0) FROM snapshot_parts WHERE network = :network"
        wire = centre.look(lambda work: work.execute(text(parts), {"network": name}).scalar_one())
        plain = _plain(Path(folder) / "first" / "station.db", Path(folder) / "plain.db")
        centre.close()
    return SnapshotResult(
        rows=network.titles + network.items + network.patrons,
        usable_s=round(first[0], 1),
        again_s=round(second[0], 1),
        plain_s=round(plain, 4),
        ratio=round(second[0] / plain, 1),
        wire_mb=round(wire / 1e6, 1),
        station_peak_mb=round(first[1]),
        centre_peak_mb=round(centre_peak),
    )


def _furnish(work: Connection, name: str, network: SyntheticNetwork, public_key: str) -> None:
    now = datetime.now(UTC)
    known = {"network": name, "added_at": now}
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (titles, [{**known, **row} for row in network.title_rows()]),
        (items, [{**known, **row, "location": row["branch"]} for row in network.item_rows()]),
        (patrons, [{**known, **row, "fees": Decimal(0)} for row in network.patron_rows()]),
    ]
    for table, many in rows:
        for start in range(0, len(many), _BATCH):
            work.execute(insert(table), many[start : start + _BATCH])
    station = {"id": STATION, "branch": "central", "name": "hall", "public_key": public_key, "enrolled_by": "bench"}
    work.execute(insert(stations), {"network": name, **station, "lends": True, "enrolled_at": now})


def _in_its_own_process(url: str, pem: bytes, folder: str) -> tuple[float, float]:
    """Take a snapshot in; seconds from the request to usable, and the process's peak in MB."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        return pool.apply(_be_a_station, (url, pem, folder))


def _be_a_station(url: str, pem: bytes, folder: str) -> tuple[float, float]:
    store = open_store(Path(folder) / "station.db")
    clock, key = CentreClock(), load_pem_private_key(pem, None)
    line = Line(Place(url), clock, signer(key, STATION))  # type: ignore[arg-type]
    down = Downloader(store.beside(), line, clock, Weather(), Path(folder) / "parts")
    began = time.perf_counter()
    line.time()
    while down.take_next(wait=0):
        pass
    took = time.perf_counter() - began
    line.close()
    store.close()
    return took, memory_kb(os.getpid(), "VmHWM") / 1024


def _plain(source: Path, target: Path) -> float:
    """Import what the station has now into bare tables of another file, as a script would; seconds it took."""
    there = sqlite3.connect(source)
    tables = {name: there.execute(f"SELECT * FROM {name}").fetchall() for name in ("titles", "items", "patrons")}  # noqa: S608 - our own names
    there.close()
    began = time.perf_counter()
    plain = sqlite3.connect(target)
    for name, rows in tables.items():
        columns = len(rows[0]) if rows else 1
        listed = ", ".join(f"c{n}" for n in range(1, columns))
        plain.execute(f"CREATE TABLE {name} (id TEXT PRIMARY KEY, {listed})")
        plain.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", rows)  # noqa: S608 - likewise
    plain.commit()
    plain.close()
    return time.perf_counter() - began
