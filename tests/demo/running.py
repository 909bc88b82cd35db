"""The demo as a newcomer starts it: a process of its own that prints an address and ends on Ctrl-C."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that has said its address. `folder` is the only place it may write to."""

    process: subprocess.Popen[str]
    address: str
    folder: Path

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def interrupt(self) -> int:
        """Press Ctrl-C and wait for the end; say the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kiosk", "demo", "--no-browser", "--port", str(port), *more]
    return subprocess.Popen(
        command, env={"TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short name: a socket's path has a limit."""
    folder = Path(tempfile.mkdtemp(prefix="d-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def demo_running(*more: str) -> Iterator[RunningDemo]:
    """Start the demo, with more words on its command line if need be, and read its address."""
    with short_folder() as folder, start(folder, free_port(), *more) as process:
        try:
            assert process.stdout is not None
            yield RunningDemo(process, process.stdout.readline().strip(), folder)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)
