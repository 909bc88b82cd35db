"""The library behind the receipt printers leaves no trace on a station's disk."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_start_leaves_no_folder_behind(tmp_path: Path) -> None:
    wanted = "import tempfile, drivers.printers.typesetter; print(tempfile.gettempdir())"

    said = subprocess.run(
        [sys.executable, "-c", wanted], env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert said.stdout.strip() == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
