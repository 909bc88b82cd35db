"""The simulated pad as a process of its own, so that what it costs is not taken for what the station costs."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from kiosk.devices import TagUid


class MeasuredPad:
    """`kiosk simulate pad` in real time, with tags that can be laid and lifted. Use as a context manager."""

    def __init__(self, tags: Sequence[dict[str, object]], protocol: str, baud: int, folder: Path) -> None:
        file = folder / "tags.json"
        file.write_text(json.dumps({"tags": [{**tag, "laid": False} for tag in tags]}), encoding="utf-8")
        command = [sys.executable, "-m", "kiosk", "simulate", "pad", "--protocol", protocol]
        self._process = subprocess.Popen(  # noqa: S603 - this very program, arguments made here
            [*command, "--tags", str(file), "--realtime", str(baud)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._says, self._hears = self._process.stdout, self._process.stdin
        self.port = self._says.readline().strip()
        if not self.port:
            self._process.wait()
            raise RuntimeError("the simulated pad did not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hears.close()
        self._process.terminate()
        self._process.wait()
        self._says.close()

    def lay(self, uids: Sequence[TagUid]) -> None:
        """Put these tags on the pad; they all lie there when this returns."""
        self._order(f"lay {' '.join(uids)}")

    def lift_all(self) -> None:
        self._order("lift all")

    def _order(self, line: str) -> None:
        self._hears.write(f"{line}\n")
        self._hears.flush()
        answer = self._says.readline()
        if not answer.startswith("ok"):
            raise RuntimeError(f"the simulated pad said {answer.strip()!r}")
