"""Patrons with their cards and PINs as the centre knows them. Tries of a PIN are this station's own."""

from collections.abc import Collection, Iterable

from kiosk.store.replica.ground import Ground, Told, upsert
from kiosk.store.replica.rows import Values
from kiosk.wire.messages import COLUMNS, Kind

_ALL = COLUMNS[Kind.PATRON]
_CARDS, _PIN, _MERGED = (_ALL.index(name) for name in ("cards", "pin", "merged_into"))
_MAIL = _ALL.index("mail")
_COLUMNS = (*_ALL[:_CARDS], "mail")
_PUT = upsert("patrons", _COLUMNS)
_PUT_TOUCHED = upsert("patrons", _COLUMNS, kept=("fees",))
_NAME = (
    "INSERT OR IGNORE INTO patrons (id, card, given_name, family_name, category, branch, card_status, fees, pin_needed)"
    " VALUES (?, '', '', '', '', '', 'blocked', '0', 0)"
)
_PUT_CARD = "INSERT OR REPLACE INTO cards (number, uid, patron, status) VALUES (?, ?, ?, ?)"
_PUT_PIN = (
    "INSERT INTO pins (patron, verifier, failures) VALUES (?, ?, 0) ON CONFLICT (patron) DO UPDATE"
    " SET verifier = excluded.verifier, failures = 0, locked_until = NULL WHERE verifier != excluded.verifier"
)
_FORGET_CARDS = "DELETE FROM cards WHERE patron = ?"
_FORGET_PIN = "DELETE FROM pins WHERE patron = ?"
_DROP = (
    "DELETE FROM patrons WHERE id = ? AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.patron = patrons.id)"
    " AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.patron = patrons.id)"
)
_SHUT = (
    "UPDATE patrons SET card = '', given_name = '', family_name = '', card_status = 'blocked', born = NULL,"
    " guardian = NULL, mail = 0 WHERE id = ?"
)


def put_patrons(ground: Ground, told: Told) -> None:
    """What a patron owes stays as own unheard returns left it."""
    touched = told.keys() & ground.overlay.patrons
    plain = [told[key] for key in told if key not in touched]
    ground.connection.executemany(_PUT, (_row(values) for values in plain))
    ground.connection.executemany(_PUT_TOUCHED, (_row(told[key]) for key in touched))
    _put_cards(ground, told)
    _put_pins(ground, told.values())
    for values in told.values():
        if values[_MERGED]:
            _merge(ground, values[0], values[_MERGED])


def _row(values: Values) -> Values:
    return (*values[:_CARDS], values[_MAIL])


def name_patrons(ground: Ground, patrons: Collection[str]) -> None:
    """Make room for patrons that are told of later. Nobody can borrow as one of them."""
    ground.connection.executemany(_NAME, [(patron,) for patron in patrons])


def drop_patrons(ground: Ground, keys: Collection[str]) -> None:
    """Forget patrons; one who still has something here keeps an empty name and no card."""
    for key in keys:
        ground.connection.execute(_FORGET_CARDS, (key,))
        ground.connection.execute(_FORGET_PIN, (key,))
        if ground.connection.execute(_DROP, (key,)).rowcount == 0:
            ground.connection.execute(_SHUT, (key,))


def _put_cards(ground: Ground, told: Told) -> None:
    """A patron's cards are those told, and a card told for one patron is no longer another's."""
    ground.connection.executemany(_FORGET_CARDS, ((key,) for key in told))
    rows = [(*card[:2], _owner(values), card[2]) for values in told.values() for card in values[_CARDS]]
    name_patrons(ground, {values[_MERGED] for values in told.values() if values[_MERGED]})
    ground.connection.executemany(_PUT_CARD, rows)


def _owner(values: Values) -> str:
    return str(values[_MERGED] or values[0])


def _put_pins(ground: Ground, told: Iterable[Values]) -> None:
    rows = list(told)
    ground.connection.executemany(_FORGET_PIN, ((values[0],) for values in rows if values[_PIN] is None))
    ground.connection.executemany(_PUT_PIN, ((values[0], values[_PIN]) for values in rows if values[_PIN] is not None))


def _merge(ground: Ground, gone: str, into: str) -> None:
    """Everything of a patron who was merged belongs to the other one, here too."""
    connection = ground.connection
    both = "SELECT title FROM holds WHERE patron = ? AND closed_at IS NULL"
    connection.execute(
        f"UPDATE holds SET closed_at = ? WHERE patron = ? AND closed_at IS NULL AND title IN ({both})",  # noqa: S608
        (ground.at, gone, into),
    )
    connection.execute("UPDATE holds SET patron = ? WHERE patron = ?", (into, gone))
    connection.execute("UPDATE loans SET patron = ? WHERE patron = ?", (into, gone))
    connection.execute("UPDATE cards SET patron = ? WHERE patron = ?", (into, gone))
    connection.execute(_FORGET_PIN, (gone,))
