"""Settings on their way to stations: documents with versions, by target. Never changed, only followed by a newer one.

Whether a document is good is judged by whoever knows the settings; the station checks it once more, tries it between
visits, and takes it back when it is not well with it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from kiosk.central import audit
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import notices, settings_documents
from kiosk.store.identifiers import new_id
from kiosk.wire.messages import Kind


@dataclass(frozen=True, slots=True)
class Document:
    target: str
    version: int
    toml: str
    made_by: str
    made_at: datetime
    note: str


def newest(connection: Connection, network: str) -> dict[str, Document]:
    """Find the newest document of every target."""
    of = settings_documents
    rows = connection.execute(select(of).where(of.c.network == network).order_by(of.c.target, of.c.version))
    return {row.target: _document(row) for row in rows}


def history(connection: Connection, network: str, target: str) -> tuple[Document, ...]:
    """List the versions of one target, newest first."""
    of = settings_documents
    wanted = select(of).where(of.c.network == network, of.c.target == target).order_by(of.c.version.desc())
    return tuple(_document(row) for row in connection.execute(wanted))


def push(centre: Centre, target: str, toml: str, by: str, note: str = "") -> int:
    """Send *toml* to every station of *target*; says its version. The caller has checked it."""

    def write(work: Connection) -> int:
        of, now = settings_documents, centre.now()
        last = select(func.max(of.c.version)).where(of.c.network == centre.network, of.c.target == target)
        version = (work.execute(last).scalar() or 0) + 1
        row = {"target": target, "version": version, "toml": toml, "made_by": by, "made_at": now, "note": note}
        work.execute(insert(of).values(network=centre.network, **row))
        touch(work, centre.network, Kind.SETTINGS, [target])
        details = {"version": version, "note": note}
        audit.record(work, centre.network, who=by, action="push-settings", subject=target, details=details, now=now)
        return version

    return centre.carry_out(write)


def give_notice(centre: Centre, branch: str, words: dict[str, str], days: tuple[object, object], by: str) -> str:
    """Put a message on the screens of *branch* ("" for all), by language, from a first to a last day."""
    now = centre.now()
    name = new_id(now)

    def write(work: Connection) -> None:
        row = {"id": name, "branch": branch, "words": words, "from_day": days[0], "until_day": days[1]}
        work.execute(insert(notices).values(network=centre.network, **row))
        touch(work, centre.network, Kind.NOTICE, [name])
        audit.record(
            work, centre.network, who=by, action="give-notice", subject=name, details={"branch": branch}, now=now
        )

    centre.carry_out(write)
    return name


def _document(row: object) -> Document:
    return Document(row.target, row.version, row.toml, row.made_by, row.made_at, row.note)  # type: ignore[attr-defined]
