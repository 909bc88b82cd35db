"""How the station was, every few minutes of the last week: what the charts of the console are drawn from."""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

PAUSE = 300.0
KEPT = 7 * 24 * 12


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. `queue` is what the centre has not heard; the others are counts since the look before."""

    at: float
    queue: int = 0
    retries: int = 0
    card_errors: int = 0


class Samples:
    """A bounded file of JSON lines beside the ledger: a line a look, read back after a restart."""

    def __init__(self, path: Path, kept: int = KEPT) -> None:
        self._path = path
        self._kept: deque[Sample] = deque(_read(path)[-kept:], maxlen=kept)
        self._one_at_a_time = threading.Lock()
        self._written = 0

    def since(self, moment: float) -> tuple[Sample, ...]:
        with self._one_at_a_time:
            return tuple(one for one in self._kept if one.at >= moment)

    def add(self, sample: Sample) -> None:
        """Keep one more. A file that cannot be written costs the charts a restart, and nothing else."""
        with self._one_at_a_time:
            self._kept.append(sample)
            whole = self._written % (self._kept.maxlen or KEPT) == 0
            lines = [json.dumps(asdict(one)) for one in (self._kept if whole else (sample,))]
            self._written += 1
            try:
                with self._path.open("w" if whole else "a", encoding="utf-8") as file:
                    file.write("\n".join(lines) + "\n")
            except OSError as error:
                log.warning("samples: %s", error)


def _read(path: Path) -> list[Sample]:
    """Read what was kept; a line somebody damaged is left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            said = json.loads(line)
            found.append(Sample(float(said["at"]), int(said["queue"]), int(said["retries"]), int(said["card_errors"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


class Sampler:
    """A thread beside the work that looks every five minutes."""

    def __init__(self, samples: Samples, look: Callable[[], Sample], pause: float = PAUSE) -> None:
        self._samples, self._look, self._pause = samples, look, pause
        self._stopping = threading.Event()

    def start(self, on_death: Callable[[str], None]) -> None:  # noqa: ARG002 - charts are not worth a restart
        threading.Thread(target=self._run, name="samples", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def silent(self) -> tuple[str, ...]:
        return ()

    def _run(self) -> None:
        while not self._stopping.wait(self._pause):
            try:
                self._samples.add(self._look())
            except Exception:
                log.exception("samples: this look failed")
