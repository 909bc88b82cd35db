"""Makes a package out of a checkout: what is committed, and the libraries it names, ready to be laid down.

Libraries that are published as source are built here, after their hashes were checked: a station needs no compiler.
"""

import hashlib
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.releases.package import Facts, this_python, write_package

REQUIREMENTS = ("config/deploy/requirements-build.txt", "requirements.txt")
LIBRARIES = "libraries"
"""The folder of a tree with the libraries; a station without a network installs from it."""


class CannotMake(Exception):
    """The package was not made; the message is what went wrong."""


def make(project: Path, version: str, notes: str, key: Ed25519PrivateKey, out: Path) -> Facts:
    """Write the package of what is committed in *project* to *out*. Raises: CannotMake, OSError."""
    with tempfile.TemporaryDirectory() as space:
        tree, libraries = Path(space) / "tree.tar.gz", Path(space) / LIBRARIES
        archive = [
            "git",
            "-c",
            "tar.umask=0022",
            "archive",
            "--format=tar",
            "-o",
            str(Path(space) / "tree.tar"),
            "HEAD",
        ]
        _run([*archive, ".", ":(exclude)tests"], project)
        libraries.mkdir()
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--require-hashes", "--no-build-isolation"]
        for name in REQUIREMENTS:
            _run([*build, "-r", name, "-w", str(libraries)], project)
        with tarfile.open(Path(space) / "tree.tar", "a") as whole:
            whole.add(libraries, LIBRARIES)
        _run(["gzip", "-9", "-n", str(Path(space) / "tree.tar")], project)
        facts = Facts(
            version=version,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            python=this_python(),
            machine=platform.machine(),
            notes=notes,
            tree_sha256=_sha256(tree),
            tree_bytes=tree.stat().st_size,
        )
        write_package(out, facts, tree, key)
    return facts


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(command: list[str], where: Path) -> None:
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"}  # swig is there
    done = subprocess.run(command, cwd=where, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise CannotMake(f"{' '.join(command[:4])} ...: {done.stderr.strip() or done.stdout.strip()}")
