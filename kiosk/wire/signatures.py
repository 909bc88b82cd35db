"""How a station signs what it sends, and how the centre tells: HTTP Message Signatures (RFC 9421) with Ed25519.

Covered are the method, the path, the query and the Content-Digest (RFC 9530) of the body as it went over the wire;
`created`, `nonce` and `keyid` are signed with them. Whether a nonce was seen before is the centre's to know.
"""

import base64
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

TAG = "littera"
LABEL = "littera"
NEAREST = timedelta(minutes=5)
"""How far a signature's time may be from the centre's clock."""
_ALWAYS = ("@method", "@path", "@query")


class SignatureError(Exception):
    """A request whose sender is not proven; the message says why. `error` is the word of the complaint."""

    error = "signature"


class Unsigned(SignatureError):
    """No signature of ours is on it."""

    error = "unsigned"


class BadSignature(SignatureError):
    """The signature does not fit the request, or the key is none we know."""


class ClockTooFar(SignatureError):
    """Signed at a time that is not now: the sender's clock is off, or the request is old."""

    error = "clock"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, when, and the word that is never used twice."""

    keyid: str
    created: datetime
    nonce: str


@dataclass(slots=True)
class _Request:
    """A request as the library looks at one."""

    method: str
    url: str
    headers: MutableMapping[str, str] = field(default_factory=dict)


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, private: Ed25519PrivateKey | None = None, public_of: "KeyOf | None" = None) -> None:
        self._private, self._public_of = private, public_of

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ARG002 - the library's signature
        return self._private

    def resolve_public_key(self, key_id: str) -> Any:
        return None if self._public_of is None else self._public_of(key_id)


class _Verifier(HTTPMessageVerifier):
    """Time is judged by us, with the centre's clock as an input; all the rest by the library."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Leave it to `verify`."""


KeyOf = Callable[[str], Ed25519PublicKey | None]
"""Finds the public key of a keyid; None for one that may not send."""


def sign(
    key: Ed25519PrivateKey,
    keyid: str,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    created: datetime,
) -> dict[str, str]:
    """Make the headers that prove who sends this request; *body* is what goes over the wire, already compressed."""
    request = _Request(method.upper(), url, dict(headers))
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(private=key))
    signer.sign(
        request,
        key_id=keyid,
        created=created,
        nonce=secrets.token_urlsafe(16),
        label=LABEL,
        tag=TAG,
        covered_component_ids=_ALWAYS,
        body=body or None,
    )
    return {name: value for name, value in request.headers.items() if headers.get(name) != value}


def verify(method: str, url: str, headers: Mapping[str, str], body: bytes, key_of: KeyOf, now: datetime) -> Signed:
    """Say who signed this request. Raises: Unsigned, ClockTooFar, BadSignature."""
    named = {name.lower() for name in headers}
    if "signature-input" not in named:
        raise Unsigned("the request is not signed: enrol the station")
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(public_of=key_of))
    has_body = bool(body) or "content-digest" in named
    required = (*_ALWAYS, "content-digest") if has_body else _ALWAYS
    try:
        (found,) = verifier.verify(
            _Request(method.upper(), url, dict(headers)),
            max_age=None,
            expect_tag=TAG,
            require_components=required,
            body=body if has_body else None,
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as error:
        raise BadSignature(f"the signature does not fit: {error}") from error
    return _judged(found.parameters, now)


def _judged(parameters: Mapping[str, Any], now: datetime) -> Signed:
    created, nonce, keyid = (parameters.get(name) for name in ("created", "nonce", "keyid"))
    if (
        type(created) is not int
        or not isinstance(nonce, str)
        or not isinstance(keyid, str)
        or not 8 <= len(nonce) <= 64
    ):
        raise BadSignature("the signature lacks its time, its nonce or its key")
    at = datetime.fromtimestamp(min(max(created, 0), 2**40), UTC)
    if abs(at - now) > NEAREST:
        raise ClockTooFar(f"signed at {at:%Y-%m-%d %H:%M:%S}, and here it is {now:%Y-%m-%d %H:%M:%S} UTC")
    return Signed(keyid, at, nonce)


def public_key(text: str) -> Ed25519PublicKey:
    """Read a public key: 32 bytes in base64. Raises: ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
