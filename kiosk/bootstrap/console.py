"""Puts a station's console together: what its pages look at and what they may do.

Each part of the console is a function that hangs its pages (`web_ui.console.pages`); list it in `_parts`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from flask import Blueprint

from kiosk.bootstrap.console_door import door_of
from kiosk.bootstrap.console_works import works_of
from kiosk.settings import Settings
from kiosk.station.shell import Shell
from kiosk.store import Store
from web_ui.console.front_page import Glance, front_page
from web_ui.console.house import About, House
from web_ui.console.pages import Part, console_pages
from web_ui.console.workshop_pages import workshop_pages
from web_ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Ground:
    """What parts of the console are made from."""

    settings: Settings
    store: Store
    shell: Shell
    house: House


def console_of(settings: Settings, store: Store, shell: Shell, texts: Texts, hint: str = "") -> Blueprint:
    """Build the console of one station. *hint* is what the door tells everybody: the demo's password."""
    about = About(settings.branch.short, settings.station.name or "", tuple(settings.network.languages), hint)
    house = House(texts, door_of(settings), about)
    return console_pages(house, _parts(Ground(settings, store, shell, house)))


def _parts(on: Ground) -> Sequence[Part]:
    """List every part of the console, in the order their rooms are shown."""
    works = works_of(on.settings, on.store, on.shell)
    return (front_page(_glances(on.shell)), workshop_pages(works))


def _glances(shell: Shell) -> Callable[[], tuple[Glance, ...]]:
    def look() -> tuple[Glance, ...]:
        return tuple(Glance(one.kind.value, "good" if one.ok else "stop", one.says) for one in shell.conditions())

    return look


def open_to_network(settings: Settings) -> bool:
    """Whether the settings let other machines ask for the console."""
    if settings.web.host == "localhost":
        return False
    try:
        return not ip_address(settings.web.host).is_loopback
    except ValueError:
        return True
