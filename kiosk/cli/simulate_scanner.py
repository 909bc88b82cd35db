"""`kiosk simulate scanner`: a barcode scanner that is not there, for the demo, for trying a driver, for teaching."""

from pathlib import Path

import click

from drivers.barcode_scanners.scanner_simulator import (
    SimulatedKeyboardScanner,
    SimulatedScanner,
    SimulatedSerialScanner,
)
from kiosk.cli.control_lines import leave_when_asked, serve

HELP = "scan TEXT, end cr|lf|crlf|tab|none, send HEX, unplug, plug, show, help, quit"
_ENDS = {"cr": "\r", "lf": "\n", "crlf": "\r\n", "tab": "\t", "none": ""}


class ScannerControls:
    """Does what control lines say to a simulated scanner, and answers each with one line."""

    def __init__(self, scanner: SimulatedSerialScanner | SimulatedKeyboardScanner) -> None:
        self._scanner = scanner

    def obey(self, line: str) -> str:
        """Do one line; return `ok ...` or `error: ...`. A line that cannot be done changes nothing."""
        verb, _, rest = line.strip().partition(" ")
        try:
            return f"ok {self._do(verb.lower(), rest.strip())}".rstrip()
        except (ValueError, OSError, RuntimeError) as err:
            return f"error: {line.strip()!r}: {err}; there are: {HELP}"

    def _do(self, verb: str, rest: str) -> str:
        match verb:
            case "":
                return ""
            case "scan" if rest:
                self._scanner.scan(rest)
                return "scanned"
            case "end" if rest in _ENDS:
                self._end_with(_ENDS[rest])
                return f"ends with {rest}"
            case "send" if rest:
                self._scanner.send(bytes.fromhex(rest))
                return "sent"
            case "unplug":
                self._scanner.unplug()
                return "unplugged"
            case "plug":
                self._scanner.plug()
                return self._scanner.path
            case "show":
                return self._scanner.path
            case "help":
                return HELP
            case _:
                raise ValueError("no such command")

    def _end_with(self, end: str) -> None:
        if isinstance(self._scanner, SimulatedSerialScanner):
            self._scanner.end = end.encode()
        else:
            self._scanner.end = end


@click.command
@click.option(
    "--protocol", type=click.Choice(["serial", "keyboard"]), default="serial", show_default=True, help="What it plays."
)
@click.option("--link", type=click.Path(path_type=Path), help="Reachable here, also when it is plugged in again.")
def scanner(protocol: str, link: Path | None) -> None:
    """Run a simulated barcode scanner until `quit`, Ctrl-C or SIGTERM.

    The first line printed is the path of its port, alone. Then every line on standard input is a command and is
    answered with one line, `ok ...` or `error: ...`; `help` lists them.
    """
    leave_when_asked()
    simulated: SimulatedScanner
    try:
        simulated = SimulatedSerialScanner(link) if protocol == "serial" else SimulatedKeyboardScanner(link)
    except OSError as err:
        raise click.ClickException(f"cannot make the port: {err}; check --link") from err
    try:
        click.echo(simulated.path)
        serve(ScannerControls(simulated).obey)
    finally:
        simulated.unplug()
