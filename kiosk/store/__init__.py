"""The station's own database: what it knows, what it decided, what it still owes. No rules, no network."""

from kiosk.store.clock import Moment, TrustedClock
from kiosk.store.engine import Store, open_store
from kiosk.store.errors import StoreError, StoreFull, StoreSetAside, StoreTooNew

__all__ = [
    "Moment",
    "Store",
    "StoreError",
    "StoreFull",
    "StoreSetAside",
    "StoreTooNew",
    "TrustedClock",
    "open_store",
]
