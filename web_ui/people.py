"""Who is signed in, for every part of one application: patrons in the catalogue, staff in the office.

Flask-Login asks one function for all; here it asks the part a person's number names: `patron:...`, `staff:...`.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_login import LoginManager

Find = Callable[[str], Any | None]
"""Finds a person by number, as Flask-Login knows one; None for nobody, and for one who may not be here any more."""
_KEPT = "people"


def number_of(kind: str, who: str) -> str:
    """Make the number a session keeps."""
    return f"{kind}:{who}"


def answer_for(app: Flask, kind: str, find: Find) -> None:
    """Let *find* answer for everybody whose number begins with *kind*. Each part of the application says it once."""
    finds: dict[str, Find] = app.extensions.setdefault(_KEPT, {})
    finds[kind] = find
    if getattr(app, "login_manager", None) is None:
        LoginManager(app).user_loader(lambda number: _find(finds, number))


def _find(finds: dict[str, Find], number: str) -> Any | None:
    kind, _, who = number.partition(":")
    find = finds.get(kind)
    return None if find is None else find(who)
