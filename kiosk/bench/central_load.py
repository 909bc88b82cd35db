"""What a fleet costs the centre: stations that wait for news and say how they are, against one copy in its own process.

A scaled run, and on paper what it comes to for as many stations as wanted. Bounded in number and time; loopback only.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert

from kiosk.bench.postgres import cluster_running
from kiosk.bench.running_copy import copy_running, cpu_s, memory_kb
from kiosk.central.centre import open_centre
from kiosk.central.incarnations import check_fingerprint
from kiosk.central.schema import bring_up_to_date
from kiosk.central.tables import stations
from kiosk.settings.central import load_central
from kiosk.sync.key import new_key, public_text
from kiosk.wire.messages import Heartbeat
from kiosk.wire.signatures import sign

BEATS_EVERY, WAIT = 30.0, 25.0
"""Seconds between two heartbeats of a real station, and how long it waits for news."""
PAPER = 30_000


@dataclass(frozen=True, slots=True)
class CentralResult:
    """Of `stations` in `seconds`: requests, the copy's CPU and memory; `cores_for_30000` is the same on paper."""

    stations: int
    seconds: float
    requests: int
    failed: int
    cpu_ms_per_request: float
    memory_mb: float
    memory_kb_per_waiting: float
    cores_for_30000: float
    memory_gb_for_30000: float


def measure_central(count: int, seconds: float, config_dir: Path, step: Callable[[int], None]) -> CentralResult:
    """Let *count* stations wait and beat for *seconds*. Raises: NoServer; SettingsError."""
    network, keys = load_central(config_dir).network, [new_key() for _ in range(count)]
    with cluster_running() as cluster:
        url = cluster.url("postgres")
        centre = open_centre(url, network)
        centre.prepare(bring_up_to_date)
        check_fingerprint(centre)
        centre.carry_out(lambda work: _enrol(work, network, keys))
        centre.close()
        with copy_running(url, count + 8, config_dir) as (port, pid):
            step(1)
            empty = memory_kb(pid)
            cpu = cpu_s(pid)
            fleet = _Fleet(port, keys, seconds)
            waiting = fleet.run(lambda: memory_kb(pid))
            spent = cpu_s(pid) - cpu
            step(2)
    per_request = spent / max(fleet.requests, 1)
    per_second = 1 / BEATS_EVERY + 1 / WAIT  # a heartbeat, and a wait for news that came to nothing
    per_waiting = max(waiting - empty, 0) / count
    return CentralResult(
        stations=count,
        seconds=seconds,
        requests=fleet.requests,
        failed=fleet.failed,
        cpu_ms_per_request=round(1000 * per_request, 2),
        memory_mb=round(waiting / 1024),
        memory_kb_per_waiting=round(per_waiting, 1),
        cores_for_30000=round(PAPER * per_second * per_request, 1),
        memory_gb_for_30000=round(PAPER * per_waiting / 1024 / 1024, 1),
    )


def _enrol(work: Connection, network: str, keys: list[Ed25519PrivateKey]) -> None:
    known = {"network": network, "branch": "central", "lends": True, "enrolled_at": datetime.now(UTC)}
    rows = [
        {**known, "id": f"central.{n}", "name": str(n), "public_key": public_text(key), "enrolled_by": "bench"}
        for n, key in enumerate(keys)
    ]
    work.execute(insert(stations), rows)


class _Fleet:
    """Stations in threads: each beats once, then waits for news, until the time is over."""

    def __init__(self, port: int, keys: list[Ed25519PrivateKey], seconds: float) -> None:
        self._base, self._keys, self._until = f"http://127.0.0.1:{port}", keys, time.monotonic() + seconds
        self._seconds, self._count = seconds, threading.Lock()
        self.requests = self.failed = 0

    def run(self, look: Callable[[], int]) -> int:
        """Let them all go; says what *look* saw while they waited."""
        threads = [threading.Thread(target=self._be, args=(n, key)) for n, key in enumerate(self._keys)]
        for thread in threads:
            thread.start()
        time.sleep(self._seconds * 0.6)
        seen = look()
        for thread in threads:
            thread.join()
        return seen

    def _be(self, number: int, key: Ed25519PrivateKey) -> None:
        with httpx.Client(timeout=60) as http:
            self._ask(http, key, number, "POST", "/v1/heartbeat", Heartbeat(version="bench").model_dump_json().encode())
            while (left := self._until - time.monotonic()) > 0.5:
                path = f"/v1/changes?cursor=&limit=10&wait={min(WAIT, left):.1f}"
                self._ask(http, key, number, "GET", path, b"")

    def _ask(
        self, http: httpx.Client, key: Ed25519PrivateKey, number: int, method: str, path: str, body: bytes
    ) -> None:
        url = self._base + path
        headers = {"Content-Type": "application/json"} if body else {}
        headers |= sign(key, f"central.{number}", method, url, headers, body, datetime.now(UTC))
        try:
            answered = http.request(method, url, content=body or None, headers=headers).status_code == 200
        except httpx.HTTPError:
            answered = False
        with self._count:
            self.requests += 1
            self.failed += not answered
