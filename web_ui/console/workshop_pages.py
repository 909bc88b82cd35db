"""The pages a technician works on: service, the devices live, the map of the pad, tags, and a shelf being tagged."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.console.pad_map import PLACES, PadMaps
from kiosk.console.tags import Inspected, Label, NotWritten
from kiosk.console.wires import Wires
from kiosk.console.workshop import KnownItem, NotInService, Workshop
from kiosk.devices import DeviceError, TagUid
from kiosk.station.scan_ear import HeardScan
from kiosk.tags.model import Usage
from web_ui.console.house import House, Room
from web_ui.sse import HEARTBEAT, Streams, browser_gone, frame

P = ParamSpec("P")
WIRE_LOOKERS = 2
SERVICE_WITHIN = 2.0
"""Seconds a page waits for the station to be in service before it says that a visit is still running."""


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device as the page of devices shows it: facts by name, and its latest troubles as moments and words."""

    kind: str
    ok: bool
    says: str
    facts: Mapping[str, str]
    troubles: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Works:
    """What these pages work with. `now` is the clock of the library, `scanned` the last copy its scanner saw."""

    shop: Workshop
    wires: Wires
    maps: PadMaps
    devices: Callable[[], tuple[DeviceCard, ...]]
    now: Callable[[], datetime]
    scanned: Callable[[], HeardScan] = HeardScan


def guarded(house: House) -> Callable[[Callable[P, AnyResponse]], Callable[P, AnyResponse]]:
    """Turn what may go wrong at a device into words, and come back to the page it was asked from."""

    def guard(page: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
        @wraps(page)
        def tried(*args: P.args, **more: P.kwargs) -> AnyResponse:
            try:
                return page(*args, **more)
            except (NotInService, NotWritten, DeviceError) as error:
                flash(words_of(house, error), "stop")
                return redirect(request.path if request.method == "GET" else back())

        return tried

    return guard


def words_of(house: House, error: Exception) -> str:
    """Say what went wrong and what to do."""
    if isinstance(error, NotInService):
        return house.say("console.service.first")
    if isinstance(error, NotWritten):
        return house.say(f"console.not-written.{error.why}", detail=error.detail)
    return house.say("console.device-says", words=str(error))


def back() -> str:
    """The page a form was sent from, where it is one of ours."""
    path = request.form.get("next", "")
    return path if path.startswith("/console/") and "//" not in path and "\\" not in path else url_for("console.front")


def workshop_pages(works: Works) -> Callable[[Blueprint, House], None]:
    def add(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("devices", "plug", near=True))
        house.rooms.append(Room("tags", "search", near=True))
        house.rooms.append(Room("shelf", "book-up", near=True))
        house.rooms.append(Room("pad_map", "map"))
        _add_service(pages, house, works)
        _add_devices(pages, house, works)
        _add_tags(pages, house, works)
        _add_shelf(pages, house, works)
        _add_map(pages, house, works)

    return add


def _add_service(pages: Blueprint, house: House, works: Works) -> None:
    house.facts["in_service"] = lambda: works.shop.in_service

    @pages.post("/service")
    @house.signed_in
    def service() -> AnyResponse:
        if request.form.get("on") == "yes":
            if not works.shop.call(SERVICE_WITHIN):
                flash(house.say("console.service.waiting"), "ask")
        else:
            works.shop.release()
        return redirect(back())


def _add_devices(pages: Blueprint, house: House, works: Works) -> None:
    streams = Streams(WIRE_LOOKERS)

    @pages.get("/devices")
    @house.signed_in
    def devices() -> AnyResponse:
        return house.draw("devices.html", devices=works.devices())

    @pages.get("/devices/now")
    @house.signed_in
    def devices_now() -> AnyResponse:
        return house.draw("_devices.html", devices=works.devices())

    @pages.get("/devices/wire")
    @house.signed_in
    def wire() -> AnyResponse:
        return streams.open(_wire_lines(works.wires, browser_gone()))


def _wire_lines(wires: Wires, gone: Callable[[], bool]) -> Iterator[str]:
    close, seen = wires.open(), 0
    try:
        yield "retry: 1000\n\n"
        while not gone():
            lines = wires.after(seen, HEARTBEAT)
            seen = lines[-1].number if lines else seen
            shown = [[one.device, one.outgoing, one.text] for one in lines]
            yield frame(json.dumps(shown)) if shown else ": still here\n\n"
    finally:
        close()


def _add_tags(pages: Blueprint, house: House, works: Works) -> None:
    shop = works.shop

    @pages.get("/tags")
    @house.signed_in
    def tags() -> AnyResponse:
        found: tuple[tuple[Inspected, KnownItem | None], ...] = ()
        trouble = ""
        if shop.in_service:
            try:
                found = tuple((tag, _known(shop, tag)) for tag in shop.inspect())
            except (NotInService, DeviceError) as error:
                trouble = words_of(house, error)
        return house.draw("tags.html", tags=found, trouble=trouble, owner=shop.owner, profile=shop.profile)

    @pages.post("/tags/write")
    @house.signed_in
    @guarded(house)
    def write_tag() -> AnyResponse:
        after = shop.write(_label(house, shop), overwrite=request.form.get("overwrite") == "yes")
        assert after.data is not None, "a written tag was read back"
        flash(house.say("console.tags.written", item=after.data.item_id), "good")
        return redirect(url_for("console.tags"))

    @pages.post("/tags/gate")
    @house.signed_in
    @guarded(house)
    def gate() -> AnyResponse:
        armed = request.form.get("armed") == "yes"
        shop.set_gate(TagUid(request.form.get("uid", "")), armed=armed)
        flash(house.say("console.tags.armed" if armed else "console.tags.cleared"), "good")
        return redirect(back())

    @pages.post("/tags/lock")
    @house.signed_in
    @guarded(house)
    def lock() -> AnyResponse:
        """Asked twice: the first time only the question is shown."""
        uid = TagUid(request.form.get("uid", ""))
        if request.form.get("sure") != "yes":
            return house.draw("lock.html", uid=uid, item=request.form.get("item", "")[:64])
        shop.lock(uid)
        flash(house.say("console.tags.locked"), "good")
        return redirect(url_for("console.tags"))


def _known(shop: Workshop, tag: Inspected) -> KnownItem | None:
    return shop.find(tag.data.item_id) if tag.data is not None and tag.data.item_id else None


def _label(house: House, shop: Workshop) -> Label:
    """Read what a tag shall say from the present form; 400 with words."""
    item = request.form.get("item", "").strip()
    try:
        parts, part = int(request.form.get("parts", "1")), int(request.form.get("part", "1"))
        usage = Usage(request.form.get("usage", Usage.CIRCULATING))
    except ValueError:
        abort(400, house.say("console.tags.no-number"))
    if not 0 < len(item) <= 64:
        abort(400, house.say("console.tags.no-item"))
    return Label(item, shop.owner, parts, part, usage)


def _add_shelf(pages: Blueprint, house: House, works: Works) -> None:
    shop, done = works.shop, list[tuple[datetime, str, str, str]]()

    def draw(item: str = "", trouble: str = "", *, taken: bool = False) -> AnyResponse:
        shown = {"done": list(reversed(done)), "item": item, "trouble": trouble, "taken": taken}
        return house.draw("shelf.html", **shown, scanned=works.scanned().number)

    @pages.get("/shelf")
    @house.signed_in
    def shelf() -> AnyResponse:
        return draw()

    @pages.get("/shelf/scanned")
    @house.signed_in
    def shelf_scanned() -> AnyResponse:
        """Say which copy the station's scanner saw last; nothing of it while patrons are served."""
        return jsonify(asdict(works.scanned() if shop.in_service else HeardScan()))

    @pages.post("/shelf")
    @house.signed_in
    def tag_next() -> AnyResponse:
        """Write the copy that was scanned to the tag on the pad. What goes wrong keeps the place: the number stays."""
        label = _label(house, shop)
        known = shop.find(label.item)
        if known is not None and known.parts > 1 and "parts" not in request.form:
            label = Label(label.item, label.owner, known.parts, 1)
        try:
            after = shop.write(label, overwrite=request.form.get("overwrite") == "yes")
        except (NotInService, NotWritten, DeviceError) as error:
            taken = isinstance(error, NotWritten) and error.why == "taken"
            return draw(label.item, words_of(house, error), taken=taken)
        done.append((works.now(), label.item, "" if known is None else known.title, after.uid))
        return redirect(url_for("console.shelf"))

    @pages.post("/shelf/anew")
    @house.signed_in
    def shelf_anew() -> AnyResponse:
        done.clear()
        return redirect(url_for("console.shelf"))


def _add_map(pages: Blueprint, house: House, works: Works) -> None:
    @pages.get("/pad-map")
    @house.signed_in
    def pad_map() -> AnyResponse:
        return house.draw("pad-map.html", maps=works.maps.all())

    @pages.post("/pad-map")
    @house.signed_in
    @guarded(house)
    def measure() -> AnyResponse:
        place = request.form.get("place", "")
        if place == "anew":
            works.maps.begin(works.now())
        elif place.isascii() and place.isdigit() and int(place) < PLACES:
            answered, asked = works.shop.measure()
            works.maps.note(int(place), answered, asked, works.now())
        else:
            abort(400, house.say("console.tags.no-number"))
        return redirect(url_for("console.pad_map"))
