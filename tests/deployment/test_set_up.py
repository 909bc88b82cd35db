"""`setup.sh station`, the real one: a version set up from what lies beside it, without network, compiler or index."""

import base64
import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.deployment.projects import ROOT

BACKEND = """
import zipfile, pathlib
def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "small-1.0.dist-info/"
    with zipfile.ZipFile(pathlib.Path(folder) / "small-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small.pth", str(pathlib.Path.cwd()))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\nkiosk = program:main\\n")
        wheel.writestr(info + "RECORD", "")
    return "small-1.0-py3-none-any.whl"
"""
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small"
version = "1.0"
"""
PROGRAM = "from library import words\n\n\ndef main():\n    print(words)\n"


def wheel(folder: Path) -> None:
    """Write a library as it is published."""
    parts = {
        "library.py": "words = 'set up'\n",
        "library-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: library\nVersion: 1.0\n",
        "library-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    sums = {name: hashlib.sha256(text.encode()).digest() for name, text in parts.items()}
    coded = {name: base64.urlsafe_b64encode(of).rstrip(b"=").decode() for name, of in sums.items()}
    record = "".join(f"{name},sha256={of},\n" for name, of in coded.items())
    with zipfile.ZipFile(folder / "library-1.0-py3-none-any.whl", "w") as packed:
        for name, text in (parts | {"library-1.0.dist-info/RECORD": record}).items():
            packed.writestr(name, text)


@pytest.fixture
def version(tmp_path: Path) -> Path:
    tree = tmp_path / "littera-1.0"
    deploy = tree / "config/deploy"
    deploy.mkdir(parents=True)
    shutil.copy(ROOT / "config/deploy/setup.sh", deploy)
    for name, text in {
        "backend.py": BACKEND, "pyproject.toml": PROJECT, "program.py": PROGRAM, "requirements.txt": "",
        "requirements-dev.txt": "", "config/deploy/requirements-build.txt": "",
    }.items():  # fmt: skip
        (tree / name).write_text(text)
    return tree


def set_up(tree: Path) -> subprocess.CompletedProcess[str]:
    """Set a version up as the station's update does, where nothing on the network can be reached."""
    alone = ("unshare", "-rn") if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0 else ()
    env = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tree / "libraries"), "PIP_CONFIG_FILE": os.devnull}
    command = [*alone, "sh", "config/deploy/setup.sh", "station"]
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)


def test_a_version_is_set_up_from_what_lies_beside_it(version: Path) -> None:
    (version / "libraries").mkdir()
    wheel(version / "libraries")

    done = set_up(version)

    assert done.returncode == 0, done.stderr
    said = subprocess.run([version / ".venv/bin/kiosk"], capture_output=True, text=True, check=False)
    assert said.stdout == "set up\n"


def test_a_checkout_is_no_version(version: Path) -> None:
    done = set_up(version)

    assert done.returncode == 1
    assert "it is a checkout, no release" in done.stderr
