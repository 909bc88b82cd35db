"""A file that only takes room, to be given up when the disk is full: the returns of a night still fit then."""

import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)

_MEGABYTE = 1024 * 1024


class Ballast:
    """Room kept in reserve beside the database, *megabytes* of it; 0 keeps none."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self._path = path
        self._size = megabytes * _MEGABYTE

    @property
    def aboard(self) -> bool:
        return self._size == 0 or self._path.exists()

    def drop(self) -> bool:
        """Give the room up; False when there was none to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        logger.error("the disk is full: %s was given up, %d MB are left to work with", self._path, self._megabytes)
        return True

    def take_aboard(self) -> bool:
        """Reserve the room again once at least twice as much is free; False while there is too little."""
        if self.aboard:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < 2 * self._size:
                return False
            self._fill()
        except OSError as error:
            logger.warning("no room could be reserved at %s: %s", self._path, error)
            self._path.unlink(missing_ok=True)
            return False
        return True

    @property
    def _megabytes(self) -> int:
        return self._size // _MEGABYTE

    def _fill(self) -> None:
        with self._path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, self._size)
