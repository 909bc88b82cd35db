"""One file for support: how the station is and what it did, with nobody's name, number, PIN or key in it."""

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kiosk.console.scrub import scrub

ABOUT = """\
What is in this file, and what is not
=====================================

versions.json    the program and what it runs on
settings.json    the settings in force; secrets and addresses hidden
devices.json     every device: what it says of itself, whether it works, its latest troubles
computer.json    clock, start, disk, database
journal.json     how many rows of which kind, and the latest without what they say
debts.json       what is unsettled
logs.txt         the latest lines of the program

Names of patrons, numbers of cards, PINs, e-mail addresses, keys and titles somebody borrowed are not in it: they are
hidden before anything is written. Numbers of six and more digits show their last two digits only.
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into the box, by file name: a text, or what becomes JSON."""

    texts: Mapping[str, str]
    tables: Mapping[str, object]


def pack(contents: Contents, names: Collection[str]) -> bytes:
    """Make the file. Everything passes the scrubber, whoever wrote it; *names* are those of the patrons known here."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("READ-ME.txt", ABOUT)
        for name, table in contents.tables.items():
            box.writestr(name, scrub(json.dumps(table, ensure_ascii=False, indent=1, default=str), names))
        for name, text in contents.texts.items():
            box.writestr(name, scrub(text, names))
    return packed.getvalue()
