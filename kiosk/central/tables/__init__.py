"""The tables of the central system, as they are now. How older databases become this: `migrations`.

Every table begins its key with the network it belongs to, and every question on the hot path names it: so a
distributed PostgreSQL can spread whole networks over its nodes (docs/distribution.md). No table points into
another network.
"""

from kiosk.central.tables.catalogue import covers, items, titles
from kiosk.central.tables.circulation import debts, holds, loans
from kiosk.central.tables.heard import (
    card_proofs,
    enrolment_codes,
    epochs,
    events,
    heartbeats,
    nonces,
    station_keys,
    stations,
    tag_health,
    tallies,
)
from kiosk.central.tables.house import incarnations, secrets
from kiosk.central.tables.mail import mails
from kiosk.central.tables.office import audit, staff
from kiosk.central.tables.people import cards, patrons, pins
from kiosk.central.tables.shape import metadata
from kiosk.central.tables.told import change_numbers, changes, notices, settings_documents, snapshot_parts, snapshots

__all__ = [
    "audit",
    "card_proofs",
    "cards",
    "change_numbers",
    "changes",
    "covers",
    "debts",
    "enrolment_codes",
    "epochs",
    "events",
    "heartbeats",
    "holds",
    "incarnations",
    "items",
    "loans",
    "mails",
    "metadata",
    "nonces",
    "notices",
    "patrons",
    "pins",
    "secrets",
    "settings_documents",
    "snapshot_parts",
    "snapshots",
    "staff",
    "station_keys",
    "stations",
    "tag_health",
    "tallies",
    "titles",
]
