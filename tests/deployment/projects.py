"""Small checkouts to make Debian packages of: a program of a few lines, and around it the real files of the system."""

import shutil
import subprocess
from pathlib import Path

from click.testing import CliRunner

from kiosk.cli import main

ROOT = Path(__file__).parents[2]
PROGRAM = """#!/bin/sh
# Says its version, and writes down what else it is asked for.
echo "$*" >>/tmp/asked
case $1 in
    --version) echo "kiosk, version VERSION" ;;
    ledger) cat /var/lib/littera/says ;;
    release) exit "$(cat /tmp/release-ends-with 2>/dev/null || echo 0)" ;;
esac
"""
SET_UP = 'set -eu; cd "$(dirname -- "$0")/../.."; [ "$1" = station ]; ls libraries; '
SET_UP += "mkdir -p .venv/bin; cp program .venv/bin/kiosk; chmod 755 .venv/bin/kiosk\n"


def debian_package(folder: Path, version: str, *more: str) -> Path:
    """Make the package of a small program with this project's own system files and settings."""
    project = folder / f"project-{version}"
    shutil.copytree(ROOT / "config", project / "config")
    for name, words in {
        "pyproject.toml": f'[project]\nname = "littera-kiosk"\nversion = "{version}"\n',
        "requirements.txt": "# none\n",
        "config/deploy/requirements-build.txt": "# none\n",
        "config/deploy/setup.sh": SET_UP,
        "program": PROGRAM.replace("VERSION", version),
    }.items():
        (project / name).write_text(words)
    somebody = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*somebody, "commit", "-q", "-m", version)):
        subprocess.run(["git", *command], cwd=project, check=True)
    done = CliRunner().invoke(main, ["release", "deb", str(folder), "--project", str(project), *more])
    assert done.exit_code == 0, done.output
    return Path(done.output.strip())
