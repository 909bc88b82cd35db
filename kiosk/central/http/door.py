"""The door: who sends this, proven by a signature, once, at a believable time, and not shut out."""

from urllib.parse import quote

from flask import Request
from sqlalchemy import Connection

from kiosk.central.centre import Centre
from kiosk.central.enrolment import Known, Replayed, known_station, use_nonce
from kiosk.central.http.bodies import Unacceptable
from kiosk.central.identity import StationIdentity
from kiosk.wire.signatures import SignatureError, verify


def sender(centre: Centre, request: Request) -> StationIdentity:
    """Say which station sent *request*. Raises: Unacceptable, CentreUnavailable."""
    now = centre.now()
    found: list[Known] = []

    def judge(work: Connection) -> StationIdentity:
        def key_of(keyid: str) -> object:
            known = known_station(work, centre.network, keyid)
            if known is not None:
                found.append(known)
            return None if known is None else known.key

        signed = verify(request.method, _url(request), dict(request.headers), request.get_data(), key_of, now)  # type: ignore[arg-type]
        known = found[-1]
        if known.revoked:
            raise Unacceptable(403, "revoked", "this station was shut out: its books go on, the centre does not listen")
        use_nonce(work, centre.network, known.identity.id, signed, now)
        return known.identity

    try:
        return centre.carry_out(judge)
    except SignatureError as error:
        raise Unacceptable(401, error.error, str(error)) from error
    except Replayed as error:
        raise Unacceptable(401, "replay", str(error)) from error


def _url(request: Request) -> str:
    """Write the address as it went over the wire: the query as it came, never decoded and put together again."""
    query = request.query_string.decode("latin-1")
    return f"http://centre{quote(request.path)}" + (f"?{query}" if query else "")
