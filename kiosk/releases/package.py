"""The file a version travels in: a zip of `release.json`, its Ed25519 signature, and the program as `tree.tar.gz`.

The signature covers `release.json`, which names the SHA-256 and the size of the tree: nothing of a tree is unpacked
before both are proven.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, ValidationError

ENDING = ".littera"
KEY = Path("/etc/littera/release.pub")
"""Whom a station trusts with new versions; root's file, in no settings a station could be sent."""
LARGEST = 400_000_000
"""Bytes a package may have; the program and all it stands on are a tenth of that."""
SLACK = 6
"""Times its package's size a version needs on the disk, at least."""
_CONTEXT = b"littera release 1\n"
_FACTS, _SIGNATURE, _TREE = "release.json", "release.sig", "tree.tar.gz"
_CHUNK = 1 << 20


class Why(StrEnum):
    """Why a package is refused, by what somebody does about it."""

    NO_KEY = "no-key"
    NO_PACKAGE = "no-package"
    NOT_OURS = "not-ours"
    DAMAGED = "damaged"
    OTHER_COMPUTER = "other-computer"
    NOT_NEWER = "not-newer"
    NO_ROOM = "no-room"


class ReleaseRefused(Exception):
    """A package is not put to work here. The message says why and what to do; `why` is one word for a page."""

    def __init__(self, why: Why, words: str) -> None:
        super().__init__(words)
        self.why = why


class Facts(BaseModel):
    """What a package says of itself. `python` and `machine` are what its libraries were fetched for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    made: str
    python: str
    machine: str
    notes: str
    tree_sha256: str
    tree_bytes: int


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signature holds. Its tree is proven while it is read."""

    path: Path
    facts: Facts

    @property
    def version(self) -> Version:
        return Version(self.facts.version)

    @contextmanager
    def tree(self) -> Iterator[IO[bytes]]:
        """Open the proven tree from its beginning. Raises: ReleaseRefused."""
        with _reading(self.path) as box, box.open(_TREE) as read:
            digest, size = hashlib.sha256(), 0
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size > self.facts.tree_bytes:
                    break
            if (size, digest.hexdigest()) != (self.facts.tree_bytes, self.facts.tree_sha256):
                raise ReleaseRefused(Why.DAMAGED, f"{self.path.name} is damaged: fetch it again")
            read.seek(0)
            yield read


def unpack(packed: IO[bytes], folder: Path, below: str = "") -> None:
    """Lay out a proven tree, or what of it is *below* a folder: plain files and folders, of whoever unpacks them.

    By hand, because Debian 12's own Python (3.11.2) has no extraction filters. Raises: ReleaseRefused, OSError.
    """
    inside = folder.resolve()
    with tarfile.open(fileobj=packed, mode="r:gz") as tree:
        tree.extraction_filter = lambda member, _path: member  # what later Pythons would warn about is done here
        for member in tree:
            if not member.name.startswith(below):
                continue
            member.name = member.name.removeprefix(below)
            if not (member.isfile() or member.isdir()) or not (inside / member.name).resolve().is_relative_to(inside):
                raise ReleaseRefused(Why.NO_PACKAGE, f"{member.name} is nothing a version is made of")
            member.uid, member.gid, member.uname, member.gname = os.geteuid(), os.getegid(), "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            tree.extract(member, inside)


def this_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def public_key(path: Path) -> Ed25519PublicKey:
    """Read who may release for this station. Raises: ReleaseRefused."""
    mend = f"put the public key of whoever releases versions for you into {path} (kiosk release key makes a pair)"
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ReleaseRefused(Why.NO_KEY, f"this station trusts nobody's releases yet: {mend}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseRefused(Why.NO_KEY, f"{path} holds a key of another kind than Ed25519: {mend}")
    return key


def private_key(path: Path) -> Ed25519PrivateKey:
    """Read the releaser's key. Raises: ReleaseRefused."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ReleaseRefused(Why.NO_KEY, f"{path} is no private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseRefused(Why.NO_KEY, f"{path} holds a key of another kind than Ed25519")
    return key


def open_package(path: Path, key: Ed25519PublicKey) -> Package:
    """Prove who made the package and that it is whole. Raises: ReleaseRefused."""
    with _reading(path) as box:
        said, signature = box.read(_FACTS), box.read(_SIGNATURE)
        try:
            key.verify(signature, _CONTEXT + said)
        except InvalidSignature as error:
            raise ReleaseRefused(Why.NOT_OURS, f"{path.name} is not signed by whom this station trusts") from error
    try:
        facts = Facts.model_validate_json(said)
        Version(facts.version)
    except (ValidationError, InvalidVersion) as error:
        raise ReleaseRefused(Why.NO_PACKAGE, f"{path.name} is signed, and yet no package: {error}") from error
    package = Package(path, facts)
    with package.tree():
        return package


def fits(package: Package, running: str, folder: Path) -> None:
    """Say whether it can be put to work on this computer, where *running* works now. Raises: ReleaseRefused."""
    facts = package.facts
    if (facts.python, facts.machine) != (this_python(), platform.machine()):
        here = f"this computer has Python {this_python()} on {platform.machine()}"
        wants = f"{package.path.name} is for Python {facts.python} on {facts.machine}"
        raise ReleaseRefused(Why.OTHER_COMPUTER, f"{wants}; {here}: ask for the package for it")
    if package.version <= Version(running):
        raise ReleaseRefused(Why.NOT_NEWER, f"{facts.version} is not newer than {running}, which is at work")
    if shutil.disk_usage(folder).free < SLACK * facts.tree_bytes:
        raise ReleaseRefused(Why.NO_ROOM, f"the disk has too little room for {facts.version}: remove old versions")


def write_package(path: Path, facts: Facts, tree: Path, key: Ed25519PrivateKey) -> None:
    """Sign and write a package. Raises: OSError."""
    said = json.dumps(facts.model_dump(), ensure_ascii=False, indent=1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as box:
        box.writestr(_FACTS, said)
        box.writestr(_SIGNATURE, key.sign(_CONTEXT + said))
        box.write(tree, _TREE)


@contextmanager
def _reading(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as box:
            sizes = {one.filename: one.file_size for one in box.infolist()}
            if set(sizes) != {_FACTS, _SIGNATURE, _TREE} or sizes[_FACTS] > _CHUNK or sizes[_SIGNATURE] > _CHUNK:
                raise ReleaseRefused(Why.NO_PACKAGE, f"{path.name} is no package of a version")
            yield box
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ReleaseRefused(Why.NO_PACKAGE, f"{path.name} is no package of a version, or half of one") from error
    except OSError as error:
        raise ReleaseRefused(Why.NO_PACKAGE, f"{path} cannot be read: {error.strerror}") from error
