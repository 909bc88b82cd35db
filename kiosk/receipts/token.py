"""The receipt as a token: what a visit did, signed by its station, short enough for a QR code, proven offline.

Says which copies moved, where and when, and nothing of the patron. `docs/receipt-token.md` describes every byte for
whoever writes a verifier in another language; change nothing here without a new VERSION.
"""

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = 1
DOMAIN = b"LitTera receipt 1\x00"
"""Signed before the token's own bytes, so that no signature made for something else fits a receipt."""
LONGEST_LISTED = 500
"""Bytes of a body that still lists whole item numbers; a longer one gives hashes, or the QR code would be too dense."""
LONGEST_TOKEN = 4000
_SIGNATURE = 64
_KEY_ID = 8
_ITEM_HASH = 4
_MOST = 255
_HASHED = 1


class Moved(IntEnum):
    """What happened to copies, as the byte before them."""

    RETURNED = 1
    LENT = 2
    RENEWED = 3


class Fault(StrEnum):
    """Why a token proves nothing. Every one has words in every language; a test says so."""

    MALFORMED = "malformed"  # no token, or one that was mistyped or torn
    VERSION = "version"  # of a newer program
    UNKNOWN_KEY = "unknown-key"  # no station of this network has this key
    SIGNATURE = "signature"  # changed after it was signed


class BadToken(Exception):
    """A token that proves nothing; `fault` says why."""

    def __init__(self, fault: Fault, says: str) -> None:
        super().__init__(says)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Stub:
    """What a token says: the number of the slip, when (to the second), and the copies by what became of them.

    `hashed`: the copies are not listed but named by the first 4 bytes of the SHA-256 of their number, in hex.
    """

    number: str
    at: datetime
    items: Mapping[Moved, tuple[str, ...]]
    hashed: bool = False

    def covers(self, item: str, moved: Moved) -> bool:
        """Say whether the copy *item* is among those."""
        return (item_hash(item).hex() if self.hashed else item) in self.items.get(moved, ())


@dataclass(frozen=True, slots=True)
class StationKey:
    """The public half of a station's key. `revoked_at`: since when the network no longer trusts it."""

    station: str
    public: bytes
    revoked_at: datetime | None = None

    @property
    def id(self) -> str:
        return key_id(self.public).hex()


@dataclass(frozen=True, slots=True)
class Proven:
    """A token that was signed by a station. A station shut out since could have signed it later: `revoked` says so."""

    stub: Stub
    key: StationKey

    @property
    def revoked(self) -> bool:
        return self.key.revoked_at is not None


def key_id(public: bytes) -> bytes:
    return sha256(public).digest()[:_KEY_ID]


def item_hash(item: str) -> bytes:
    return sha256(item.encode()).digest()[:_ITEM_HASH]


def raw_public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def seal(stub: Stub, key: Ed25519PrivateKey) -> str:
    """Sign *stub* and write it in letters and digits. Raises ValueError for what no token can say."""
    head = struct.pack(">B8sI", VERSION, key_id(raw_public(key)), int(stub.at.timestamp())) + _short(stub.number)
    body = head + _listed(stub.items)
    if len(body) > LONGEST_LISTED:
        body = head + _hashes(stub.items)
    return _letters(body + key.sign(DOMAIN + body))


def prove(token: str, keys: Mapping[str, StationKey]) -> Proven:
    """Say what *token* says and who signed it. *keys* are the network's, by id. Raises: BadToken."""
    octets = _octets(token)
    body, signature = octets[:-_SIGNATURE], octets[-_SIGNATURE:]
    if body[:1] and body[0] != VERSION:
        raise BadToken(Fault.VERSION, f"a token of version {body[0]}, and this program knows version {VERSION}")
    named = body[1 : 1 + _KEY_ID].hex()
    stub = _parsed(body)
    key = keys.get(named)
    if key is None:
        raise BadToken(Fault.UNKNOWN_KEY, f"no station of this network has the key {named}")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, DOMAIN + body)
    except (InvalidSignature, ValueError) as error:
        raise BadToken(Fault.SIGNATURE, "the signature does not fit: it was changed after it was signed") from error
    return Proven(stub, key)


def plain_token(scanned: str) -> str:
    """Take the token out of what a QR code holds: the token alone, or an address that ends with it."""
    return scanned.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].upper()


def _listed(items: Mapping[Moved, tuple[str, ...]]) -> bytes:
    groups = (_group(moved, b"".join(map(_short, some)), len(some)) for moved, some in _in_order(items))
    return b"\x00" + b"".join(groups)


def _hashes(items: Mapping[Moved, tuple[str, ...]]) -> bytes:
    groups = (_group(moved, b"".join(map(item_hash, some)), len(some)) for moved, some in _in_order(items))
    return bytes([_HASHED]) + b"".join(groups)


def _in_order(items: Mapping[Moved, tuple[str, ...]]) -> list[tuple[Moved, tuple[str, ...]]]:
    return [(moved, items[moved]) for moved in sorted(items) if items[moved]]


def _group(moved: Moved, octets: bytes, count: int) -> bytes:
    if count > _MOST:
        raise ValueError(f"{count} copies are more than one token can name")
    return bytes([moved, count]) + octets


def _short(text: str) -> bytes:
    octets = text.encode()
    if len(octets) > _MOST:
        raise ValueError(f"{text!r} is too long for a token")
    return bytes([len(octets)]) + octets


def _letters(octets: bytes) -> str:
    return base64.b32encode(octets).decode().rstrip("=")


def _octets(token: str) -> bytes:
    """Read letters and digits; only the one way of writing a token is one, so that it cannot be made to look new."""
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        raise BadToken(Fault.MALFORMED, "this is no receipt token")
    try:
        octets = base64.b32decode(token + "=" * (-len(token) % 8))
    except binascii.Error as error:
        raise BadToken(Fault.MALFORMED, "this is no receipt token: it has letters no token has") from error
    if _letters(octets) != token or len(octets) <= _SIGNATURE:
        raise BadToken(Fault.MALFORMED, "this is no whole receipt token")
    return octets


def _parsed(body: bytes) -> Stub:
    try:
        return _Reading(body).stub()
    except (ValueError, IndexError, struct.error) as error:
        raise BadToken(Fault.MALFORMED, f"the token is not whole: {error}") from error


class _Reading:
    """Reads a body from front to back; every byte must mean something."""

    def __init__(self, body: bytes) -> None:
        self._rest = body

    def stub(self) -> Stub:
        _, _, seconds = struct.unpack(">B8sI", self._take(1 + _KEY_ID + 4))
        number = self._text()
        flags = self._take(1)[0]
        if flags not in (0, _HASHED):
            raise ValueError("it has flags nobody knows")
        items: dict[Moved, tuple[str, ...]] = {}
        while self._rest:
            moved, count = Moved(self._take(1)[0]), self._take(1)[0]
            if count == 0 or moved in items or any(moved < earlier for earlier in items):
                raise ValueError("its copies are out of order")
            items[moved] = tuple(self._take(_ITEM_HASH).hex() if flags else self._text() for _ in range(count))
        return Stub(number, datetime.fromtimestamp(seconds, UTC), items, hashed=bool(flags))

    def _text(self) -> str:
        return self._take(self._take(1)[0]).decode()

    def _take(self, size: int) -> bytes:
        if len(self._rest) < size:
            raise ValueError("it ends too early")
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
