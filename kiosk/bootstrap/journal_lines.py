"""Log lines as systemd's journal reads them from standard error: each begins with its priority (sd-daemon(3))."""

import logging
import os
import sys

_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG = 7


class JournalFormatter(logging.Formatter):
    """Puts the priority before every line of a record, its trace included: `journalctl -p warning` finds them."""

    def format(self, record: logging.LogRecord) -> str:
        priority = next((number for level, number in _PRIORITIES if record.levelno >= level), _DEBUG)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def goes_to_the_journal() -> bool:
    """Say whether the journal reads standard error: `$JOURNAL_STREAM` is its device and inode (systemd.exec(5))."""
    try:
        facts = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{facts.st_dev}:{facts.st_ino}"
