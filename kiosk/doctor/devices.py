"""The devices of a station: opened one by one where it is stopped, asked of the station itself where it runs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

from kiosk.devices import DeviceError, DeviceFacts, PaperState
from kiosk.doctor.accounts import account_in_question, group_of, may_use
from kiosk.doctor.finding import Check, Finding

_SERIAL_PORTS: Final = ("ttyUSB*", "ttyACM*")
_NAME: Final = "littera-"
_WHY: Final = {
    "pad": "no book is lent or taken back without it",
    "card reader": "no card opens a visit without it",
    "printer": "no receipt on paper without it",
    "scanner": "no printed card or book is read without it",
}
_STANDS_STILL: Final = {
    PaperState.OUT: "no paper",
    PaperState.COVER_OPEN: "its cover is open",
    PaperState.JAMMED: "the cutter is jammed",
    PaperState.FAULT: "it reports a fault of its own",
    PaperState.HOT: "the print head is too hot",
}
_MEND: Final = {
    PaperState.OUT: "put in a new roll",
    PaperState.COVER_OPEN: "close it",
    PaperState.JAMMED: "switch it off, clear the cutter, switch it on",
    PaperState.FAULT: "switch it off and on, or call service",
    PaperState.HOT: "wait: it goes on by itself",
}
_PRINTER_STATE: Final = re.compile(r'^littera_station_printer\{state="([^"]*)"\} 1', re.MULTILINE)
_DEVICE_OK: Final = re.compile(r'^littera_station_device_ok\{driver="([^"]*)",kind="([^"]*)"\} ([01])', re.MULTILINE)


class Device(Protocol):
    """What every device has in common."""

    def facts(self) -> DeviceFacts: ...

    def close(self) -> None: ...


def check_of(name: str, what: str = "") -> Check:
    """Name the check of a device, or of its port."""
    return Check(f"{name} {what}".strip(), _WHY.get(name, "a part of the station does not work without it"))


def check_port(name: str, port: str, account: str = "") -> Finding | None:
    """Check that *port* is there and may be used; None for what is no path (a network address)."""
    path, check = Path(port), check_of(name, "port")
    account = account or account_in_question()
    if not path.is_absolute():
        return None
    if not path.exists():
        return check.failed(f"{port} is not there", _remedy_for_missing(path))
    if not may_use(path, account):
        mend = f"usermod -aG {group_of(path)} {account}, then systemctl restart littera-station (or log in again)"
        return check.failed(f"{port} is not for the account {account}", f"add it to the group of the port: {mend}")
    return check.good(port)


def _remedy_for_missing(path: Path) -> str:
    """Say how the port comes to be there: a device without its name, or no device."""
    plain = "plug the device in and switch it on; `kiosk devices list` shows the ports there are"
    if not path.name.startswith(_NAME):
        return plain
    unnamed = sorted(str(port) for pattern in _SERIAL_PORTS for port in path.parent.glob(pattern))
    if not unnamed or path.name == f"{_NAME}printer":
        return plain
    example = f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="....", ATTRS{{idProduct}}=="....", SYMLINK+="{path.name}"'
    rules = "/etc/udev/rules.d/71-littera-here.rules, then udevadm control --reload; udevadm trigger"
    return f"if it is {' or '.join(unnamed)}, give it its name: {example} in {rules}"


def check_device(name: str, open_device: Callable[[], Device]) -> Finding:
    """Open a device, let it say what it is, close it."""
    check = check_of(name)
    try:
        device = open_device()
    except (DeviceError, ValueError) as err:
        return check.failed(
            str(err), f"see docs/devices; if the station is running, it holds the {name}: stop it first"
        )
    try:
        facts = device.facts()
        ask = getattr(device, "paper", None)
        paper = None if ask is None else ask()
    except DeviceError as err:
        return check.failed(str(err), "see docs/devices")
    finally:
        device.close()
    seen = " ".join(filter(None, (facts.model, facts.firmware, facts.port)))
    return check.good(seen) if paper is None else of_paper(check, seen, paper)


def of_paper(check: Check, seen: str, paper: PaperState) -> Finding:
    """Say how a printer that answers is: one without paper works, and prints nothing."""
    if paper is PaperState.LOW:
        return check.worrying(f"{seen}, the paper is coming to its end", "have a new roll at hand")
    return check.good(seen) if paper.prints else check.failed(f"{seen}, {_STANDS_STILL[paper]}", _MEND[paper])


def devices_at_work(metrics: str) -> Iterator[Finding]:
    """Say how the devices are, in the words of the running station's /metrics."""
    for driver, kind, works in _DEVICE_OK.findall(metrics):
        name = kind.replace("-", " ")
        state = _PRINTER_STATE.search(metrics) if name == "printer" else None
        if works == "1" and state is not None and state[1] in set(PaperState):
            yield of_paper(check_of(name), f"{driver}, says the running station", PaperState(state[1]))
        elif works == "1":
            yield check_of(name).good(f"{driver}, says the running station")
        else:
            remedy = (
                "journalctl -u littera-station -n 50 says why; systemctl stop littera-station and ask again for more"
            )
            yield check_of(name).failed(f"{driver} does not work, says the running station", remedy)
