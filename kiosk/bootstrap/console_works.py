"""What the technician's pages work with, made from a station: its devices, its wires, its ledger."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from drivers import wire_taps
from drivers.masked_wires import pad_writer, write_printer
from kiosk.bootstrap.console_door import beside_ledger
from kiosk.circulation.model import ItemId
from kiosk.console.pad_map import PadMaps
from kiosk.console.wires import Wires, Write
from kiosk.console.workshop import KnownItem, Workshop
from kiosk.settings import Settings
from kiosk.settings.devices import DeviceSection
from kiosk.station.events import DeviceKind
from kiosk.station.shell import Shell
from kiosk.station.workers import DeviceCondition, History
from kiosk.store import Store
from kiosk.store.items import Items
from kiosk.store.loans import Loans
from kiosk.tags.afi import GATE_PROFILES
from web_ui.console.workshop_pages import DeviceCard, Works


def works_of(settings: Settings, store: Store, shell: Shell) -> Works:
    zone = ZoneInfo(settings.network.time_zone)
    shop = Workshop(shell, GATE_PROFILES[settings.gate.profile], settings.network.isil, _finder(store))
    return Works(
        shop=shop,
        wires=Wires(wire_taps.listen, dict(_wired(settings))),
        maps=PadMaps(beside_ledger(settings, "pad-maps.json")),
        devices=_device_cards(settings, shell, zone),
        now=lambda: datetime.now(zone),
        scanned=lambda: shell.scans.last,
    )


def _finder(store: Store) -> Callable[[str], KnownItem | None]:
    def find(number: str) -> KnownItem | None:
        def look(connection: Connection) -> KnownItem | None:
            item = Items(connection).by_id([ItemId(number)]).get(ItemId(number))
            if item is None:
                return None
            on_loan = bool(Loans(connection).open_of_items([item.id]))
            return KnownItem(number, item.title.name, item.parts, on_loan)

        return store.look(look, writes=False)

    return find


def _wired(settings: Settings) -> Iterator[tuple[str, tuple[str, Write]]]:
    if port := _port(settings.pad):
        yield "pad", (port, pad_writer(settings.pad.driver))
    if port := _port(settings.printer):
        yield "printer", (port, write_printer)


def _port(section: DeviceSection) -> str:
    return str(section.options.get("port", ""))


def _device_cards(settings: Settings, shell: Shell, zone: ZoneInfo) -> Callable[[], tuple[DeviceCard, ...]]:
    drivers: dict[DeviceKind, str] = {
        DeviceKind.PAD: settings.pad.driver,
        DeviceKind.CARD_READER: settings.card_reader.driver,
        DeviceKind.PRINTER: settings.printer.driver,
        DeviceKind.SCANNER: settings.barcode.driver,
    }

    def card(condition: DeviceCondition, history: History) -> DeviceCard:
        facts: dict[str, str] = {"driver": drivers[condition.kind]}
        if history.facts is not None:
            said = history.facts
            facts |= {"model": said.model, "firmware": said.firmware, "port": said.port}
        if condition.kind is DeviceKind.PRINTER:
            facts["paper"] = shell.paper.value
        facts |= {"opened": str(history.opened), "tries": str(history.tries)}
        troubles = tuple((datetime.fromtimestamp(one.at, zone), one.says) for one in history.troubles)
        told = {name: value for name, value in facts.items() if value}
        return DeviceCard(condition.kind, condition.ok, condition.says, told, troubles)

    def look() -> tuple[DeviceCard, ...]:
        histories = shell.histories()
        return tuple(card(one, histories[one.kind]) for one in reversed(shell.conditions()))

    return look
