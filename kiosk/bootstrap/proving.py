"""Proves receipts outside a running station or centre: from the database of either, for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.central import opened_centre
from kiosk.bootstrap.central_receipts import central_proofs
from kiosk.bootstrap.receipts import proofs_of
from kiosk.bootstrap.secret_files import SecretMissing
from kiosk.bootstrap.station import open_ledger
from kiosk.central.errors import CentreUnavailable, SchemaTooNew
from kiosk.settings import SettingsError, load_settings, names_of_branches
from kiosk.store import StoreError
from web_ui.receipt_page import ProveReceipt, Receipt


class CannotProve(Exception):
    """There is no list of keys to look into; the message says why."""


@contextmanager
def prover(config_dir: Path, branch: str | None, station: str | None) -> Iterator[ProveReceipt]:
    """Open the list of a station's *branch*, or the centre's where there is none. Raises: CannotProve."""
    try:
        if branch is None:
            with opened_centre(config_dir) as (centre, policies):
                yield central_proofs(centre, policies)
            return
        settings = load_settings(config_dir, branch, station)
        store = open_ledger(settings)
        try:
            yield proofs_of(settings, store, names_of_branches(config_dir))
        finally:
            store.close()
    except (SettingsError, StoreError, SecretMissing, CentreUnavailable, SchemaTooNew) as trouble:
        raise CannotProve(str(trouble)) from trouble


def in_words(found: Receipt) -> Iterator[str]:
    """Say what a receipt proves, a line each."""
    stub, key = found.proven.stub, found.proven.key
    at = stub.at.astimezone(ZoneInfo(found.zone))
    if key.revoked_at is not None:
        yield f"DOUBTFUL: the station was shut out on {key.revoked_at:%Y-%m-%d}"
    yield f"{found.branch}, {found.station} ({key.station}), {at:%Y-%m-%d %H:%M}, No. {stub.number}"
    for moved, copies in found.copies:
        yield f"{moved.name.lower()}: {len(copies)}"
        for copy, item in zip(copies, stub.items[moved], strict=True):
            yield f"  {item}  {copy}" if copy and copy != item else f"  {item}"
