"""The fleet: how every station said it was, last time it said anything."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central.tables import heartbeats, stations
from kiosk.wire.messages import Heartbeat


@dataclass(frozen=True, slots=True)
class StationState:
    """A station of the list and its last word; `heartbeat` is None for one that never said anything."""

    id: str
    branch: str
    name: str
    lends: bool
    enrolled_at: datetime
    revoked_at: datetime | None
    heard_at: datetime | None
    heartbeat: Heartbeat | None


def note(connection: Connection, network: str, station: str, heartbeat: Heartbeat, now: datetime) -> None:
    """Keep the newest word of a station."""
    row = {"network": network, "station": station, "at": now, "body": heartbeat.model_dump(mode="json")}
    statement = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(heartbeats).values(row)
    changed = {"at": statement.excluded.at, "body": statement.excluded.body}
    connection.execute(statement.on_conflict_do_update(index_elements=["network", "station"], set_=changed))


def overview(connection: Connection, network: str) -> tuple[StationState, ...]:
    """List every station that was ever enrolled, by branch and name."""
    same = (heartbeats.c.network == stations.c.network) & (heartbeats.c.station == stations.c.id)
    wanted = select(stations, heartbeats.c.at.label("heard_at"), heartbeats.c.body).outerjoin(heartbeats, same)
    rows = connection.execute(wanted.where(stations.c.network == network).order_by(stations.c.branch, stations.c.name))
    return tuple(
        StationState(
            row.id, row.branch, row.name, row.lends, row.enrolled_at, row.revoked_at, row.heard_at, _read(row.body)
        )
        for row in rows
    )


def _read(body: object) -> Heartbeat | None:
    try:
        return None if body is None else Heartbeat.model_validate(body)
    except ValidationError:
        return None  # of a release that said it otherwise: its next word is read again
