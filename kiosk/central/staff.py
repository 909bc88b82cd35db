"""Librarians, technicians, directors: who may do what in the office. Passwords are judged as PINs are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.errors import StaffError
from kiosk.central.tables import staff
from kiosk.library.local.desk import PinRules
from kiosk.library.local.pin_checks import counted, judged, pin_verifier
from kiosk.library.port import PinLocked, PinWrong
from kiosk.store.patrons import Pin

ROLES = ("librarian", "technician", "director")
SHORTEST = 10
"""Letters of a password; source: NIST SP 800-63B asks for 8 at least."""
RULES = PinRules(tries=5, lock_minutes=15)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff; `branch` "" works for all of them."""

    login: str
    name: str
    role: str
    branch: str = ""
    disabled: bool = False


def add(centre: Centre, member: Member, password: str, by: str) -> None:
    """Take somebody in. Raises: StaffError."""
    if member.role not in ROLES:
        raise StaffError(f"there is no role {member.role!r}; there are: {', '.join(ROLES)}")
    if not member.login.isascii() or not member.login.replace(".", "").replace("-", "").isalnum():
        raise StaffError("a login is Latin letters, digits, dots and hyphens")
    verifier = _verifier(password)

    def take_in(work: Connection) -> None:
        if find(work, centre.network, member.login) is not None:
            raise StaffError(f"{member.login} is taken")
        row = {"login": member.login, "name": member.name, "role": member.role, "branch": member.branch}
        work.execute(insert(staff).values(network=centre.network, verifier=verifier, **row))
        _note(work, centre, by, "staff-add", member.login, {"role": member.role, "branch": member.branch})

    centre.carry_out(take_in)


def set_password(centre: Centre, login: str, password: str, by: str) -> None:
    """Give somebody another password. Raises: StaffError."""
    _change(centre, login, by, "staff-password", {"verifier": _verifier(password), "failures": 0, "locked_until": None})


def disable(centre: Centre, login: str, by: str) -> None:
    """Let somebody in no more; what they did stays written down. Raises: StaffError."""
    _change(centre, login, by, "staff-disable", {"disabled_at": centre.now()})


def members(connection: Connection, network: str) -> tuple[Member, ...]:
    rows = connection.execute(select(staff).where(staff.c.network == network).order_by(staff.c.login))
    return tuple(Member(row.login, row.name, row.role, row.branch, row.disabled_at is not None) for row in rows)


def find(connection: Connection, network: str, login: str) -> Member | None:
    return next((one for one in members(connection, network) if one.login == login), None)


def sign_in(centre: Centre, login: str, password: str) -> Member | None:
    """Say who this is; None for a wrong password, nobody, or somebody who tried too often."""
    at = centre.now()
    tried = centre.carry_out(lambda work: _count_try(work, centre.network, login, at))
    if isinstance(tried, PinLocked):
        return None
    verdict = judged(tried, password, RULES, at)
    if isinstance(verdict, (PinLocked, PinWrong)) or tried is None:
        return None
    centre.carry_out(lambda work: _keep(work, centre.network, login, Pin(tried.verifier)))
    return centre.look(lambda work: find(work, centre.network, login))


def _count_try(work: Connection, network: str, login: str, at: datetime) -> Pin | PinLocked | None:
    ours = (staff.c.network == network) & (staff.c.login == login) & staff.c.disabled_at.is_(None)
    row = work.execute(select(staff).where(ours).with_for_update()).one_or_none()
    if row is None:
        return None
    tried = counted(Pin(row.verifier, row.failures, row.locked_until), RULES, at)
    if isinstance(tried, Pin):
        _keep(work, network, login, tried)
    return tried


def _keep(work: Connection, network: str, login: str, tried: Pin) -> None:
    kept = {"failures": tried.failures, "locked_until": tried.locked_until}
    work.execute(update(staff).where(staff.c.network == network, staff.c.login == login).values(kept))


def _change(centre: Centre, login: str, by: str, action: str, values: dict[str, object]) -> None:
    def change(work: Connection) -> None:
        ours = (staff.c.network == centre.network) & (staff.c.login == login)
        if work.execute(update(staff).where(ours).values(values)).rowcount == 0:
            raise StaffError(f"there is nobody called {login}")
        _note(work, centre, by, action, login, {})

    centre.carry_out(change)


def _verifier(password: str) -> str:
    if len(password) < SHORTEST:
        raise StaffError(f"a password has {SHORTEST} characters at least: three or four words are easy to keep in mind")
    return pin_verifier(password)


def _note(work: Connection, centre: Centre, who: str, action: str, subject: str, details: dict[str, object]) -> None:
    audit.record(work, centre.network, who=who, action=action, subject=subject, details=details, now=centre.now())
