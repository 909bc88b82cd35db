"""The library a station asks, as its settings choose: its own ledger by the rules of the branch, or another system."""

from collections.abc import Mapping
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.bootstrap.secret_files import read_secret
from kiosk.circulation.model import BranchId
from kiosk.library.local import BranchRules, LocalLibrary, PinNeed, PinRules
from kiosk.library.port import Library
from kiosk.library.remote import RemoteLibrary, Terms
from kiosk.settings import Settings
from kiosk.store import Store


class StationLibrary(Library, Protocol):
    """A library with a ledger at this station: it has something to finish when it starts, and to let go of."""

    def recover(self) -> None: ...

    def close(self) -> None: ...


def library_of(settings: Settings, store: Store, branch_names: Mapping[BranchId, str]) -> StationLibrary:
    """Build the library the settings name. Raises: SecretMissing."""
    rules = branch_rules(settings, branch_names)
    return LocalLibrary(store, rules) if settings.library.kind == "local" else _remote(settings, store, rules)


def _remote(settings: Settings, store: Store, rules: BranchRules) -> RemoteLibrary:
    """Put another library system in front of the ledger. Nothing is opened before it is needed."""
    from kiosk.bootstrap.library_system import sip2_system  # noqa: PLC0415 - most stations start without it, and quicker

    told = settings.library
    terms = Terms(told.when_silent, told.silent_days, told.silent_loans, told.settles_s)
    return RemoteLibrary(store, rules, sip2_system(settings), terms)


def branch_rules(settings: Settings, branch_names: Mapping[BranchId, str]) -> BranchRules:
    """Say what holds at this branch. Raises: SecretMissing."""
    pin = settings.pin
    return BranchRules(
        branch=BranchId(settings.branch.id),
        policy=settings.lending_policy(),
        hours=settings.opening_hours(),
        owners=frozenset({settings.network.isil}),
        zone=ZoneInfo(settings.network.time_zone),
        pin=PinRules(_pin_need(settings), pin.tries, pin.lock_minutes, read_pepper(settings)),
        branch_names=branch_names,
        partial_returns=settings.station.partial_returns,
        claims_served=settings.claimed_cards.served,
    )


def _pin_need(settings: Settings) -> PinNeed:
    """Ask claimed cards for a PIN where others prove themselves, even if nobody was asked before."""
    need = PinNeed(settings.pin.needed.value)
    asks = need is PinNeed.NEVER and settings.asks_for_proofs and settings.claimed_cards.pin
    return PinNeed.UNPROVEN if asks else need


def read_pepper(settings: Settings) -> bytes:
    """Read the secret PINs are keyed with; empty where the settings name none. Raises: SecretMissing."""
    path = settings.pin.pepper_file
    return read_secret("pin.pepper_file", path, "the network's secret") if path else b""
