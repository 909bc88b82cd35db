"""Puts a station's console together: what its pages look at and what they may do.

Each part of the console is a function that hangs its pages (`web_ui.console.pages`); list it in `_parts`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from flask import Blueprint

from kiosk.bootstrap.console_door import door_of
from kiosk.bootstrap.console_setup import Reach, set_up_works_of
from kiosk.bootstrap.console_works import works_of
from kiosk.console.acceptance import SetUps
from kiosk.console.power import Power
from kiosk.settings import Settings
from kiosk.station.shell import Shell
from kiosk.store import Store
from kiosk.store.proofs import count_cards
from web_ui.console.front_page import Glance, front_page
from web_ui.console.house import About, House
from web_ui.console.pages import Part, console_pages
from web_ui.console.power_pages import power_pages
from web_ui.console.setup_pages import setup_pages
from web_ui.console.workshop_pages import workshop_pages
from web_ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Ground:
    """What parts of the console are made from."""

    settings: Settings
    store: Store
    shell: Shell
    house: House
    reach: Reach


def console_of(
    settings: Settings, store: Store, shell: Shell, texts: Texts, reach: Reach, more: Sequence[Part] = ()
) -> Blueprint:
    """Build the console of one station, with *more* parts."""
    about = About(settings.branch.short, settings.station.name or "", tuple(settings.network.languages), reach.hint)
    house = House(texts, door_of(settings), about)
    return console_pages(house, (*_parts(Ground(settings, store, shell, house, reach)), *more))


def _parts(on: Ground) -> Sequence[Part]:
    """List every part of the console, in the order their rooms are shown."""
    works = works_of(on.settings, on.store, on.shell)
    own = set_up_works_of(on.settings, on.reach)
    return (
        front_page(_glances(on, own.setups)),
        workshop_pages(works),
        setup_pages(works, own),
        power_pages(Power(on.reach.start_anew, only_say=bool(on.reach.hint))),
    )


def _glances(on: Ground, setups: SetUps) -> Callable[[], tuple[Glance, ...]]:
    def look() -> tuple[Glance, ...]:
        finished = setups.finished()
        accepted = (
            on.house.say("console.front.accepted", at=finished[0].finished.replace("T", " "))
            if finished
            else on.house.say("console.front.not-accepted")
        )
        devices = (
            Glance(one.kind.value, "good" if one.ok else "stop", one.says, "devices")
            for one in reversed(on.shell.conditions())
        )
        cards = (_cards(on),) if on.settings.asks_for_proofs else ()
        return (*devices, *cards, Glance("acceptance", "good" if finished else "ask", accepted, "setup"))

    return look


def _cards(on: Ground) -> Glance:
    """Say how many cards are left to replace, and whether some failed to prove themselves."""
    seen, left = on.shell.cards.counts, on.store.look(count_cards, writes=False)
    tone = "ask" if seen.refused or left.to_replace else "good"
    words = on.house.say(
        "console.front.cards",
        refused=seen.refused,
        proven=seen.proven,
        claimed=seen.claimed,
        left=left.to_replace,
        known=left.known,
    )
    return Glance("cards", tone, words)


def open_to_network(settings: Settings) -> bool:
    """Whether the settings let other machines ask for the console."""
    if settings.web.host == "localhost":
        return False
    try:
        return not ip_address(settings.web.host).is_loopback
    except ValueError:
        return True
