"""What a package must be before a station believes a byte of it."""

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.releases.package import Package, ReleaseRefused, Why, fits, open_package, public_key, unpack
from tests.releases.trees import files_of, package_at, tree_of, trusted


def opened(path: Path, tmp_path: Path) -> Package:
    return open_package(path, public_key(trusted(tmp_path / "release.pub")))


def with_other(path: Path, name: str, content: bytes) -> Path:
    """Change one part of a package."""
    with zipfile.ZipFile(path) as box:
        parts = {one: box.read(one) for one in box.namelist()}
    with zipfile.ZipFile(path, "w") as box:
        for one, was in (parts | {name: content}).items():
            box.writestr(one, was)
    return path


def test_a_package_says_what_it_is(tmp_path: Path) -> None:
    package = opened(package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0"), tmp_path)

    assert (package.facts.version, package.facts.notes) == ("1.2.0", "Новий екран.")
    fits(package, "1.1.0", tmp_path)


def test_somebody_elses_signature_is_refused(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(ReleaseRefused, match="not signed by whom this station trusts") as refused:
        opened(package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0", other), tmp_path)
    assert refused.value.why is Why.NOT_OURS


@pytest.mark.parametrize(
    ("part", "content", "why"),
    [
        ("release.json", b'{"version": "9.9.9"}', Why.NOT_OURS),
        ("release.sig", b"", Why.NOT_OURS),
        ("tree.tar.gz", b"another program", Why.DAMAGED),
        ("more.txt", b"a stowaway", Why.NO_PACKAGE),
    ],
)
def test_a_part_changed_on_the_way_is_seen(part: str, content: bytes, why: Why, tmp_path: Path) -> None:
    path = with_other(package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0"), part, content)
    with pytest.raises(ReleaseRefused) as refused:
        opened(path, tmp_path)
    assert refused.value.why is why


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_half_a_file_is_no_package(kept: float, tmp_path: Path) -> None:
    path = package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole)) if isinstance(kept, float) else kept])
    with pytest.raises(ReleaseRefused) as refused:
        opened(path, tmp_path)
    assert refused.value.why is Why.NO_PACKAGE


def test_without_a_key_nobody_is_trusted(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused, match="trusts nobody's releases yet") as refused:
        public_key(tmp_path / "none.pub")
    assert refused.value.why is Why.NO_KEY


@pytest.mark.parametrize("running", ["1.2.0", "1.10.0", "2.0"])
def test_an_older_version_is_not_put_to_work(running: str, tmp_path: Path) -> None:
    package = opened(package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0"), tmp_path)
    with pytest.raises(ReleaseRefused) as refused:
        fits(package, running, tmp_path)
    assert refused.value.why is Why.NOT_NEWER


@pytest.mark.parametrize("other", [{"python": "3.9"}, {"machine": "mips"}])
def test_a_package_for_another_computer_says_so(other: dict[str, str], tmp_path: Path) -> None:
    package = opened(package_at(tmp_path / "a.littera", files_of("1.2.0"), "1.2.0", **other), tmp_path)
    with pytest.raises(ReleaseRefused, match="ask for the package for it") as refused:
        fits(package, "1.1.0", tmp_path)
    assert refused.value.why is Why.OTHER_COMPUTER


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_tree_is_made_of_files_and_folders(kind: bytes, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tree:
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = kind, "/etc/passwd"
        tree.addfile(entry)
    packed.seek(0)

    with pytest.raises(ReleaseRefused, match="link is nothing a version is made of"):
        unpack(packed, tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside-of-it", "a/../../outside"])
def test_nothing_of_a_tree_lands_outside_its_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(ReleaseRefused):
        unpack(io.BytesIO(tree_of({name: "x"})), folder)

    assert list(tmp_path.rglob("*outside*")) == []


def test_debian_s_own_python_lays_a_tree_out(tmp_path: Path) -> None:
    """Stations run on it, and it may be older than the one the tests run on."""
    debians, minor = Path("/usr/bin/python3"), f"{sys.version_info.major}.{sys.version_info.minor}"
    if not debians.exists() or f"python{minor}" not in debians.resolve().name:
        pytest.skip("Debian's Python is not here, or another than the one these libraries are for")
    (tmp_path / "tree").write_bytes(tree_of(files_of("1.2.0")))
    told = "import sys; from pathlib import Path; from kiosk.releases.package import unpack; "
    told += "unpack(open(sys.argv[1], 'rb'), Path(sys.argv[2]))"

    env = {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *(one for one in sys.path if "site-" in one)])
    }
    subprocess.run([debians, "-W", "error", "-c", told, tmp_path / "tree", tmp_path], env=env, check=True)

    assert (tmp_path / "config/network.toml").exists()
