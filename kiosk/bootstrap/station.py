"""Builds a station from its settings: ledger, library, devices, threads, screens. Starts in order, stops in reverse."""

import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.bootstrap.console import console_of, open_to_network
from kiosk.bootstrap.console_door import beside_ledger
from kiosk.bootstrap.console_records import Kept, records_of, sample_of
from kiosk.bootstrap.console_settings import form_of
from kiosk.bootstrap.console_setup import Reach, hears_centre
from kiosk.bootstrap.console_version import versions_of
from kiosk.bootstrap.equipment import equipment_of
from kiosk.bootstrap.house import StationHouse, fetch_covers
from kiosk.bootstrap.house_watch import StaffSiren, house_watch
from kiosk.bootstrap.library import StationLibrary, library_of
from kiosk.bootstrap.own_choice import OwnChoice
from kiosk.bootstrap.pushed_settings import PushedSettings
from kiosk.bootstrap.receipts import proofs_of, receipt_key, template_of
from kiosk.bootstrap.running import Running
from kiosk.bootstrap.settings_watch import SettingsWatch
from kiosk.bootstrap.syncing import Beside, station_sync
from kiosk.bootstrap.web_server import WebServer
from kiosk.circulation.model import BranchId, Reason
from kiosk.console.log_book import LogBook, LogKeeping
from kiosk.console.own_settings import OwnSettings
from kiosk.console.samples import Sampler, Samples
from kiosk.devices import CardReader
from kiosk.library.port import Library
from kiosk.library.remote import RemoteLibrary
from kiosk.settings import Settings
from kiosk.station.printing import Press
from kiosk.station.shell import Equipment, Shell
from kiosk.store import Store, open_store
from web_ui.bench.port import Bench
from web_ui.console.records_pages import records_pages
from web_ui.console.settings_pages import settings_pages
from web_ui.console.siren_pages import siren_pages
from web_ui.metrics import metrics_page
from web_ui.receipt_page import receipt_page
from web_ui.station import create_app
from web_ui.texts import Texts
from web_ui.touchscreen.house import Branch
from web_ui.touchscreen.screens import StationFacts
from web_ui.touchscreen.voice import Voice

THREAD_TURN = 0.0001
"""Seconds a thread that computes may keep one from going on that has just heard from its device (default 5 ms)."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A whole station, built and not started. Use as a context manager, or start and stop it."""

    settings: Settings
    store: Store
    library: StationLibrary
    shell: Shell
    web: WebServer
    running: Running
    beside: tuple[Beside, ...]
    on_death: Callable[[str], None]

    def start(self) -> None:
        """Finish what an earlier start left half done, then the threads, then the screens."""
        sys.setswitchinterval(THREAD_TURN)
        self.library.recover()
        self.shell.start()
        self.web.start()
        for one in self.beside:
            one.start(self.on_death)

    def stop(self) -> None:
        for one in self.beside:
            one.stop()
        self.shell.stop()
        self.web.stop()
        self.library.close()
        self.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Extras:
    """What a station may be built with beyond its settings: names of the other branches, a bench, other devices,
    where settings pushed from the centre are kept, pages of which origins show its screens in a frame, what the door
    of the console tells everybody, what was chosen at the station, and how it is started anew.
    """

    branch_names: Mapping[BranchId, str] | None = None
    bench: Bench | None = None
    open_card_reader: Callable[[], CardReader] | None = None
    on_death: Callable[[str], None] | None = None
    pushed: PushedSettings | None = None
    pages: tuple[str, ...] = ()
    console_hint: str = ""
    places: Mapping[BranchId, Branch] | None = None
    own: OwnSettings | None = None
    start_anew: Callable[[], None] | None = None


def build(settings: Settings, extras: Extras | None = None) -> Kiosk:
    """Put a station together. Nothing is left open when it raises.

    Raises: StoreError; DriverChoiceError; AddressTaken; SecretMissing.
    """
    extras = extras or Extras()
    store = open_ledger(settings)
    try:
        library = library_of(settings, store, extras.branch_names or {})
        texts = Texts.load(only=settings.network.languages)
        beating: list[Shell | Beside] = []  # the watch and what it watches know each other
        running = Running(lambda: tuple(name for one in beating for name in one.silent()))
        on_death = extras.on_death or running.die
        shell = shell_of(settings, library, texts, extras, on_death)
        sync = station_sync(settings, store, shell, extras.pushed)
        beside = () if sync is None else (sync, *_watch(settings, store, shell, extras.pushed, running))
        siren = StaffSiren()
        beside = (*beside, house_watch(settings, shell.tell, siren))
        kept = Kept(LogBook(), Samples(beside_ledger(settings, "samples")))
        beside = (*beside, LogKeeping(kept.book), Sampler(kept.samples, sample_of(store, shell)))
        theirs = library if isinstance(library, RemoteLibrary) else None
        weather = getattr(sync, "weather", None)
        records = (records_pages(records_of(settings, store, shell, texts, kept, weather, theirs)),)
        beating += [shell, *beside]
        languages = settings.network.languages
        leave_at = {str(lang): words for lang, words in settings.station.leave_at.items()}
        shelter = {str(lang): words for lang, words in settings.shelter.words.items()}
        pay = {str(lang): words for lang, words in settings.branch.pay.items()}
        theme = settings.station.theme
        facts = StationFacts(
            settings.branch.short,
            settings.station.name,
            languages,
            theme,
            leave_at,
            shelter,
            pay,
            volume=settings.sound.volume,
            loud=_loud(settings),
        )
        choice = _choice(settings, shell, extras, running)
        beside = (*beside, *(() if choice is None else (choice,)))
        choose, trouble = (None, str) if choice is None else (choice.choose, lambda: choice.trouble)
        form = form_of(settings, extras.pushed, choose, trouble)
        version = versions_of(settings, only_say=bool(extras.console_hint))
        more = (settings_pages(form), siren_pages(siren), version)
        shown = StationHouse(settings, store, extras.places or {})
        fetch_covers(sync, store, shown)
        reach = Reach(
            extras.start_anew or running.start_anew,
            lambda: hears_centre(sync),
            None if choice is None else choice.choose,
            hint=extras.console_hint,
        )
        app = create_app(
            shell.board,
            shell.tell,
            texts,
            facts,
            extras.bench,
            extras.pages,
            living_design=extras.bench is not None,
            house=shown,
            console=console_of(settings, store, shell, texts, reach, (*records, *more)),
            open_to_network=open_to_network(settings),
        )
        app.register_blueprint(receipt_page(proofs_of(settings, store, extras.branch_names or {}), texts))
        app.register_blueprint(metrics_page(_metrics(settings, store, shell, extras.pushed)))
        web = WebServer(app, settings.web.host, settings.web.port)
    except BaseException:
        store.close()
        raise
    return Kiosk(settings, store, library, shell, web, running, beside, on_death)


def _loud(settings: Settings) -> Callable[[], bool]:
    zone = ZoneInfo(settings.network.time_zone)
    return lambda: settings.sound.loud_at(datetime.now(zone).time())


def _choice(settings: Settings, shell: Shell, extras: Extras, running: Running) -> OwnChoice | None:
    if extras.own is None or extras.pushed is None:
        return None
    return OwnChoice(extras.own, extras.pushed, settings, shell, extras.start_anew or running.start_anew)


def _metrics(settings: Settings, store: Store, shell: Shell, pushed: PushedSettings | None) -> Callable[[], bytes]:
    def tell() -> bytes:
        from kiosk.bootstrap.enrolled_sync import health_of  # noqa: PLC0415 - only when somebody asks
        from kiosk.bootstrap.station_metrics import station_metrics  # noqa: PLC0415 - likewise

        return station_metrics(store, lambda: health_of(shell, settings, pushed))

    return tell


def _watch(
    settings: Settings, store: Store, shell: Shell, pushed: PushedSettings | None, running: Running
) -> tuple[Beside, ...]:
    return () if pushed is None else (SettingsWatch(pushed, settings, store, shell, running.start_anew),)


def shell_of(
    settings: Settings, library: Library, texts: Texts, extras: Extras, on_death: Callable[[str], None]
) -> Shell:
    """The threads of a station around *library*."""
    run = secrets.token_hex(8)
    key = receipt_key(settings)
    setup = replace(settings.setup(run), seals=key is not None)
    return Shell(setup, library, _equipment(settings, extras), _press(settings, texts, run, key), on_death)


def _equipment(settings: Settings, extras: Extras) -> Equipment:
    equipment = equipment_of(settings)
    return (
        equipment if extras.open_card_reader is None else replace(equipment, open_card_reader=extras.open_card_reader)
    )


def _press(settings: Settings, texts: Texts, run: str, key: Ed25519PrivateKey | None) -> Press:
    zone = ZoneInfo(settings.network.time_zone)

    def explain(language: str, reason: Reason) -> str:
        return Voice(texts, language, discreet=True).explain(reason).why

    name = settings.station.name or settings.branch.id
    return Press(
        settings.branch.name,
        name,
        run,
        lambda: datetime.now(zone),
        texts,
        explain,
        settings.network.languages[0],
        settings.branch.phone,
        template_of(settings),
        key,
    )


def open_ledger(settings: Settings) -> Store:
    """Open the station's database, made and brought up to date where needed. Raises: StoreError."""
    return open_store(Path(settings.store.path), ballast_mb=settings.store.ballast_mb)
