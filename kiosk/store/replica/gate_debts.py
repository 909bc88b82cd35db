"""Gate debts other stations found: each travels here as an order owed, so that the next sight of its tag mends it."""

from collections.abc import Collection

from kiosk.store.debts import GATE_DEBTS, DebtKind
from kiosk.store.replica.ground import Ground, Told
from kiosk.store.replica.rows import Values

_SAME = "SELECT id FROM debts WHERE item = ? AND tag = ? AND kind = ? AND closed IS NULL"
_FORGET = "DELETE FROM debts WHERE id = ? AND closed IS NOT NULL"
_RENAME = "UPDATE debts SET id = ? WHERE id = ?"
_OPEN = (
    "INSERT INTO debts (id, kind, item, tag, evidence, opened, origin) VALUES (?, ?, ?, ?, ?, ?, 'centre')"
    " ON CONFLICT (id) DO UPDATE SET closed = NULL, closed_by = NULL"
)
_CLOSE = "UPDATE debts SET closed = ?, closed_by = 'centre' WHERE id = ? AND closed IS NULL"
_OWE = (
    "INSERT INTO intents (id, request_key, kind, tag, item, armed, epoch, opened, state)"
    " VALUES (?, ?, 'repair', ?, ?, ?, 'centre', ?, 'owed')"
    " ON CONFLICT (id) DO UPDATE SET state = 'owed', settled = NULL"
)
_OWED = "SELECT 1 FROM intents WHERE tag = ? AND state IN ('pending', 'owed')"
_ON_LOAN = "SELECT 1 FROM loans WHERE item = ? AND state = 'open'"
_VOID = (
    "UPDATE intents SET state = 'voided', settled = ?"
    " WHERE state = 'owed' AND kind = 'repair' AND (id = ? OR (tag = ? AND armed = ?))"
)


def put_debts(ground: Ground, told: Told) -> None:
    """Take in debts about gate bits. One that is open here already is not doubled: it gets the centre's name."""
    for key, row in told.items():
        if row[1] not in GATE_DEBTS or not row[3] or _is_ours(ground, key, row[3]):
            continue
        same = ground.connection.execute(_SAME, (row[2], row[3], row[1])).fetchone()
        if same is None:
            ground.connection.execute(_OPEN, row[:6])
            _owe(ground, row)
        elif same[0] != key:
            ground.connection.execute(_FORGET, (key,))
            ground.connection.execute(_RENAME, (key, same[0]))


def end_debts(ground: Ground, keys: Collection[str]) -> None:
    """Close what was settled elsewhere, and void the orders it left here."""
    for key in keys:
        found = ground.connection.execute(
            "SELECT tag, kind FROM debts WHERE id = ? AND closed IS NULL", (key,)
        ).fetchone()
        if found is not None and key not in ground.overlay.debts:
            ordered = "" if found[0] in ground.overlay.tags else found[0]  # what we ordered since stands
            ground.connection.execute(_CLOSE, (ground.at, key))
            ground.connection.execute(_VOID, (ground.at, key, ordered, found[1] == DebtKind.GATE_NOT_ARMED))


def _is_ours(ground: Ground, debt: str, tag: str) -> bool:
    """Say whether own unheard events speak of the debt or of its tag."""
    return debt in ground.overlay.debts or tag in ground.overlay.tags


def _owe(ground: Ground, row: Values) -> None:
    """Order the bit for the next sight of the tag, where the ledger here wants it so: cleared only under a loan."""
    key, kind, item, tag = row[:4]
    armed = kind == DebtKind.GATE_NOT_ARMED
    on_loan = ground.connection.execute(_ON_LOAN, (item,)).fetchone() is not None
    if on_loan != armed and ground.connection.execute(_OWED, (tag,)).fetchone() is None:
        ground.connection.execute(_OWE, (key, key, tag, item, armed, ground.at))
