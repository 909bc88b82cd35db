"""What receipts need of a station: how they are dressed, and the keys they are signed and proven with."""

import base64
import logging
from collections.abc import Mapping
from pathlib import Path

from babel.dates import get_day_names
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from sqlalchemy import Connection, select

from kiosk.bootstrap.syncing import key_path
from kiosk.circulation.model import BranchId
from kiosk.receipts import Template
from kiosk.receipts.token import Moved, StationKey, Stub, key_id, prove, raw_public
from kiosk.settings import Settings
from kiosk.store import Store
from kiosk.store.tables import items, station_keys, titles
from kiosk.sync.key import KeyTrouble, enrolled
from kiosk.sync.whole_files import write_whole
from web_ui.receipt_page import Receipt, moved_copies

log = logging.getLogger(__name__)


def template_of(settings: Settings) -> Template:
    """Make the template of the station's slips."""
    hours: dict[str, tuple[str, ...]] = {lang: hours_in_words(settings, lang) for lang in settings.network.languages}
    return settings.slip.template(hours, settings.branch.phone, settings.network.receipt_page)


def hours_in_words(settings: Settings, language: str) -> tuple[str, ...]:
    """Put the week into as few lines as it takes: days that follow each other and open alike stand together."""
    names = get_day_names("abbreviated", "stand-alone", language)
    lines: list[tuple[int, int, str]] = []
    for day, span in enumerate(settings.hours.week()):
        if span is None:
            continue
        clock = f"{span[0]:%H:%M}–{span[1]:%H:%M}"
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == clock:
            lines[-1] = (lines[-1][0], day, clock)
        else:
            lines.append((day, day, clock))
    return tuple(
        f"{names[first]} {clock}" if first == last else f"{names[first]}–{names[last]} {clock}"
        for first, last, clock in lines
    )


def receipt_key(settings: Settings) -> Ed25519PrivateKey | None:
    """The key receipts are signed with: the station's own, or a local one until it is enrolled. None: no QR codes."""
    try:
        known = enrolled(key_path(settings))
        return known[0] if known is not None else _local_key(_local_path(settings))
    except (KeyTrouble, OSError, ValueError):
        log.exception("receipts are not signed: there is no key")
        return None


def known_keys(settings: Settings, store: Store) -> dict[str, StationKey]:
    """Every station's public key the centre told of, and this station's own."""

    def look(connection: Connection) -> dict[str, StationKey]:
        found = connection.execute(select(station_keys))
        return {row.id: StationKey(row.station, base64.b64decode(row.public_key), row.revoked_at) for row in found}

    own = receipt_key(settings)
    mine = {}
    if own is not None:
        here = f"{settings.branch.id}.{settings.station.name or settings.branch.id}"
        public = raw_public(own)
        mine = {key_id(public).hex(): StationKey(here, public)}
    return mine | store.look(look, writes=False)


class Proofs:
    """Proves receipts at a station, from its own database: no network is asked."""

    def __init__(self, settings: Settings, store: Store, branch_names: Mapping[BranchId, str]) -> None:
        self._settings = settings
        self._store = store
        self._names = {**branch_names, BranchId(settings.branch.id): settings.branch.short}

    def __call__(self, token: str) -> Receipt:
        """Say what *token* proves. Raises: BadToken; StoreError."""
        proven = prove(token, known_keys(self._settings, self._store))
        branch, _, station = proven.key.station.partition(".")
        return Receipt(
            proven=proven,
            branch=self._names.get(BranchId(branch), branch),
            station=station,
            copies=moved_copies(proven.stub, self._titles(proven.stub)),
            zone=self._settings.network.time_zone,
        )

    def _titles(self, stub: Stub) -> dict[str, str]:
        if stub.hashed:
            return {}
        named = sorted({item for moved in Moved for item in stub.items.get(moved, ())})
        wanted = select(items.c.id, titles.c.name).join(titles, titles.c.id == items.c.title)
        found = self._store.look(
            lambda connection: connection.execute(wanted.where(items.c.id.in_(named))).all(), writes=False
        )
        return {row.id: row.name for row in found}


def proofs_of(settings: Settings, store: Store, branch_names: Mapping[BranchId, str]) -> Proofs:
    return Proofs(settings, store, branch_names)


def _local_path(settings: Settings) -> Path:
    path = key_path(settings)
    return path.with_name(path.name + ".receipts")


def _local_key(path: Path) -> Ed25519PrivateKey:
    """Read the local key, or make it. Raises: OSError; ValueError - it is damaged."""
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds another kind of key: delete it, and a new one is made")
        return key
    made = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    return made
