"""Settings pushed from the centre: kept beside the ledger, laid over the files at a start, taken back when they harm.

The station ends itself to change its settings (`Running.start_anew`) and is started again by systemd: settings are read
once, at a start, and nowhere else.
"""

import json
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.console.own_settings import OwnSettings
from kiosk.settings import Settings, SettingsError, load_with_origins
from kiosk.settings.files import Layer, Table, merge, read_table
from kiosk.sync.settings_trial import Trial, Versions, accepted, failed, proven, refused, started
from kiosk.sync.whole_files import write_whole

log = logging.getLogger(__name__)

UNTOUCHABLE = ("branch", "store", "web", "sync", "card_keys")
"""Sections no document may change: with another ledger, another screen or another centre nobody could take it back.

And whoever may push settings does not thereby choose what proves a card.
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the settings of this station come from beside the pushed ones."""

    config_dir: Path
    branch: str
    station: str | None
    overrides: Path | None = None
    own: OwnSettings | None = None
    """What was chosen at the station: over what the centre pushed, under the overrides."""


@dataclass(frozen=True, slots=True)
class Document:
    """One pushed document, as the centre told it."""

    target: str
    version: int
    toml: str


class PushedSettings:
    """The folder with what was pushed, and the trial it is on. Used by one thread at a time."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        self._origin = origin
        self._folder = folder
        self._own_layer: Table = {}
        self._origins: Mapping[tuple[str, ...], str] = {}
        self.trial = self._read_trial()

    def load(self) -> Settings:
        """Load the settings of this start, the pushed ones on top. Raises: SettingsError about the files themselves.

        Pushed settings that do not load, or that the station died of, are taken back here.
        """
        self._note_start()
        self._own_layer = {} if self._origin.own is None else self._origin.own.begin_start()
        return self._load()

    def place_of(self, path: tuple[str, ...]) -> str:
        """Say where a key of the settings was written: a file, what the centre pushed, what was chosen here."""
        return self._origins.get(path, "")

    def check_own(self, wanted: Table) -> None:
        """Check what shall be chosen at the station with everything else. Raises: SettingsError."""
        self._settings(self._layer(self.trial.in_force), wanted)

    def _load(self) -> Settings:
        try:
            return self._settings(self._layer(self.trial.in_force))
        except (SettingsError, OSError, ValueError) as error:
            if self._own_layer and self._origin.own is not None:
                self._origin.own.fail(str(error))
                self._own_layer = self._origin.own.choice.in_force
                return self._load()
            if not self.trial.in_force:
                raise
            log.exception("the pushed settings cannot be used: the station starts without them")
            self._take_back(str(error))
            return self._load()

    def _note_start(self) -> None:
        try:
            self._keep(started(self.trial))
        except OSError:
            log.exception("a start under trial cannot be noted: the former settings are used")
            self.trial = replace(self.trial, tried={})

    def _take_back(self, why: str) -> None:
        former = failed(self.trial, why) if self.trial.on_trial else refused(Trial(), self.trial.good, why)
        try:
            self._keep(former)
        except OSError:
            log.exception("that pushed settings were taken back cannot be noted")
            self.trial = former

    def consider(self, documents: tuple[Document, ...], now: Settings) -> bool:
        """Check what the centre told. True when it is news that can be tried; news that cannot is remembered as bad."""
        versions = {one.target: one.version for one in documents}
        if not self.trial.is_news(versions):
            return False
        try:
            settings = self._settings(_laid_over(documents))
        except tomllib.TOMLDecodeError as error:
            self._refuse(versions, f"a document is not TOML: {error}")
            return False
        except SettingsError as error:
            self._refuse(versions, str(error))
            return False
        changed = [name for name in UNTOUCHABLE if getattr(settings, name) != getattr(now, name)]
        if changed:
            self._refuse(versions, f"[{'], ['.join(changed)}] cannot be pushed: a technician changes it at the station")
            return False
        return True

    def accept(self, documents: tuple[Document, ...], devices: tuple[str, ...]) -> None:
        """Put checked documents on trial, from the next start on. Raises: OSError - nothing was changed."""
        versions = {one.target: one.version for one in documents}
        if versions:
            self._folder.mkdir(parents=True, exist_ok=True)
            table = json.dumps(_laid_over(documents), default=str, ensure_ascii=False)
            write_whole(self._file(versions), table.encode())
        self._keep(accepted(self.trial, versions, devices))

    def prove(self) -> None:
        log.info("the pushed settings proved themselves: %s", dict(self.trial.tried))
        self._keep(proven(self.trial))

    def fail(self, why: str) -> None:
        log.error("the pushed settings are taken back: %s", why)
        self._keep(failed(self.trial, why))

    def _refuse(self, versions: Versions, why: str) -> None:
        log.error("the pushed settings cannot be used: %s", why)
        self._keep(refused(self.trial, versions, why))

    def _settings(self, pushed: Table, own: Table | None = None) -> Settings:
        overrides = self._origin.overrides
        chosen = self._own_layer if own is None else own
        layers = [Layer("pushed from the centre", pushed), Layer("chosen at the station", chosen)]
        if overrides is not None:
            layers.append(Layer(overrides.name, read_table(overrides, overrides.name)))
        above = merge(tuple(layers))
        at = self._origin
        settings, merged = load_with_origins(at.config_dir, at.branch, at.station, above.table)
        self._origins = {**merged.origins, **above.origins}
        return settings

    def _layer(self, versions: Versions) -> Table:
        return dict(json.loads(self._file(versions).read_bytes())) if versions else {}

    def _file(self, versions: Versions) -> Path:
        named = "_".join(f"{target.replace(':', '-')}-{versions[target]}" for target in sorted(versions))
        return self._folder / f"{named}.json"

    def _read_trial(self) -> Trial:
        try:
            return Trial.from_table(json.loads((self._folder / "trial.json").read_bytes()))
        except FileNotFoundError:
            return Trial()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.exception("what was noted of pushed settings cannot be read: the station starts without them")
            return Trial()

    def _keep(self, trial: Trial) -> None:
        if trial == self.trial:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / "trial.json", json.dumps(trial.as_table(), ensure_ascii=False).encode())
        self.trial = trial


def _laid_over(documents: tuple[Document, ...]) -> Table:
    """Lay the documents over each other: the network's, then the branch's, then the station's."""
    order = {"network": 0, "branch": 1, "station": 2}
    ordered = sorted(documents, key=lambda one: order.get(one.target.partition(":")[0], 3))
    layers = tuple(Layer(f"pushed {one.target} {one.version}", tomllib.loads(one.toml)) for one in ordered)
    table: Mapping[str, object] = merge(layers).table
    return table


def beside_ledger(settings: Settings) -> Path:
    """Say which folder keeps what was pushed: beside the ledger, which no document may move."""
    ledger = Path(settings.store.path)
    return ledger.with_name(ledger.name + ".settings")
