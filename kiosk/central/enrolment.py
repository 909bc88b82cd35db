"""How a station gets in and out: a one-time code, its own key, and the end of its trust.

The code is read out by a person, good once and for a quarter of an hour, and kept only as a hash. The key is the
station's own; the centre knows its public half. Who was shut out is refused at the next request.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.errors import EnrolmentRefused
from kiosk.central.identity import StationIdentity
from kiosk.central.policies import Policies
from kiosk.central.tables import enrolment_codes, nonces, station_keys, stations
from kiosk.receipts.token import key_id
from kiosk.wire.messages import EnrolRequest, Kind
from kiosk.wire.signatures import NEAREST, Signed, public_key

GOOD_FOR = timedelta(minutes=15)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
_LENGTH = 12  # 59 bits


class Replayed(Exception):
    """A request that was here before, to the letter."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A station as the list shows it."""

    id: str
    branch: str
    name: str
    lends: bool
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None


def make_code(centre: Centre, policies: Policies, branch: str, station: str, made_by: str) -> str:
    """Make a one-time code for a station of *branch*. Raises: EnrolmentRefused - no such branch, or no name."""
    if policies.of(branch) is None:
        known = ", ".join(sorted(policies.branches))
        raise EnrolmentRefused("branch", f"there is no branch {branch!r}; there are: {known}")
    if not station or not station.replace("-", "").isalnum() or len(station) > 40:
        raise EnrolmentRefused(
            "station", "a station's name is letters, digits and hyphens, as in the branch file: hall"
        )
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    now = centre.now()

    def keep(work: Connection) -> None:
        ours = enrolment_codes.c.network == centre.network
        work.execute(delete(enrolment_codes).where(ours, enrolment_codes.c.expires_at < now - timedelta(days=1)))
        row = {"network": centre.network, "code_hash": _hash(code), "branch": branch, "station": station}
        work.execute(insert(enrolment_codes).values(**row, made_by=made_by, expires_at=now + GOOD_FOR))
        subject = f"{branch}.{station}"
        audit.record(work, centre.network, who=made_by, action="make-code", subject=subject, details={}, now=now)

    centre.carry_out(keep)
    return "-".join((code[:4], code[4:8], code[8:]))


def enrol(centre: Centre, request: EnrolRequest) -> StationIdentity:
    """Let a station in that knows a code; an earlier key of the same station is worth nothing from then on.

    Raises: EnrolmentRefused, CentreUnavailable.
    """
    try:
        public_key(request.public_key)
    except ValueError as error:
        raise EnrolmentRefused("key", "the station's key is none: 32 bytes in base64 are wanted") from error
    return centre.carry_out(lambda work: _enrol(work, centre, request))


def _enrol(work: Connection, centre: Centre, request: EnrolRequest) -> StationIdentity:
    now = centre.now()
    ours = enrolment_codes.c.network == centre.network
    own = ours & (enrolment_codes.c.code_hash == _hash(request.code))
    code = work.execute(select(enrolment_codes).where(own).with_for_update()).one_or_none()
    if code is None:
        raise EnrolmentRefused("code", "no such code: look whether it was typed as it was read out")
    if code.used_at is not None:
        raise EnrolmentRefused("code", "the code was used: make a new one with `kiosk central enrol`")
    if code.expires_at < now:
        raise EnrolmentRefused("code", "the code is older than a quarter of an hour: make a new one")
    work.execute(update(enrolment_codes).where(own).values(used_at=now))
    station = StationIdentity(f"{code.branch}.{code.station}", code.branch, code.station, request.lends)
    named = (stations.c.network == centre.network) & (stations.c.id == station.id)
    work.execute(delete(stations).where(named))
    row = {"network": centre.network, "id": station.id, "branch": station.branch, "name": station.name}
    row |= {"public_key": request.public_key, "enrolled_by": code.made_by}
    work.execute(insert(stations).values(**row, lends=station.lends, enrolled_at=now))
    _keep_key(work, centre.network, station.id, request.public_key)
    details = {"lends": request.lends, "version": request.version}
    audit.record(work, centre.network, who=code.made_by, action="enrol", subject=station.id, details=details, now=now)
    return station


def _keep_key(work: Connection, network: str, station: str, public: str) -> None:
    """Keep a key for good: what was signed with it is proven with it, also when the station has another by then."""
    name = key_id(base64.b64decode(public)).hex()
    named = (station_keys.c.network == network) & (station_keys.c.id == name)
    work.execute(delete(station_keys).where(named))
    work.execute(insert(station_keys).values(network=network, id=name, station=station, public_key=public))
    touch(work, network, Kind.STATION_KEY, [name])


def revoke(centre: Centre, station: str, by: str) -> bool:
    """Shut a station out, from its next request on; False when there is none, or it was shut out before."""

    def shut_out(work: Connection) -> bool:
        now = centre.now()
        named = (stations.c.network == centre.network) & (stations.c.id == station) & stations.c.revoked_at.is_(None)
        if work.execute(update(stations).where(named).values(revoked_at=now, revoked_by=by)).rowcount == 0:
            return False
        theirs = (station_keys.c.network == centre.network) & (station_keys.c.station == station)
        work.execute(update(station_keys).where(theirs, station_keys.c.revoked_at.is_(None)).values(revoked_at=now))
        touch(
            work,
            centre.network,
            Kind.STATION_KEY,
            list(work.execute(select(station_keys.c.id).where(theirs)).scalars()),
        )
        audit.record(work, centre.network, who=by, action="revoke", subject=station, details={}, now=now)
        return True

    return centre.carry_out(shut_out)


def all_stations(connection: Connection, network: str) -> tuple[Enrolment, ...]:
    wanted = select(stations).where(stations.c.network == network).order_by(stations.c.id)
    return tuple(
        Enrolment(row.id, row.branch, row.name, row.lends, row.enrolled_at, row.enrolled_by, row.revoked_at)
        for row in connection.execute(wanted)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A station whose signature can be checked."""

    identity: StationIdentity
    key: Ed25519PublicKey
    revoked: bool


def known_station(connection: Connection, network: str, keyid: str) -> Known | None:
    """Find who signs as *keyid*; asked at every request, so that revoking counts at once."""
    wanted = select(stations).where(stations.c.network == network, stations.c.id == keyid)
    row: Row[Any] | None = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    identity = StationIdentity(row.id, row.branch, row.name, row.lends)
    return Known(identity, public_key(row.public_key), row.revoked_at is not None)


def use_nonce(connection: Connection, network: str, station: str, signed: Signed, now: datetime) -> None:
    """Take note of a request, in the database that all copies share. Raises: Replayed."""
    row = {"network": network, "station": station, "nonce": signed.nonce, "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(nonces).values(row))
    except IntegrityError as error:
        raise Replayed("this very request was here before") from error
    if secrets.randbelow(200) == 0:
        old = (nonces.c.network == network) & (nonces.c.at < now - 3 * NEAREST)
        connection.execute(delete(nonces).where(old))


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(plain.encode()).hexdigest()
