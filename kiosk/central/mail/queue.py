"""The queue of mails: taken one at a time, by any copy of the centre, so that none goes out twice.

A mail is `waiting`, then `taken` (nothing that counts was said to the server), then `handing` (its text is on the
way there), then `sent`. A copy that dies while a mail is `taken` loses nothing: another takes it when the lease is
over. One that dies while it is `handing` leaves a mail of which nobody knows whether it went out: it is `dead` until a
person says "again". SMTP has no way to ask.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from kiosk.central.centre import Centre
from kiosk.central.tables import mails, patrons

LEASE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
KEPT = timedelta(days=30)
"""How long the queue remembers that a mail was sent, dropped or dead."""
NOBODY_KNOWS = "unsure"
_FORGOTTEN: dict[str, Any] = {"patron": None, "body": {}}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail one copy has taken. `address` is the patron's now; "" when there is none any more."""

    id: str
    address: str
    branch: str
    station: str
    language: str
    body: dict[str, Any]
    happened_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Dead:
    """A mail that waits for a person. Says nothing of whose it is."""

    id: str
    branch: str
    since: datetime
    tries: int
    trouble: str


def take(centre: Centre) -> Mail | None:
    """Take the mail that is due longest; None when none is. Raises: CentreUnavailable."""
    return centre.carry_out(lambda work: _take(work, centre.network, centre.now()))


def handing(centre: Centre, mail: Mail) -> bool:
    """Note, before the text goes out, that it does; False when the lease was over and another has the mail."""
    now = centre.now()
    changed = {"state": "handing", "since": now, "next_at": now + LEASE}
    return _move(centre, mail.id, "taken", changed, tries=mail.tries)


def sent(centre: Centre, mail: Mail) -> None:
    """Note that the server has it; whose it was and what it said is forgotten."""
    _move(centre, mail.id, "handing", {"state": "sent", "since": centre.now(), "trouble": "", **_FORGOTTEN})


def dropped(centre: Centre, mail: Mail, why: str) -> None:
    """Give a mail up that nobody can want any more."""
    _move(centre, mail.id, "taken", {"state": "dropped", "since": centre.now(), "trouble": why, **_FORGOTTEN})


def put_back(centre: Centre, mail: Mail, trouble: str, most_tries: int) -> None:
    """Try again later, with longer and longer pauses; after *most_tries* it is dead."""
    if mail.tries >= most_tries:
        die(centre, mail, trouble)
        return
    now = centre.now()
    pause = min(FIRST_PAUSE * 4 ** (mail.tries - 1), LONGEST_PAUSE)
    changed = {"state": "waiting", "since": now, "next_at": now + pause, "trouble": trouble[:500]}
    _move(centre, mail.id, None, changed)


def die(centre: Centre, mail: Mail, trouble: str) -> None:
    """Leave a mail for a person."""
    _move(centre, mail.id, None, {"state": "dead", "since": centre.now(), "trouble": trouble[:500]})


def dead_letters(connection: Connection, network: str) -> tuple[Dead, ...]:
    wanted = select(mails).where(mails.c.network == network, mails.c.state == "dead").order_by(mails.c.since)
    return tuple(
        Dead(row.id, row.branch, row.since, row.tries, row.trouble) for row in connection.execute(wanted.limit(200))
    )


def again(centre: Centre, mail: str) -> bool:
    """Send a dead mail once more, as a person said; False when it is not dead."""
    now = centre.now()
    return _move(centre, mail, "dead", {"state": "waiting", "tries": 0, "since": now, "next_at": now})


def give_up(centre: Centre, mail: str) -> bool:
    """Throw a dead mail away, as a person said; False when it is not dead."""
    return _move(centre, mail, "dead", {"state": "dropped", "since": centre.now(), **_FORGOTTEN})


def counts(connection: Connection, network: str) -> dict[str, int]:
    """Say how many mails are in each state."""
    wanted = select(mails.c.state, func.count()).where(mails.c.network == network).group_by(mails.c.state)
    return {row[0]: row[1] for row in connection.execute(wanted)}


def forget(work: Connection, network: str, now: datetime) -> int:
    """Drop the memory of mails that are over; says how many."""
    over = mails.c.state.in_(("sent", "dropped", "dead")) & (mails.c.since < now - KEPT)
    return work.execute(delete(mails).where(mails.c.network == network, over)).rowcount


def _take(work: Connection, network: str, now: datetime) -> Mail | None:
    ours = mails.c.network == network
    lost = ours & (mails.c.state == "handing") & (mails.c.next_at <= now)
    work.execute(update(mails).where(lost).values(state="dead", since=now, trouble=NOBODY_KNOWS))
    due = ours & mails.c.state.in_(("waiting", "taken")) & (mails.c.next_at <= now)
    oldest = select(mails).where(due).order_by(mails.c.next_at, mails.c.id).limit(1).with_for_update(skip_locked=True)
    row = work.execute(oldest).one_or_none()
    if row is None:
        return None
    own = ours & (mails.c.id == row.id)
    taken = {"state": "taken", "tries": row.tries + 1, "since": now, "next_at": now + LEASE}
    work.execute(update(mails).where(own).values(taken))
    address = work.execute(_ADDRESS.where(patrons.c.network == network, patrons.c.id == row.patron)).scalar()
    return Mail(row.id, address or "", row.branch, row.station, row.language, row.body, row.happened_at, row.tries + 1)


_ADDRESS = select(patrons.c.email).where(patrons.c.erased_at.is_(None))


def _move(centre: Centre, mail: str, before: str | None, values: dict[str, Any], *, tries: int | None = None) -> bool:
    def move(work: Connection) -> bool:
        own: ColumnElement[bool] = and_(mails.c.network == centre.network, mails.c.id == mail)
        state = or_(mails.c.state == "taken", mails.c.state == "handing") if before is None else mails.c.state == before
        same = own & state if tries is None else own & state & (mails.c.tries == tries)
        return work.execute(update(mails).where(same).values(values)).rowcount == 1

    return centre.carry_out(move)
