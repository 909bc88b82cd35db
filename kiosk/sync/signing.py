"""Puts the station's signature on a request, as it leaves."""

from datetime import datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.sync.line import Sign
from kiosk.wire.signatures import sign


def signer(key: Ed25519PrivateKey, station: str) -> Sign:
    """Make what signs requests in the name of a station; a request signed once counts once."""

    def put_on(request: httpx.Request, created: datetime) -> None:
        headers = {name.title(): value for name, value in request.headers.items()}
        added = sign(key, station, request.method, str(request.url), headers, request.content, created)
        request.headers.update(added)

    return put_on
