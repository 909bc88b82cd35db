"""The station as systemd runs it: `kiosk run` in a process of its own, which says how it is on NOTIFY_SOCKET.

Run as a program itself, it is `kiosk run` with a fault in it: `python -m tests.flows.station_program <fault> run ...`.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from drivers.tag_pads.feig import FeigPad
from kiosk.settings import load_settings
from kiosk.station import actor
from kiosk.station.workers import LibraryWorker
from tests.stand import CONFIG, PATIENCE, Shelf, fill

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 20.0


def _breaks(*_: object) -> Any:
    raise RuntimeError("a fault nobody foresaw")


def _hangs(*_: object) -> Any:
    threading.Event().wait()


def _replace(owner: object, name: str, broken: Callable[..., object]) -> None:
    """Break what is really there: a name that is gone breaks nothing."""
    getattr(owner, name)
    setattr(owner, name, broken)


FAULTS: dict[str, Callable[[], None]] = {
    "pad breaks": lambda: _replace(FeigPad, "inventory", _breaks),
    "pad hangs": lambda: _replace(FeigPad, "inventory", _hangs),
    "library breaks": lambda: _replace(LibraryWorker, "_use_the_pause", _breaks),
    "station breaks": lambda: _replace(actor, "step", _breaks),
}


class StationProgram:
    """A running `kiosk run`."""

    def __init__(self, process: subprocess.Popen[bytes], ear: socket.socket, folder: Path) -> None:
        self._process = process
        self._ear = ear
        self._folder = folder

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()

    def ask(self, question: str) -> Any:
        """Ask the ledger for one value."""
        with closing(sqlite3.connect(f"file:{self._folder / 'station.db'}?mode=ro", uri=True)) as ledger:
            return ledger.execute(question).fetchone()[0]

    def comes_to(self, question: str, answer: object) -> None:
        """Wait until the ledger gives this answer."""
        until = time.monotonic() + PATIENCE
        while (said := self.ask(question)) != answer:
            assert time.monotonic() < until, f"{question}: still {said}; {self.log}"
            time.sleep(0.01)

    def is_up(self) -> None:
        """Wait until it tells systemd that it serves."""
        assert self._ear.recv(64) == b"READY=1"

    def says(self) -> list[str]:
        """Everything it has told systemd since."""
        self._ear.setblocking(False)
        words = []
        while True:
            try:
                words.append(self._ear.recv(64).decode())
            except BlockingIOError:
                return words

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def ends(self, within: float) -> int:
        """Wait for its end; say the exit code."""
        return self._process.wait(within)


@contextmanager
def station_program(
    folder: Path, shelf: Shelf | None = None, *, fault: str = "", **sections: dict[str, Any]
) -> Iterator[StationProgram]:
    """Start `kiosk run` on the pad and the ledger of *folder*, with *sections* on top of its settings.

    Its ledger is filled from *shelf* before.
    """
    settings: dict[str, dict[str, Any]] = {
        "pad.feig": {"port": str(folder / "pad"), "parity": "N"},
        "card_reader.pcsc": {"socket": str(folder / "no-pcscd"), "open_within": 0.2},
        "printer": {"driver": "none"},
        "store": {"path": str(folder / "station.db"), "ballast_mb": 0},
        "web": {"port": 0},
    }
    overrides = folder / "overrides.toml"
    overrides.write_text("\n".join(_toml(name, keys) for name, keys in (settings | sections).items()))
    if shelf is not None:
        fill(load_settings(CONFIG, "central", "hall", overrides), shelf)
    program = ["tests.flows.station_program", fault] if fault else ["kiosk"]
    command = [sys.executable, "-m", *program, "run", "--branch", "central", "--station", "hall"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear, (folder / "log").open("wb") as log:
        ear.settimeout(STARTS_WITHIN)
        address = f"\0{folder}"  # abstract: a path of pytest is too deep for a socket
        ear.bind(address)
        process = subprocess.Popen(
            [*command, "--overrides", str(overrides)],
            cwd=ROOT,
            env=os.environ | {"NOTIFY_SOCKET": f"@{folder}"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield StationProgram(process, ear, folder)
        finally:
            process.kill()
            process.wait()


def _toml(name: str, keys: dict[str, Any]) -> str:
    """One table; text, numbers and lists are written alike in TOML and JSON."""
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])


if __name__ == "__main__":
    from kiosk.cli import main

    FAULTS[sys.argv.pop(1)]()
    main()
