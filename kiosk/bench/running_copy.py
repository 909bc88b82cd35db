"""One copy of the centre in a process of its own, to be measured from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def copy_running(url: str, threads: int, config_dir: Path) -> Iterator[tuple[int, int]]:
    """Run one copy with one process that serves; says its port and that process."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "kiosk", "central", "run", "--config", str(config_dir), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - this very program, arguments made here
        [*command, "--workers", "1", "--threads", str(max(threads, 4))],
        env={**os.environ, "KIOSK_DATABASE": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield port, _serving(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _serving(port: int, parent: int) -> int:
    """Wait until the copy answers, and find the process that does."""
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
                return int(children[0])
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError("the centre did not come up within half a minute")


def memory_kb(pid: int, what: str = "VmRSS") -> int:
    """Say what a process holds, or with `VmHWM` the most it ever held. Source: proc(5), status."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1])


def cpu_s(pid: int) -> float:
    """Say what the process computed so far. Source: proc(5), stat, fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
