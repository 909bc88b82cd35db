"""Writes what a batch changed, a set at a time: loans that ended before loans that began, the change log last."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kiosk.central import card_count, tag_health, tallies
from kiosk.central.changes import touch_all
from kiosk.central.ingest.picture import HoldRow, ItemRow, LoanRow, MailRow, PatronRow, Picture
from kiosk.central.ingest.told import Told
from kiosk.central.row_sets import insert_rows, update_rows
from kiosk.central.tables import debts, events, holds, items, loans, mails, patrons
from kiosk.wire.messages import SentEvent

Rows = list[dict[str, Any]]


def save_events(connection: Connection, network: str, station: str, epoch: str, rows: Rows) -> None:
    """Keep events as they were told; *rows* are from `event_row`."""
    insert_rows(connection, events, [{"network": network, "station": station, "epoch": epoch, **row} for row in rows])


def event_row(sent: SentEvent, told: Told | None, verdict: str, received_at: datetime) -> dict[str, Any]:
    return {
        "seq": sent.seq,
        "id": sent.id,
        "type": sent.type,
        "payload": sent.payload,
        "at": received_at if told is None else told.at,
        "monotonic": sent.monotonic,
        "boot": sent.boot,
        "trusted": sent.trusted,
        "prev_hash": sent.prev_hash,
        "hash": sent.hash,
        "item": "" if told is None else told.text("item"),
        "happened_at": received_at if told is None else told.happened_at,
        "received_at": received_at,
        "verdict": verdict,
    }


def save(connection: Connection, network: str, picture: Picture, now: datetime) -> None:
    """Write every row of *picture* that changed."""
    _save_loans(connection, network, list(picture.loans.values()))
    update_rows(connection, network, items, [_item(row) for row in picture.items.values() if row.changed])
    changed = sorted((row for row in picture.patrons.values() if row.changed), key=lambda row: row.id)
    update_rows(connection, network, patrons, [_patron(row) for row in changed])
    _save_holds(connection, network, list(picture.holds.values()))
    _save_debts(connection, network, picture)
    insert_rows(connection, mails, [_mail(network, picture, mail, now) for mail in picture.mails])
    tag_health.keep(connection, _tags(network, picture))
    card_count.keep(connection, network, picture.station.id, picture.proofs)
    tallies.count(connection, network, _tally_rows(picture))
    touch_all(connection, network, picture.touched)


def _save_loans(connection: Connection, network: str, rows: Sequence[LoanRow]) -> None:
    update_rows(connection, network, loans, [_loan(row) for row in rows if row.changed and not row.new])
    fresh = [
        {
            "network": network,
            "id": row.id,
            "item": row.item,
            "patron": row.patron,
            "item_type": row.item_type,
            "lent_at": row.lent_at,
            "channel": "station",
            "branch": row.branch,
            "station": row.station,
            **{name: value for name, value in _loan(row).items() if name != "id"},
        }
        for row in rows
        if row.new
    ]
    insert_rows(connection, loans, sorted(fresh, key=lambda row: row["state"] == "open"))


def _mail(network: str, picture: Picture, mail: MailRow, now: datetime) -> dict[str, Any]:
    return {
        "network": network,
        "id": mail.id,
        "patron": mail.patron,
        "branch": picture.station.branch,
        "station": picture.station.id,
        "language": mail.language,
        "body": mail.body,
        "happened_at": mail.happened_at,
        "state": "waiting",
        "next_at": now,
        "since": now,
    }


def _tags(network: str, picture: Picture) -> Rows:
    whose = {"network": network, "station": picture.station.id, "branch": picture.station.branch}
    return [
        {**whose, "tag": one.tag, "item": one.item, "heard_at": one.heard_at, **asdict(one.counts)}
        for one in picture.tags
    ]


def _loan(row: LoanRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "due": row.due,
        "renewals": row.renewals,
        "state": row.state,
        "fulfils": row.fulfils,
        "gate_cleared_at": row.gate_cleared_at,
        "closed_at": row.closed_at,
        "closed_branch": row.closed_branch,
        "closed_station": row.closed_station,
    }


def _item(row: ItemRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status.value,
        "location": row.location,
        "custody_at": row.custody_at,
    }


def _patron(row: PatronRow) -> dict[str, Any]:
    return {"id": row.id, "fees": row.fees}


def _hold(row: HoldRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "item": row.item,
        "ready_at": row.ready_at,
        "closed_at": row.closed_at,
        "closed_why": row.closed_why,
    }


def _save_holds(connection: Connection, network: str, rows: Sequence[HoldRow]) -> None:
    """Those that ended are written first: a patron has one open hold on a title."""
    update_rows(connection, network, holds, [_hold(row) for row in rows if row.changed and not row.new])
    fresh = [
        {
            "network": network,
            "patron": row.patron,
            "title": row.title,
            "placed_at": row.placed_at,
            "pickup": row.pickup,
            **_hold(row),
        }
        for row in rows
        if row.new
    ]
    insert_rows(connection, holds, fresh)


def _save_debts(connection: Connection, network: str, picture: Picture) -> None:
    settled = [
        {"id": one.id, "closed": one.closed, "closed_by": one.closed_by, "resolution": "settled"}
        for one in picture.debts.values()
        if one.closed is not None and not one.new
    ]
    update_rows(connection, network, debts, settled)
    opened = [
        {
            "network": network,
            "id": one.id,
            "kind": one.kind.value,
            "item": one.item,
            "tag": one.tag,
            "patron": one.patron,
            "loan": one.loan,
            "branch": picture.station.branch,
            "station": picture.station.id,
            "evidence": one.evidence,
            "opened": one.opened,
            "closed": one.closed,
            "closed_by": one.closed_by,
            "resolution": None if one.closed is None else "settled",
        }
        for one in picture.debts.values()
        if one.new
    ]
    insert_rows(connection, debts, opened)


def _tally_rows(picture: Picture) -> Rows:
    return [{**dict(zip(tallies.KEY, key, strict=True)), "count": times} for key, times in picture.counted.items()]
