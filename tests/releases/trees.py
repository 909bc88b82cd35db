"""Small programs that stand in for versions of the station: a real tree, a real set-up, a real process."""

import hashlib
import io
import platform
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.releases.installing import InstallFailed
from kiosk.releases.package import Facts, this_python, write_package

KEY = Ed25519PrivateKey.generate()
SET_UP = """#!/bin/sh
set -eu
[ "$PIP_NO_INDEX" = 1 ] && [ -f "$PIP_FIND_LINKS/one.whl" ]
mkdir -p .venv/bin && cp program .venv/bin/kiosk && chmod 755 .venv/bin/kiosk
"""
PROGRAM = """#!/bin/sh
set -eu
cd -- "$(dirname -- "$0")/../.."
case $1 in
    config) grep -q 'rule = "known"' config/network.toml || { echo 'rule: there is no such value' >&2; exit 1; } ;;
    run)
        shift; VERSION=%s SAID=$1 LEDGER=$2
        ledger() { "$PYTHON" -c "$SQL" "$LEDGER" "$1"; }
        %s ;;
esac
"""
SQL = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
UP = 'echo "$VERSION" >>"$SAID"'
SPOILS = "ledger 'CREATE TABLE newer (id)'; exit 1"
"""It brings the ledger up to date, and dies."""
LENDS = "ledger 'INSERT INTO journal DEFAULT VALUES'; exit 1"
"""It was up, lent a book, and dies."""
NETWORK = 'rule = "known"\n'


def files_of(version: str, runs: str = UP, network: str = NETWORK, setup: str = SET_UP) -> dict[str, str]:
    return {
        "config/deploy/setup.sh": setup,
        "config/network.toml": network,
        "config/branches/central.toml": f'came_with = "{version}"\n',
        "program": PROGRAM % (version, runs),
        "libraries/one.whl": "",
    }


def tree_of(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tree:
        for name, words in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(words.encode())
            tree.addfile(entry, io.BytesIO(words.encode()))
    return packed.getvalue()


def facts_of(version: str, tree: bytes, **changes: str) -> Facts:
    digest = hashlib.sha256(tree).hexdigest()
    facts = {
        "version": version, "made": "2026-11-20T10:00:00+00:00", "python": this_python(),
        "machine": platform.machine(), "notes": "Новий екран.", "tree_sha256": digest, "tree_bytes": len(tree),
    }  # fmt: skip
    return Facts.model_validate(facts | changes)


def package_at(path: Path, files: dict[str, str], version: str, key: Ed25519PrivateKey = KEY, **changes: str) -> Path:
    """Write a signed package to *path*."""
    tree = tree_of(files)
    packed = path.with_suffix(".tree")
    packed.write_bytes(tree)
    write_package(path, facts_of(version, tree, **changes), packed, key)
    packed.unlink()
    return path


def trusted(path: Path) -> Path:
    path.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


@dataclass
class Computer:
    """A station's computer: the link to the version at work, a ledger, a service that starts what the link names."""

    folder: Path
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home, self.ledger, self.said = self.folder / "littera", self.folder / "station.db", self.folder / "said"
        with closing(sqlite3.connect(self.ledger)) as ledger:
            ledger.execute("CREATE TABLE journal (position INTEGER PRIMARY KEY)")
            ledger.execute("INSERT INTO journal DEFAULT VALUES")
            ledger.commit()

    def has(self, version: str, files: dict[str, str], *, pristine: bool = True) -> None:
        """Have a version at work already."""
        tree = self.folder / f"littera-{version}"
        for name, words in files.items():
            for top in ("", *((".config-as-released",) if pristine and name.startswith("config/") else ())):
                path = tree / top / (name.removeprefix("config/") if top else name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(words)
        program = tree / ".venv/bin/kiosk"
        program.parent.mkdir(parents=True)
        program.write_text(files["program"])
        program.chmod(0o755)
        self.home.symlink_to(tree.name)

    def stop(self) -> None:
        self.asked.append("stop")

    def start(self) -> None:
        self.asked.append("start")
        command = [str(self.home / ".venv/bin/kiosk"), "run", str(self.said), str(self.ledger)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHON": sys.executable, "SQL": SQL, "PATH": "/usr/bin:/bin"},
        )
        if done.returncode:
            raise InstallFailed(f"it ended with {done.returncode}: {done.stderr}")

    @property
    def at_work(self) -> str:
        """The version that last said it is up."""
        return self.said.read_text().split()[-1]

    def tables(self) -> set[str]:
        with closing(sqlite3.connect(self.ledger)) as ledger:
            return {row[0] for row in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
