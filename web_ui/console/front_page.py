"""The first page of the console: how the station is, at a glance, and where to go."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from web_ui.console.house import House, Room


@dataclass(frozen=True, slots=True)
class Glance:
    """A line of the first page: what (`console.glance.<what>`), its tone (good, ask, stop), in words, and the room."""

    what: str
    tone: str
    says: str
    room: str = ""


def front_page(look: Callable[[], tuple[Glance, ...]]) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        house.rooms.insert(0, Room("front", "life-buoy", near=True))

        @pages.get("/")
        @house.signed_in
        def front() -> AnyResponse:
            return house.draw("front.html", glances=look())

    return add
