"""Makes a Debian package around a release: the release itself, the files of the system, and what dpkg asks for.

The package lays no program down by itself: its scripts hand the release to the version at work, which proves and tries
it (`installing.py`), or lay out the first one. So a computer updated from its console is never thrown back by dpkg.
"""

import gzip
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.releases.making import CannotMake
from kiosk.releases.package import Package, unpack
from kiosk.releases.system_files import SHARE, SYSTEM_FILES

NAME = "littera-kiosk"
_SCRIPTS = ("config", "postinst", "prerm", "postrm")
_DEPLOY = "config/deploy/"


def make_debian(release: Package, key: Ed25519PublicKey, stations: Iterable[str], folder: Path, *, trust: bool) -> Path:
    """Write the Debian package of a proven *release* into *folder*; say where.

    *key* proves the release, and with *trust* later ones, too. *stations* are what a computer may be told to be:
    `branch` or `branch/station`. Raises: CannotMake, ReleaseRefused, OSError.
    """
    with tempfile.TemporaryDirectory() as space:
        deploy, root = Path(space) / "deploy", Path(space) / "root"
        root.mkdir(mode=0o755)
        deploy.mkdir()
        with release.tree() as packed:
            unpack(packed, deploy, _DEPLOY)
        _lay_files(deploy, root, release, key, trust=trust)
        architecture = _ask("dpkg", "--print-architecture")
        _control(deploy / "debian", root, {
            "VERSION": release.facts.version,
            "ARCHITECTURE": architecture,
            "SIZE": str(sum(path.stat().st_size for path in _files(root)) >> 10),
            "PYTHON": release.facts.python,
            "PYTHON_AFTER": _after(release.facts.python),
            "STATIONS": ", ".join(stations),
        })  # fmt: skip
        made = folder / f"{NAME}_{release.facts.version}_{architecture}.deb"
        _ask("dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(root), str(made))
    return made


def _lay_files(deploy: Path, root: Path, release: Package, key: Ed25519PublicKey, *, trust: bool) -> None:
    for file in SYSTEM_FILES:
        place = root / file.place
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(deploy / file.source, place)
        place.chmod(file.mode)
    share, doc = root / SHARE, root / "usr/share/doc" / NAME
    shutil.copyfile(release.path, share / "version.littera")
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name in ("version.pub", *(("release.pub",) if trust else ())):
        (share / name).write_bytes(pem)
    doc.mkdir(parents=True)
    shutil.copyfile(deploy / "debian/copyright", doc / "copyright")
    shutil.copytree(deploy / "debian/overrides", root / "usr/share/lintian/overrides")
    when = format_datetime(datetime.fromisoformat(release.facts.made).astimezone(UTC))
    entry = (
        f"  * {release.facts.notes or 'See CHANGELOG.md.'}\n\n -- LitTera developers <littera@example.org>  {when}\n"
    )
    log = f"{NAME} ({release.facts.version}) stable; urgency=medium\n\n{entry}"
    (doc / "changelog.gz").write_bytes(gzip.compress(log.encode(), 9, mtime=0))
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _control(templates: Path, root: Path, words: dict[str, str]) -> None:
    control = root / "DEBIAN"
    control.mkdir(mode=0o755)
    sums = "".join(f"{_md5(path)}  {path.relative_to(root)}\n" for path in _files(root))
    (control / "md5sums").write_text(sums)
    settings = "".join(f"/{file.place}\n" for file in SYSTEM_FILES if file.is_setting)
    (control / "conffiles").write_text(settings)
    for name in ("control", "templates", *_SCRIPTS):
        text = (templates / name).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        (control / name).write_text(text, encoding="utf-8")
        (control / name).chmod(0o755 if name in _SCRIPTS else 0o644)


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and "DEBIAN" not in path.relative_to(root).parts)


def _md5(path: Path) -> str:
    """Compute what dpkg compares files with; it guards against damage, not against anybody."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _after(python: str) -> str:
    major, _, minor = python.partition(".")
    return f"{major}.{int(minor) + 1}"


def _ask(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    except FileNotFoundError as error:
        raise CannotMake(f"{command[0]} is not here: a Debian package is made on Debian") from error
    except subprocess.CalledProcessError as error:
        raise CannotMake(f"{' '.join(command[:2])} ...: {error.stderr.strip()}") from error
    return done.stdout.strip()
