"""The keys of cards at the centre: how a station asks for them, and how the centre is given its own."""

from drivers.key_stores.registry import KEY_STORES
from kiosk.bootstrap.syncing import key_path
from kiosk.central.card_proofs import CardProofs
from kiosk.settings import Settings
from kiosk.settings.central import CentralSettings
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.key import KeyTrouble, enrolled
from kiosk.sync.line import Line, Place
from kiosk.sync.relayed_keys import RelayedKeys
from kiosk.sync.signing import signer


def relayed_keys_of(settings: Settings) -> RelayedKeys:
    """Ask the centre this station is enrolled at; that is looked for when the first card wants it."""

    def open_line() -> Line:
        path = key_path(settings)
        try:
            found = enrolled(path)
        except KeyTrouble as err:
            raise ValueError(str(err)) from err
        if found is None:
            raise ValueError("this station is not enrolled at a centre it could ask: kiosk enrol")
        key, identity = found
        place = Place(settings.sync.url or identity.url, settings.sync.ca_file)
        return Line(place, CentreClock(), signer(key, identity.station))

    return RelayedKeys(open_line)


def card_proofs_of(central: CentralSettings) -> CardProofs | None:
    """Open the centre's keys; None where it has none. Raises: KeyStoreError."""
    section = central.card_keys
    return None if section.store == "none" else CardProofs(KEY_STORES[section.store](section.options))
