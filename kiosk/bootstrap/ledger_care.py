"""What a technician may do with the ledger of a station that is stopped: check it, begin a new one after a damage."""

from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.bootstrap.station import open_ledger
from kiosk.settings import load_settings
from kiosk.store import TrustedClock, open_store


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How the ledger is. `first_break` is the journal row from which on the chain does not hold; None when it does."""

    path: str
    journal_rows: int
    first_break: int | None
    not_acknowledged: int
    open_debts: int

    def as_table(self) -> dict[str, object]:
        return asdict(self)


def check_ledger(config_dir: Path, branch: str, station: str | None) -> LedgerState:
    """Read the whole ledger. Raises: SettingsError; StoreError."""
    settings = load_settings(config_dir, branch, station)
    store = open_ledger(settings)
    try:
        with store.reading(TrustedClock(last_durable=store.last_durable()).now()) as work:
            return LedgerState(
                path=settings.store.path,
                journal_rows=sum(1 for _ in work.journal.entries()),
                first_break=work.journal.first_break(),
                not_acknowledged=len(work.journal.unacknowledged(limit=1_000_000)),
                open_debts=len(work.debts.all_open()),
            )
    finally:
        store.close()


def begin_new_ledger(config_dir: Path, branch: str, station: str | None) -> Path:
    """Begin a new database although a damaged one lies set aside. Raises: SettingsError; StoreError."""
    path = Path(load_settings(config_dir, branch, station).store.path)
    open_store(path, begin_anew=True).close()
    return path
