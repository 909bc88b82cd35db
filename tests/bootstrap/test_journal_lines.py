"""What the journal reads: lines with their priorities, where it is the journal that reads them."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.bootstrap.journal_lines import JournalFormatter

TELL = """
import logging, sys
from kiosk.bootstrap.program import log_as_told
from kiosk.settings import load_settings
from pathlib import Path
log_as_told(load_settings(Path("config"), "central", "hall"))
logging.getLogger("kiosk.here").warning("look")
"""


@pytest.mark.parametrize(
    ("level", "priority"),
    [(logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7)],
)
def test_each_line_begins_with_its_priority(level: int, priority: int) -> None:
    record = logging.LogRecord("kiosk", level, "", 0, "first\nsecond", None, None)

    assert JournalFormatter("%(message)s").format(record) == f"<{priority}>first\n<{priority}>second"


@pytest.mark.parametrize("is_journal", [True, False])
def test_only_the_journal_gets_priorities(is_journal: bool) -> None:
    read, write = os.pipe()
    facts = os.fstat(write)
    stream = f"{facts.st_dev}:{facts.st_ino if is_journal else facts.st_ino + 1}"

    with os.fdopen(read) as lines, os.fdopen(write, "w") as errors:
        subprocess.run(
            [sys.executable, "-c", TELL], stderr=errors, cwd=Path(__file__).parents[2],
            env=os.environ | {"JOURNAL_STREAM": stream}, check=True,
        )  # fmt: skip
        errors.close()
        said = lines.read()

    assert said.startswith("<4>kiosk.here: look") == is_journal
    assert ("WARNING kiosk.here: look" in said) == (not is_journal)
