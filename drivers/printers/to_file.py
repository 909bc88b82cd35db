"""A printer that is a folder: each slip a text file, with the bytes an ESC/POS printer would get beside it.

For the demo, for a station without a printer, and to see what a setting of `escpos` does before buying paper.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from drivers.printers.typesetter import Typesetter
from kiosk.devices import DeviceFacts, DeviceLost, PaperState, Slip
from kiosk.receipts import STANDARD_COLUMNS, plain_text

_BYTES = ".escpos"


@dataclass(frozen=True, slots=True)
class FileSettings:
    """Options of the driver.

    directory           where the slips go; made when it is missing
    columns             letters on a line of the text
    profile, code_page  as of the `escpos` driver, for the bytes
    """

    directory: str
    columns: int = STANDARD_COLUMNS
    profile: str = "TM-T20II"
    code_page: str = "cp1251"


class FilePrinter:
    """A folder of slips. Raises: DeviceLost when it cannot be written; ValueError for settings that cannot be."""

    def __init__(self, settings: FileSettings) -> None:
        if settings.columns < 1:
            raise ValueError(f"`columns` must be 1 or more, not {settings.columns}")
        self._columns = settings.columns
        self._typesetter = Typesetter(settings.profile, settings.code_page or None)
        self._directory = Path(settings.directory)
        self._make_directory()

    def facts(self) -> DeviceFacts:
        return DeviceFacts(model="folder of slips", firmware="", port=str(self._directory))

    def paper(self) -> PaperState:
        """A folder that can be written has paper. Raises: DeviceLost."""
        self._make_directory()
        if not os.access(self._directory, os.W_OK):
            raise DeviceLost(f"folder {self._directory} cannot be written: give it to this account")
        return PaperState.GOOD

    def print(self, slip: Slip) -> None:
        """Write one slip under its title; a second slip of that title gets a number, and none is overwritten.

        The text appears whole or not at all, and last: who sees it finds the bytes beside it.
        """
        frame = self._typesetter.set_slip(slip)
        text = plain_text(slip, self._columns)
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            beside = self._write_new(_file_name(slip.title), frame)
            draft = beside.with_suffix(".part")
            draft.write_text(text, encoding="utf-8")
            draft.replace(beside.with_suffix(".txt"))
        except OSError as err:
            raise DeviceLost(f"cannot write a slip to {self._directory}: {err.strerror}") from err

    def close(self) -> None:
        """Nothing is held open."""

    def _make_directory(self) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise DeviceLost(f"cannot make folder {self._directory}: {err.strerror}") from err

    def _write_new(self, name: str, frame: bytes) -> Path:
        """Write the bytes under the first free name."""
        number = 1
        while True:
            path = self._directory / f"{name if number == 1 else f'{name}-{number}'}{_BYTES}"
            try:
                with path.open("xb") as file:
                    file.write(frame)
            except FileExistsError:
                number += 1
            else:
                return path


def _file_name(title: str) -> str:
    """Make a file name of a slip's title: no path, no hidden file, never empty."""
    return re.sub(r"[^\w-]+", "-", title).strip("-") or "slip"
