"""Which version is at work, and a new one: handed in as a signed file, read about, agreed to, watched."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import IO, Protocol

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.releases.package import LARGEST, ReleaseRefused
from web_ui.console.house import House, Room


class Facts(Protocol):
    @property
    def version(self) -> str: ...
    @property
    def made(self) -> str: ...
    @property
    def notes(self) -> str: ...


class Package(Protocol):
    @property
    def facts(self) -> Facts: ...


class Outcome(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def version(self) -> str: ...
    @property
    def done(self) -> bool: ...
    @property
    def words(self) -> str: ...


class Counter(Protocol):
    """Where a package is handed in."""

    @property
    def running(self) -> str: ...
    @property
    def under_way(self) -> bool: ...

    def hand_in(self, file: IO[bytes]) -> Package: ...
    def waiting(self) -> Package | None: ...
    def want(self) -> Package: ...
    def drop(self) -> None: ...
    def outcome(self) -> Outcome | None: ...


def version_pages(
    counter: Counter, about: Callable[[], Mapping[str, str]], *, only_say: bool = False
) -> Callable[[Blueprint, House], None]:
    """*about* says what else there is to know of the program at work. A demo only shows."""

    def add(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("version", "arrow-down-to-line"))

        @pages.get("/version", endpoint="version")
        @house.signed_in
        def show() -> AnyResponse:
            facts = {"known": about(), "counter": counter, "only_say": only_say}
            return house.draw("version.html", waiting=counter.waiting(), outcome=counter.outcome(), **facts)

        @house.signed_in
        def taken() -> AnyResponse:
            file = request.files.get("package")
            if file is None or not file.filename:
                flash(house.say("console.version.which"), "stop")
                return redirect(url_for("console.version"))
            try:
                counter.hand_in(file.stream)
            except ReleaseRefused as refused:
                flash(house.say(f"console.version.refused.{refused.why}"), "stop")
            except OSError as error:
                flash(house.say("console.version.unkept", words=error.strerror or str(error)), "stop")
            return redirect(url_for("console.version"))

        @pages.post("/version/package", endpoint="version_package")
        def take() -> AnyResponse:
            request.max_content_length = LARGEST  # this page alone; the form is read after the door
            return taken()

        @pages.post("/version", endpoint="version_do")
        @house.signed_in
        def do() -> AnyResponse:
            if request.form.get("act") == "drop":
                counter.drop()
                return redirect(url_for("console.version"))
            try:
                counter.want()
            except ReleaseRefused as refused:
                flash(house.say(f"console.version.refused.{refused.why}"), "stop")
            return redirect(url_for("console.version"))

    return add
