"""How long a station takes from the start of its process to a screen that serves, and how much memory it then holds."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from statistics import median

from drivers.card_readers.pcsc_daemon import VirtualPcscd
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from kiosk.bench.library import bench_settings, seed_library

PATIENCE = 20.0
READY = b'data-kind="welcome"'


@dataclass(frozen=True, slots=True)
class StartResult:
    """`ready` is the welcome screen served and both devices open. Memory is resident, in megabytes.

    `memory_with_card_process_mb` adds the child process that talks to PC/SC; pages shared by both count once in each.
    """

    runs: int
    median_s: float
    worst_s: float
    memory_mb: float
    memory_with_card_process_mb: float


def measure_starts(runs: int, config_dir: Path, progress: Callable[[int], None] = lambda _: None) -> StartResult:
    """Start a station *runs* times and measure. Raises: TimeoutError; ServiceUnavailable."""
    took, memory, with_child = [], [], []
    with _table(config_dir) as (overrides, port):
        for run in range(runs):
            began = time.perf_counter()
            process = _start(config_dir, overrides)
            try:
                _await_welcome(process, port)
                took.append(time.perf_counter() - began)
                time.sleep(1.0)  # at rest
                memory.append(_resident_mb(process.pid))
                with_child.append(memory[-1] + sum(_resident_mb(child) for child in _children(process.pid)))
            finally:
                process.terminate()
                process.wait()
            progress(run + 1)
    return StartResult(
        runs=runs,
        median_s=round(median(took), 3),
        worst_s=round(max(took), 3),
        memory_mb=round(median(memory), 1),
        memory_with_card_process_mb=round(median(with_child), 1),
    )


@contextmanager
def _table(config_dir: Path) -> Iterator[tuple[Path, int]]:
    """A ledger, a pad and a PC/SC service that are there already, as on a station that is started again."""
    with (
        tempfile.TemporaryDirectory(prefix="littera-") as name,
        VirtualPcscd(Path(name)) as pcscd,
        SimulatedFeigPad() as pad,
    ):
        folder, port = Path(name), _free_port()
        settings = bench_settings(config_dir, folder)
        seed_library(settings, copies=1000, patrons=1000)
        overrides = folder / "overrides.toml"
        overrides.write_text(
            f"""
            [pad.feig]
            port = "{pad.port}"
            parity = "N"
            [card_reader.pcsc]
            names = []
            socket = "{pcscd.socket}"
            [printer]
            driver = "none"
            [store]
            path = "{folder / "station.db"}"
            ballast_mb = 0
            [web]
            port = {port}
            [log]
            level = "error"
            """,
            encoding="utf-8",
        )
        yield overrides, port


def _start(config_dir: Path, overrides: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kiosk", "run", "--config", str(config_dir)]
    return subprocess.Popen(  # noqa: S603 - this very program, arguments made here
        [*command, "--branch", "central", "--station", "hall", "--overrides", str(overrides)]
    )


def _await_welcome(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise TimeoutError(f"the station ended by itself with code {process.returncode}")
        if READY in _page(port):
            return
        time.sleep(0.01)
    raise TimeoutError(f"no welcome screen within {PATIENCE} s")


def _page(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    except OSError:
        return b""
    finally:
        connection.close()


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as server:
        number: int = server.getsockname()[1]
        return number


def _resident_mb(pid: int) -> float:
    """Resident memory of a process (proc(5), statm, second field, in pages)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _children(pid: int) -> tuple[int, ...]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return tuple(int(child) for task in tasks for child in task.read_text(encoding="ascii").split())
