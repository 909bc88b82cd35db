"""The staff's own siren: sends people to the shelter when no other source does, and back when it is over."""

from collections.abc import Callable
from typing import Protocol

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web_ui.console.house import House, Room


class Siren(Protocol):
    @property
    def sounds(self) -> bool: ...

    def sound(self, *, on: bool) -> None: ...


def siren_pages(siren: Siren) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("siren", "triangle-alert"))

        @pages.get("/siren", endpoint="siren")
        @house.signed_in
        def show() -> AnyResponse:
            return house.draw("house.html", sounds=siren.sounds)

        @pages.post("/siren", endpoint="siren_turn")
        @house.signed_in
        def turn() -> AnyResponse:
            siren.sound(on=request.form.get("on") == "yes")
            return redirect(url_for("console.siren"))

    return add
