"""A disk that can truly be full: a file system of 3 MB, for whoever runs the tests."""

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import pytest

P = ParamSpec("P")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder of 3 MB, for tests marked `on_a_small_disk`."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder  # only root may mount: the test is about to go where its runner is root
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def on_a_small_disk(test: Callable[P, None]) -> Callable[P, None]:
    """Run *test* as root: for anybody else, as root of a namespace of their own."""
    place = f"{inspect.getfile(test)}::{test.__name__}"

    @wraps(test)
    def run(*args: P.args, **more: P.kwargs) -> None:
        if os.geteuid() == 0:
            test(*args, **more)
            return
        again = [sys.executable, "-m", "pytest", "-q", place]
        subprocess.run(["unshare", "--user", "--map-root-user", "--mount", *again], check=True)

    return run


def fill_disk(disk: Path, name: str = "rubbish") -> None:
    """Take every byte that is left."""
    with (disk / name).open("wb", buffering=0) as rubbish:
        try:
            while True:
                rubbish.write(b"x" * 4096)
        except OSError:
            return
