"""The sync of a station that was enrolled: its key, its centre, and how it says it is."""

import logging
from collections.abc import Callable
from pathlib import Path

from kiosk.bootstrap.pushed_settings import PushedSettings
from kiosk.settings import Settings
from kiosk.station.shell import Shell
from kiosk.store import Store
from kiosk.sync.key import KeyTrouble, enrolled
from kiosk.sync.line import Place
from kiosk.sync.signing import signer
from kiosk.sync.station_health import StationHealth
from kiosk.sync.station_sync import Rhythm, StationSync
from kiosk.wire.messages import DeviceHealth


def sync_of(settings: Settings, store: Store, key_path: Path, health: Callable[[], StationHealth]) -> StationSync:
    """Build it. Raises: KeyTrouble; OSError, ValueError for an address or a CA file nothing can be made of."""
    found = enrolled(key_path)
    if found is None:
        raise KeyTrouble(f"{key_path} is gone, and its identity is there: enrol the station anew")
    key, identity = found
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request is no news
    place = Place(settings.sync.url or identity.url, settings.sync.ca_file)
    return StationSync(store, place, signer(key, identity.station), Rhythm(settings.sync.heartbeat_s), health)


def health_of(shell: Shell, settings: Settings, pushed: PushedSettings | None) -> StationHealth:
    """Look how the station is, for its heartbeat. From any thread."""
    drivers = {
        "pad": settings.pad.driver,
        "card-reader": settings.card_reader.driver,
        "printer": settings.printer.driver,
        "scanner": settings.barcode.driver,
    }
    counted = shell.counted
    return StationHealth(
        screen=type(shell.board.latest()[1]).__name__,
        devices=tuple(
            DeviceHealth(kind=one.kind, driver=drivers.get(one.kind, ""), ok=one.ok, says=one.says[:200])
            for one in shell.conditions()
        ),
        paper=shell.paper,
        settings={} if pushed is None else pushed.trial.in_force,
        settings_trouble="" if pushed is None else pushed.trial.trouble,
        visits=counted.visits,
        checkouts=counted.checkouts,
        failed_checkouts=counted.failed_checkouts,
        largest_checkout=counted.largest_checkout,
        holds_returned=counted.holds_returned,
        calls=counted.calls,
        cards_proven=shell.cards.counts.proven,
        cards_claimed=shell.cards.counts.claimed,
        cards_refused=shell.cards.counts.refused,
    )
