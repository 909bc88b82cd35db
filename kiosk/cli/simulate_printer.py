"""`kiosk simulate printer`: a receipt printer that is not there, on a serial port or the network."""

from pathlib import Path

import click

from drivers.printers.escpos_paper import Printed
from drivers.printers.escpos_simulator import SimulatedEscposPrinter, SimulatedNetworkPrinter, SimulatedPrinter
from kiosk.cli.control_lines import leave_when_asked, serve
from kiosk.devices import PaperState

HELP = (
    "paper good|low|out, cover open|closed, fault jammed|fault|hot|none, ends-after BYTES, opens-after BYTES, "
    "silent on|off, stuck on|off, announce, refill, slips, unplug, plug, show, help, quit"
)
_SWITCHES = {"on": True, "off": False, "open": True, "closed": False}
_FAULTS = {"jammed": PaperState.JAMMED, "fault": PaperState.FAULT, "hot": PaperState.HOT, "none": None}
_PAPERS = {state.value: state for state in (PaperState.GOOD, PaperState.LOW, PaperState.OUT)}


class PrinterControls:
    """Does what control lines say to a simulated printer, and answers each with one line."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self._printer = printer

    def obey(self, line: str) -> str:
        """Do one line; return `ok ...` or `error: ...`. A line that cannot be done changes nothing."""
        words = line.lower().split()
        if not words:
            return "ok"
        try:
            return f"ok {self._turn(*words) if len(words) > 1 else self._do(words[0])}".rstrip()
        except (ValueError, KeyError, TypeError, OSError, RuntimeError):
            return f"error: {line.strip()!r} is no command; there are: {HELP}"

    def _turn(self, knob: str, to: str) -> str:
        firmware = self._printer.firmware
        match knob:
            case "paper":
                firmware.paper = _PAPERS[to]
            case "cover":
                firmware.cover_open = _SWITCHES[to]
            case "fault":
                firmware.fault = _FAULTS[to]
            case "ends-after":
                firmware.runs_out_after = int(to)
            case "opens-after":
                firmware.opens_after = int(to)
            case "silent":
                firmware.silent = _SWITCHES[to]
            case "stuck":
                firmware.stuck = _SWITCHES[to]
            case _:
                raise ValueError(knob)
        return f"{knob} {to}"

    def _do(self, verb: str) -> str:
        printer = self._printer
        match verb:
            case "announce" | "refill" | "unplug":
                getattr(printer, verb)()
                return "done"
            case "plug":
                printer.plug()
                return printer.path
            case "slips":
                return f"{len(printer.firmware.slips)} " + " | ".join(map(_told, printer.firmware.slips))
            case "show":
                return f"{printer.path}, paper {printer.firmware.paper}"
            case "help":
                return HELP
            case _:
                raise ValueError(verb)


def _told(slip: tuple[object, ...]) -> str:
    return " / ".join(line.text if isinstance(line, Printed) else "[picture]" for line in slip)


@click.command
@click.option("--network", is_flag=True, help="On the network instead of a serial port.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Which TCP port; any that is free unless said.")
@click.option("--link", type=click.Path(path_type=Path), help="The serial port is also reachable here.")
def printer(port: int, link: Path | None, *, network: bool) -> None:
    """Run a simulated ESC/POS printer until `quit`, Ctrl-C or SIGTERM.

    The first line printed is its port, alone, as `printer.escpos.port` takes it. Then every line on standard input is a
    command and is answered with one line, `ok ...` or `error: ...`; `help` lists them, `slips` tells what came out.
    """
    if network and link is not None:
        raise click.UsageError("--link is for a serial port; leave it or --network out")
    leave_when_asked()
    simulated: SimulatedPrinter
    try:
        simulated = SimulatedNetworkPrinter(port) if network else SimulatedEscposPrinter(link)
    except OSError as err:
        raise click.ClickException(f"cannot make the port: {err}; check --port or --link") from err
    try:
        click.echo(simulated.path)
        serve(PrinterControls(simulated).obey)
    finally:
        simulated.unplug()
