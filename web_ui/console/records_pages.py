"""What a technician reads: journal and queue, debts, logs, charts, slips as they print; and the black box."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Blueprint, Response, abort, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from kiosk.tags.health import TagCounts
from web_ui.charts import Bar, columns
from web_ui.console.house import House, Room

LEVELS = ("debug", "info", "warning", "error")
WIDTHS = (58, 80)
FOLLOW_S = 5


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One decision of the station. `about` is the copy's number; nobody is named."""

    at: datetime
    kind: str
    about: str
    sent: bool


@dataclass(frozen=True, slots=True)
class OpenDebt:
    at: datetime
    kind: str
    item: str
    tag: str
    title: str


@dataclass(frozen=True, slots=True)
class Worn:
    """A tag that should be replaced: which copy it is on, where anybody could read that, and what was counted."""

    at: datetime
    tag: str
    item: str
    title: str
    counts: TagCounts


@dataclass(frozen=True, slots=True)
class Queue:
    """What the centre has not heard, since when, and what stands in the way; `enrolled` is False without a centre."""

    waiting: int
    oldest: datetime | None
    trouble: str
    enrolled: bool


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One thing the library's own system is to be told, and what it answered. Nobody is named."""

    at: datetime
    kind: str
    item: str
    state: str
    tries: int
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """How the library's own system is asked: how much waits to be told, why it is silent, what was told last."""

    waiting: int
    trouble: str
    rows: Sequence[ToldRow]


class Line(Protocol):
    """One line of the log."""

    @property
    def number(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def level(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def says(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Records:
    """What these pages show, looked up when they are drawn."""

    journal: Callable[[str, str], Sequence[JournalRow]]
    """Newest rows of a kind ("" for all) about a copy ("" for any)."""
    kinds: tuple[str, ...]
    queue: Callable[[], Queue]
    send_now: Callable[[], None]
    told: Callable[[], Told | None]
    """None for a station that decides by itself."""
    debts: Callable[[], Sequence[OpenDebt]]
    worn: Callable[[], Sequence[Worn]]
    lines: Callable[[str, str], Sequence[Line]]
    """The latest lines of a level and above that say something."""
    charts: Callable[[int], Mapping[str, Sequence[tuple[str, int]]]]
    """By name of a chart, for so many hours back: labels and values."""
    slips: tuple[str, ...]
    slip_picture: Callable[[str, int, str], bytes]
    """A slip of a kind, on paper of so many mm, in a language, as PNG."""
    black_box: Callable[[], bytes]


def records_pages(records: Records) -> Callable[[Blueprint, House], None]:
    """Make the part of the console that shows what was."""

    def add(pages: Blueprint, house: House) -> None:
        house.rooms.extend((
            Room("journal", "layers"), Room("debts", "triangle-alert"), Room("worn", "search"),
            Room("logs", "book-open"), Room("charts", "clock"), Room("slips", "printer"), Room("box", "life-buoy"),
        ))  # fmt: skip
        _add_journal(pages, house, records)
        _add_logs(pages, house, records)
        _add_pictures(pages, house, records)
        _add_box(pages, house, records)

    return add


def _add_journal(pages: Blueprint, house: House, records: Records) -> None:
    def draw(rows: Sequence[JournalRow], kind: str = "", item: str = "") -> AnyResponse:
        queue, told = records.queue(), records.told()
        return house.draw("journal.html", rows=rows, kind=kind, item=item, kinds=records.kinds, queue=queue, told=told)

    @pages.get("/journal")
    @house.signed_in
    def journal() -> AnyResponse:
        kind = request.args.get("kind", "")
        kind, item = (kind if kind in records.kinds else ""), request.args.get("item", "").strip()
        rows = records.journal(kind, item)
        return draw(rows, kind, item)

    @pages.post("/journal/send")
    @house.signed_in
    def send_now() -> AnyResponse:
        records.send_now()
        return draw(records.journal("", ""))

    @pages.get("/debts")
    @house.signed_in
    def debts() -> AnyResponse:
        return house.draw("debts.html", debts=records.debts())

    @pages.get("/worn")
    @house.signed_in
    def worn() -> AnyResponse:
        return house.draw("worn.html", worn=records.worn())


def _add_logs(pages: Blueprint, house: House, records: Records) -> None:
    @pages.get("/logs")
    @house.signed_in
    def logs() -> AnyResponse:
        level = request.args.get("level", "info")
        level, search = (level if level in LEVELS else "info"), request.args.get("search", "")
        follow = FOLLOW_S if request.args.get("follow") else 0
        lines = tuple(reversed(records.lines(level, search)))[:500]
        return house.draw("logs.html", lines=lines, level=level, levels=LEVELS, search=search, follow=follow)


def _add_pictures(pages: Blueprint, house: House, records: Records) -> None:
    @pages.get("/charts")
    @house.signed_in
    def charts() -> AnyResponse:
        hours = 168 if request.args.get("hours") == "168" else 24
        told = records.charts(hours)
        drawn = {name: _drawn(house, name, rows) for name, rows in told.items()}
        return house.draw("charts.html", charts=drawn, tables=told, hours=hours)

    @pages.get("/slips")
    @house.signed_in
    def slips() -> AnyResponse:
        width = 58 if request.args.get("width") == "58" else 80
        return house.draw("slips.html", kinds=records.slips, width=width, widths=WIDTHS)

    @pages.get("/slips/<kind>-<int:width>.png")
    @house.signed_in
    def slip(kind: str, width: int) -> AnyResponse:
        if kind not in records.slips or width not in WIDTHS:
            abort(404, house.say("console.slips.none"))
        return Response(records.slip_picture(kind, width, house.language()), mimetype="image/png")


def _add_box(pages: Blueprint, house: House, records: Records) -> None:
    @pages.get("/box")
    @house.signed_in
    def box() -> AnyResponse:
        return house.draw("box.html")

    @pages.post("/box")
    @house.signed_in
    def box_file() -> AnyResponse:
        named = f"attachment; filename=littera-{house.about.station or 'station'}-black-box.zip"
        return Response(records.black_box(), mimetype="application/zip", headers={"Content-Disposition": named})


def _drawn(house: House, name: str, rows: Sequence[tuple[str, int]]) -> Markup:
    bars = [Bar(label, value) for label, value in rows]
    return Markup(columns(house.say(f"console.chart.{name}"), bars))  # noqa: S704 - charts.py escapes
