"""Loans and holds as the centre knows them, where nothing the station did since says otherwise."""

from collections.abc import Collection

from kiosk.store.replica.catalogue import name_items, name_titles
from kiosk.store.replica.ground import Ground, Told
from kiosk.store.replica.people import name_patrons

_PUT_LOAN = (
    "INSERT INTO loans (id, item, patron, item_type, lent_at, due, renewals, state)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 'open') ON CONFLICT (id) DO UPDATE SET item = excluded.item,"
    " patron = excluded.patron, item_type = excluded.item_type, lent_at = excluded.lent_at, due = excluded.due,"
    " renewals = excluded.renewals, state = 'open', closed_at = NULL"
)
_CLOSE_LOAN = "UPDATE loans SET state = 'returned', closed_at = ? WHERE id = ? AND state = 'open'"
_OTHERS = "SELECT id FROM loans WHERE item = ? AND state = 'open' AND id != ?"
_VOID_CLEARING = (
    "UPDATE intents SET state = 'voided', settled = ? WHERE armed = 0 AND state IN ('pending', 'owed')"
    " AND (loan = ? OR (loan IS NULL AND item = (SELECT item FROM loans WHERE id = ?)))"
)
_VOID_ARMING = (
    "UPDATE intents SET state = 'voided', settled = ? WHERE armed = 1 AND state = 'owed' AND kind = 'repair'"
    " AND item = ?"
)
_PUT_HOLD = (
    "INSERT INTO holds (key, patron, title, placed_at, pickup, status, item) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET patron = excluded.patron, title = excluded.title,"
    " placed_at = excluded.placed_at, pickup = excluded.pickup, status = excluded.status, item = excluded.item,"
    " closed_at = NULL"
)
_ADOPT_HOLD = "UPDATE holds SET key = ? WHERE patron = ? AND title = ? AND closed_at IS NULL AND key IS NOT ?"
_CLOSE_HOLD = "UPDATE holds SET closed_at = ? WHERE key = ? AND closed_at IS NULL"


def put_loans(ground: Ground, told: Told) -> None:
    """Lay told loans down. A copy has one open loan: another one of it is over."""
    overlay = ground.overlay
    new = {key: row for key, row in told.items() if key not in overlay.loans and row[1] not in overlay.items}
    name_items(ground, {(row[1], row[3]) for row in new.values()})
    name_patrons(ground, {row[2] for row in new.values()})
    for key, row in new.items():
        for (other,) in ground.connection.execute(_OTHERS, (row[1], key)).fetchall():
            close_loan(ground, other)
    lent = {row[1] for key, row in new.items() if not _is_open(ground, key)}
    ground.connection.executemany(_PUT_LOAN, [row[:7] for row in new.values()])
    ground.connection.executemany(_VOID_ARMING, [(ground.at, item) for item in lent])


def _is_open(ground: Ground, loan: str) -> bool:
    found = ground.connection.execute("SELECT 1 FROM loans WHERE id = ? AND state = 'open'", (loan,))
    return found.fetchone() is not None


def end_loans(ground: Ground, keys: Collection[str]) -> None:
    """End loans the centre no longer has open; the keeping rule forgets them with the day."""
    for key in keys:
        if key not in ground.overlay.loans:
            close_loan(ground, key)


def close_loan(ground: Ground, loan: str) -> None:
    """End a loan, and take back what was still to be cleared for it: no bit is cleared without a loan."""
    ground.connection.execute(_CLOSE_LOAN, (ground.at, loan))
    ground.connection.execute(_VOID_CLEARING, (ground.at, loan, loan))


def put_holds(ground: Ground, told: Told) -> None:
    new = {key: row for key, row in told.items() if (row[1], row[2]) not in ground.overlay.holds}
    name_patrons(ground, {row[1] for row in new.values()})
    name_titles(ground, {row[2] for row in new.values()})
    for key, row in new.items():
        known = ground.connection.execute("SELECT id FROM holds WHERE key = ?", (key,)).fetchone()
        if known is None:  # the patron waits for this title here already, under no name or an older one
            ground.connection.execute(_ADOPT_HOLD, (key, row[1], row[2], key))
        else:  # only one place in a queue is open at a time
            others = "UPDATE holds SET closed_at = ? WHERE patron = ? AND title = ? AND closed_at IS NULL AND id != ?"
            ground.connection.execute(others, (ground.at, row[1], row[2], known[0]))
        ground.connection.execute(_PUT_HOLD, row[:7])


def end_holds(ground: Ground, keys: Collection[str]) -> None:
    """End holds, also where own unheard events touch them: one they opened again is told again once they are heard.

    One that was placed here is nothing the centre could have ended: it has not heard of it.
    """
    ended = [(ground.at, key) for key in keys if key not in ground.overlay.placed]
    ground.connection.executemany(_CLOSE_HOLD, ended)
