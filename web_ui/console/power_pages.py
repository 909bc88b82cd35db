"""Starting the station or its computer anew, switching it off, leaving to the touchscreen. All is asked twice."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.console.power import Act, Power, PowerRefused
from web_ui.console.house import House, Room


def power_pages(power: Power) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("power", "refresh-cw"))

        @pages.get("/power", endpoint="power")
        @house.signed_in
        def show() -> AnyResponse:
            return house.draw("power.html", acts=list(Act), asked="", only_say=power.only_say)

        @pages.post("/power")
        @house.signed_in
        def power_do() -> AnyResponse:
            try:
                act = Act(request.form.get("act", ""))
            except ValueError:
                abort(400, house.say("console.power.which"))
            if request.form.get("sure") != "yes":
                return house.draw("power.html", acts=list(Act), asked=act, only_say=power.only_say)
            try:
                power.do(act)
            except PowerRefused as refused:
                flash(house.say("console.power.refused", words=str(refused)), "stop")
                return redirect(url_for("console.power"))
            if power.only_say:
                flash(house.say("console.power.would", command=power.would(act)), "busy")
                return redirect(url_for("console.power"))
            return house.draw("wait.html", onward=url_for("console.front"))

    return add
