"""Proves receipts at the centre, whose list of station keys is the first."""

import base64

from sqlalchemy import Connection, select

from kiosk.central.centre import Centre
from kiosk.central.policies import Policies
from kiosk.central.tables import items, station_keys, titles
from kiosk.receipts.token import StationKey, Stub, prove
from web_ui.receipt_page import ProveReceipt, Receipt, moved_copies


def central_proofs(centre: Centre, policies: Policies) -> ProveReceipt:
    """Build what proves a token at the centre. It raises: BadToken; CentreUnavailable."""

    def proof(token: str) -> Receipt:
        proven = prove(token, centre.look(lambda work: keys_of(work, centre.network)))
        branch, _, station = proven.key.station.partition(".")
        return Receipt(
            proven=proven,
            branch=policies.short_name(branch),
            station=station,
            copies=moved_copies(proven.stub, centre.look(lambda work: _titles(work, centre.network, proven.stub))),
            zone=str(policies.zone),
        )

    return proof


def keys_of(connection: Connection, network: str) -> dict[str, StationKey]:
    """Every key a station of *network* ever signed receipts with."""
    found = connection.execute(select(station_keys).where(station_keys.c.network == network))
    return {row.id: StationKey(row.station, base64.b64decode(row.public_key), row.revoked_at) for row in found}


def _titles(connection: Connection, network: str, stub: Stub) -> dict[str, str]:
    named = [] if stub.hashed else sorted({item for some in stub.items.values() for item in some})
    same = (titles.c.network == items.c.network) & (titles.c.id == items.c.title)
    wanted = select(items.c.id, titles.c.name).join(titles, same)
    found = connection.execute(wanted.where(items.c.network == network, items.c.id.in_(named)))
    return {row.id: row.name for row in found}
