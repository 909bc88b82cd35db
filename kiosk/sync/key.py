"""The station's own key (Ed25519) and what it was enrolled as, in two small files beside the ledger.

The key is made here and never leaves. Both files are whole or not there: a power cut leaves no half of one.
"""

import base64
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.sync.whole_files import write_whole


class KeyTrouble(Exception):
    """The key or the identity beside it cannot be used; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the centre took this station for when it was enrolled, and where that centre is."""

    network: str
    station: str
    branch: str
    url: str


def new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def public_text(key: Ed25519PrivateKey) -> str:
    """Write the public half as the centre wants it: 32 bytes in base64."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def keep(path: Path, key: Ed25519PrivateKey, identity: Identity) -> None:
    """Write key and identity durably; the identity last, for it says that the station is enrolled.

    Raises: KeyTrouble.
    """
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, pem, mode=0o600)
        write_whole(identity_path(path), json.dumps(asdict(identity), indent=2).encode(), mode=0o600)
    except OSError as error:
        raise KeyTrouble(
            f"the key cannot be written to {path} ({error.strerror}): check the folder's rights"
        ) from error


def enrolled(path: Path) -> tuple[Ed25519PrivateKey, Identity] | None:
    """Read key and identity; None for a station that was never enrolled. Raises: KeyTrouble."""
    try:
        said = json.loads(identity_path(path).read_text(encoding="utf-8"))
        key = load_pem_private_key(path.read_bytes(), None)
        identity = Identity(**{name: str(said[name]) for name in Identity.__slots__})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyTrouble(f"{path} cannot be read ({error.strerror}): it belongs to the station's account") from error
    except (ValueError, KeyError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyTrouble(f"{path} and the identity beside it are damaged: enrol the station anew") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyTrouble(f"{path} holds another kind of key: enrol the station anew")
    return key, identity


def identity_path(path: Path) -> Path:
    return path.with_name(path.name + ".identity")
