"""Three copies of the centre on one database, killed in turn under load: not one event is lost, none is doubled."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select

from kiosk.central.centre import Centre, open_centre
from kiosk.central.tables import epochs, events, loans, stations
from kiosk.sync.key import public_text
from kiosk.wire.messages import Received, Upload
from kiosk.wire.signatures import sign
from tests.central.ingest.stand import Teller, furnish
from tests.central_bench import NETWORK

ROOT = Path(__file__).parents[2]
STATIONS, EVENTS, BATCH = 4, 90, 2


class Copy:
    """One copy of the centre in a process of its own."""

    def __init__(self, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
        self._url = url
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "kiosk", "central", "run", "--port", str(self.port), "--workers", "1"]
        self._process = subprocess.Popen(
            [*command, "--threads", "8"], cwd=ROOT, env={**os.environ, "KIOSK_DATABASE": self._url},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def wait_until_ready(self) -> None:
        for _ in range(400):
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the copy did not come up")

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def copies_running(url: str) -> Iterator[list[Copy]]:
    copies = [Copy(url) for _ in range(3)]
    try:
        for copy in copies:
            copy.wait_until_ready()
        yield copies
    finally:
        for copy in copies:
            copy.kill()


class Uploading:
    """A station that sends its journal to whichever copy comes next, and again when nobody answers."""

    def __init__(self, centre: Centre, number: int, copies: list[Copy]) -> None:
        self.told = Teller(centre, "abc"[number % 3], epoch=f"epoch-{number}")
        self.name, self.key, self.copies = f"{self.told.branch}.{number}", Ed25519PrivateKey.generate(), copies
        for minute in range(EVENTS):
            self.told.lent(minute * 10 + number, f"i{1 + (minute + number) % 5}", f"p{1 + number % 3}")
        row = {"id": self.name, "branch": self.told.branch, "name": str(number), "public_key": public_text(self.key)}
        more = {"network": NETWORK, "lends": True, "enrolled_at": centre.now(), "enrolled_by": "test"}
        centre.carry_out(lambda work: work.execute(insert(stations), {**row, **more}))

        self.unanswered = 0

    def send_all(self) -> None:
        have, turn = 0, 0
        with httpx.Client(timeout=5) as http:
            while have < EVENTS:
                turn += 1
                have = self._send(http, self.copies[turn % 3], have)

    def _send(self, http: httpx.Client, copy: Copy, have: int) -> int:
        upload = Upload(epoch=self.told.epoch, events=tuple(self.told.rows[have : have + BATCH]))
        body, url = upload.model_dump_json().encode(), f"http://127.0.0.1:{copy.port}/v1/events"
        headers = {"Content-Type": "application/json"}
        headers |= sign(self.key, self.name, "POST", url, headers, body, datetime.now(UTC))
        try:
            answer = http.post(url, content=body, headers=headers)
        except httpx.HTTPError:
            self.unanswered += 1
            time.sleep(0.02)
            return have
        return Received.model_validate(answer.json()).have if answer.status_code == 200 else have


@pytest.mark.timeout(120)
def test_no_event_is_lost_or_doubled_while_copies_die(postgres_url: str) -> None:
    centre = open_centre(postgres_url, NETWORK)
    furnish(centre, copies=5)
    with copies_running(postgres_url) as copies:
        sending = [Uploading(centre, number, copies) for number in range(STATIONS)]
        threads = [threading.Thread(target=one.send_all) for one in sending]
        for thread in threads:
            thread.start()
        for turn in range(3):
            time.sleep(0.4)
            copies[turn].kill()
            copies[turn].start()
        for thread in threads:
            thread.join(90)

    told = STATIONS * EVENTS
    counted = {
        t.name: centre.look(lambda work, t=t: work.execute(select(func.count()).select_from(t)).scalar())
        for t in (events, loans)
    }  # type: ignore[misc]
    have = centre.look(lambda work: list(work.execute(select(epochs.c.have)).scalars()))
    centre.close()

    assert sum(one.unanswered for one in sending) > 0  # copies died while they were asked
    assert counted == {"events": told, "loans": told}
    assert have == [EVENTS] * STATIONS
