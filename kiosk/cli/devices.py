"""`kiosk devices`: what is plugged in, which protocol answers on a port, and what pad, card reader and scanner see.

For a technician at a station that is stopped: it opens devices itself. Changes nothing on a tag or card.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from typing import Any

import click

from drivers.barcode_scanners.serial_scanner import SerialScanner, SerialScannerSettings
from drivers.barcode_scanners.usb_keyboard import KeyboardScanner, KeyboardScannerSettings
from drivers.card_readers.pcsc import PcscCardReader, PcscSettings
from drivers.discovery import Answering, FoundPort, find_card_readers, find_ports, is_input_device, probe
from drivers.registry import TAG_PADS, open_driver
from kiosk.cli.conform import conform
from kiosk.cli.options import PadDriver
from kiosk.devices import (
    BarcodeScanner,
    CardChange,
    CardFailed,
    CardInserted,
    CardReader,
    CardTaken,
    DeviceError,
    DeviceLost,
    TagPad,
    TagUid,
)
from kiosk.tags.detect import decode
from kiosk.tags.model import BadTag

_LOOK_EVERY = 0.1
_json = click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")

Happening = dict[str, Any]


@click.group("devices")
def devices() -> None:
    """Find and try out the devices of a station."""


@devices.command("list")
@_json
def list_command(*, as_json: bool) -> None:
    """List serial ports, USB printers, what plays a keyboard, and PC/SC card readers. Opens none of them."""
    ports, (names, trouble) = find_ports(), _card_readers()
    if as_json:
        click.echo(json.dumps({"ports": [asdict(port) for port in ports], "card_readers": names, "pcsc": trouble}))
        return
    for port in ports:
        click.echo(_port_line(port))
    for name in names:
        click.echo(f"card reader  {name}")
    if trouble:
        click.echo(trouble, err=True)
    if not ports and not names:
        click.echo("nothing is plugged in: check cables and power, then look again")


@devices.command("probe")
@click.argument("port")
@_json
def probe_command(port: str, *, as_json: bool) -> None:
    """Say which device answers on PORT (`/dev/ttyUSB0`, `tcp://192.168.1.50:9100`) and how to configure it.

    Ends with 1 when nothing known answers.
    """
    try:
        found = probe(port)
    except (DeviceError, ValueError) as err:
        raise click.ClickException(str(err)) from err
    if as_json:
        click.echo(json.dumps(asdict(found) if found else None))
    elif found:
        click.echo(_advice(found))
    else:
        click.echo(f"nothing known answers on {port}: is the device switched on, and the cable the right one?")
        click.echo(f"a barcode scanner never answers: `kiosk devices watch --no-cards --scanner {port}`, then scan")
    if found is None:
        raise click.exceptions.Exit(1)


@devices.command("watch")
@click.option("--pad", "pad_port", metavar="PORT", help="Port of a pad to watch.")
@click.option("--driver", type=PadDriver(), help="Of the pad; else whatever answers is found out.")
@click.option("--scanner", "scanner_port", metavar="PORT", help="Port of a barcode scanner to watch.")
@click.option("--cards/--no-cards", default=True, show_default=True, help="Watch every PC/SC card reader.")
@click.option("--for", "seconds", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop after so long.")
@_json
def watch_command(
    pad_port: str | None,
    driver: str | None,
    scanner_port: str | None,
    seconds: float | None,
    *,
    cards: bool,
    as_json: bool,
) -> None:
    """Say live what lies on the pad and on the card reader and what is scanned, until Ctrl-C."""
    if not (pad_port or scanner_port or cards):
        raise click.UsageError("there is nothing to watch: name a pad with --pad, or leave --no-cards out")
    tell: Callable[[Happening], None] = _tell_json if as_json else _tell
    with ExitStack() as open_devices:
        try:
            pad: TagPad | None = None
            card_reader: CardReader | None = None
            if pad_port:
                pad = open_devices.enter_context(closing(_open_pad(pad_port, driver)))
            if cards:
                card_reader = open_devices.enter_context(closing(PcscCardReader(PcscSettings())))
            scanner: BarcodeScanner | None = None
            if scanner_port:
                scanner = open_devices.enter_context(closing(_open_scanner(scanner_port)))
            until = time.monotonic() + seconds if seconds is not None else float("inf")
            for happening in _happenings(pad, card_reader, scanner, until):
                tell(happening)
        except DeviceError as err:
            raise click.ClickException(str(err)) from err


def _open_scanner(port: str) -> BarcodeScanner:
    if is_input_device(port):
        return KeyboardScanner(KeyboardScannerSettings(port))
    return SerialScanner(SerialScannerSettings(port))


def _open_pad(port: str, driver: str | None) -> TagPad:
    """Open the pad on *port* with the driver named, or with the one a probe finds. Raises: DeviceError."""
    options: dict[str, object] = {"port": port}
    if driver is None:
        found = probe(port)
        if found is None or found.driver not in TAG_PADS:
            raise DeviceLost(
                f"no pad this program knows answers on {port}: is it switched on, and the cable the right one?"
            )
        driver, options = found.driver, found.options
    return open_driver(TAG_PADS, driver, options)


def _happenings(
    pad: TagPad | None, card_reader: CardReader | None, scanner: BarcodeScanner | None, until: float
) -> Iterator[Happening]:
    lying: frozenset[TagUid] = frozenset()
    yield from ({"watching": device.facts().model} for device in (pad, card_reader, scanner) if device is not None)
    while time.monotonic() < until:
        if pad is not None:
            seen = pad.inventory()
            yield from ({"tag": uid, "lifted": True} for uid in sorted(lying - seen))
            yield from (_tag_read(pad, uid) for uid in sorted(seen - lying))
            lying = seen
        if scanner is not None and (scan := scanner.wait(_LOOK_EVERY)) is not None:
            yield {"scanned": scan.text, "kind": scan.kind or None}
        if card_reader is None:
            time.sleep(0.0 if scanner is not None else _LOOK_EVERY)
        elif (change := card_reader.wait(_LOOK_EVERY)) is not None:
            yield _card_changed(change)


def _tag_read(pad: TagPad, uid: TagUid) -> Happening:
    try:
        content, gate = pad.read(uid), pad.read_gate(uid)
        said = decode(content.data, content.dsfid)
    except (DeviceError, BadTag) as err:
        return {"tag": uid, "trouble": str(err)}
    afi = None if gate.afi is None else f"{gate.afi:02X}"
    return {"tag": uid, "model": said.model.value, "item": said.item_id, "owner": said.owner, "afi": afi}


def _card_changed(change: CardChange) -> Happening:
    """Say what a card is, never its number: a technician's screen is read by whoever passes."""
    match change:
        case CardInserted(slot, card):
            return {"card": card.scheme, "slot": slot, "number": card.number is not None, "proven": card.proven}
        case CardFailed(slot, fault):
            return {"card": None, "slot": slot, "trouble": fault.value}
        case CardTaken(slot):
            return {"card": None, "slot": slot, "lifted": True}


def _tell(happening: Happening) -> None:
    click.echo("  ".join(f"{key} {value}" for key, value in happening.items() if value is not None))


def _tell_json(happening: Happening) -> None:
    click.echo(json.dumps(happening, ensure_ascii=False))


def _card_readers() -> tuple[tuple[str, ...], str]:
    """Name the card readers, or say why nobody can."""
    try:
        return find_card_readers(), ""
    except DeviceError as err:
        return (), str(err)


def _port_line(port: FoundPort) -> str:
    return f"{port.kind:<11}  {'  '.join(filter(None, (port.path, *port.names, port.usb, port.description)))}"


def _advice(found: Answering) -> str:
    options = "\n".join(f"{key} = {json.dumps(value)}" for key, value in found.options.items())
    facts = " ".join(filter(None, (found.facts.model, found.facts.firmware)))
    return (
        f"{facts} answers. In the station's settings:\n\n"
        f'[{found.section}]\ndriver = "{found.driver}"\n\n[{found.section}.{found.driver}]\n{options}'
    )


devices.add_command(conform)
