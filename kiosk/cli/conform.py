"""`kiosk devices conform`: the contract of a driver, checked on the device that stands here by a technician.

Asks for tags to be laid and lifted, and for a plug to be pulled. Whatever it changes on a tag it puts back.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import click

from drivers.discovery import probe
from drivers.registry import BARCODE_SCANNERS, PRINTERS, TAG_PADS, DriverChoiceError, open_driver
from drivers.tag_pads.names import driver_named
from kiosk.conformance import printer_checks, scanner_checks
from kiosk.conformance.bench import Bench, DeviceBench, Impossible
from kiosk.conformance.pad_checks import PAD_CHECKS
from kiosk.conformance.running import AnyBench, Check, Outcome, Result, put_back, run
from kiosk.devices import DeviceError, DeviceLost

MARKS: Final = {Outcome.MET: "ok  ", Outcome.UNMET: "FAIL", Outcome.SKIPPED: "skip"}
_CANNOT: Final = {"s", "skip"}


class TechnicianHands:
    """Asks whoever sits at the terminal, on standard error; the answers come on standard input."""

    def lay(self, count: int) -> bool:
        if count == 0:
            return _asked("Take everything off the pad")
        books = "exactly one book" if count == 1 else f"exactly {count} books"
        return _asked(f"Lay {books} on the pad, flat, and nothing else")

    def lay_locked(self) -> bool:
        return _asked("Lay exactly one tag on the pad whose AFI is locked (most people have none)")

    def pull_plug(self) -> bool:
        return _asked("Pull the device's plug out of the computer")

    def put_plug(self) -> bool:
        return _asked("Put the plug back")

    def saw(self, what: str) -> bool:
        return _asked(f"Look at the printer. Did it print {what}? Yes", otherwise="no")

    def take_paper(self) -> bool:
        return _asked("Take the roll out of the printer and close the cover")

    def put_paper(self) -> bool:
        return _asked("Put the roll back and close the cover")

    def scan(self) -> str | None:
        return "" if _asked("Press Enter, then scan a barcode", then="") else None


class NoHands:
    """Nobody is there: only what needs no hands is checked."""

    def lay(self, _count: int) -> bool:
        return False

    def lay_locked(self) -> bool:
        return False

    def pull_plug(self) -> bool:
        return False

    def put_plug(self) -> bool:
        return False

    def saw(self, _what: str) -> bool:
        raise Impossible("nobody looked")

    def take_paper(self) -> bool:
        return False

    def put_paper(self) -> bool:
        return False

    def scan(self) -> None:
        return None


def _asked(what: str, then: str = ", then press Enter", otherwise: str = "cannot") -> bool:
    """Ask for something to be done; False when it cannot be, or nobody answers."""
    click.echo(f"  > {what}{then} (s: {otherwise}) ", err=True, nl=False)
    answer = sys.stdin.readline()
    return answer != "" and answer.strip().lower() not in _CANNOT


_Opener = Callable[[], Any]


def _bench_for(driver: str, opener: _Opener, hands: Any, stack: int) -> tuple[AnyBench, tuple[Check, ...]]:
    """Make the bench for a driver's kind of device, and name the checks of its contract."""
    if driver in PRINTERS:
        return DeviceBench(opener, hands, printer_checks.touch), printer_checks.PRINTER_CHECKS
    if driver in BARCODE_SCANNERS:
        return DeviceBench(opener, hands, scanner_checks.touch), scanner_checks.SCANNER_CHECKS
    return Bench(opener, hands, stack=stack), PAD_CHECKS


@click.command("conform")
@click.argument("port")
@click.option("--driver", metavar="NAME", help="Of the device; else whatever answers on PORT is found out.")
@click.option(
    "--option", "options", metavar="KEY=VALUE", multiple=True, help="An option of the driver, as in [pad.NAME]."
)
@click.option("--stack", type=click.IntRange(2, 60), default=3, show_default=True, help="How many books make a stack.")
@click.option("--no-hands", is_flag=True, help="Nobody is there: check only what needs nobody.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")
def conform(
    port: str, driver: str | None, options: tuple[str, ...], stack: int, *, no_hands: bool, as_json: bool
) -> None:
    """Check that the pad, printer or scanner on PORT and its driver keep the station's contract.

    Takes ten minutes and, for a pad, a few books. Every check is a sentence; one that fails says what was found and
    what it would mean for a library. Ends with 1 when any fails. Run it on a station that is stopped, with books
    whose tags may be written: gate bits are changed and put back, nothing is locked.
    """
    try:
        opener, name = _opener(port, driver, options)
        bench, checks = _bench_for(name, opener, NoHands() if no_hands else TechnicianHands(), stack)
        _ = bench.device
    except (DeviceError, DriverChoiceError) as err:
        raise click.ClickException(str(err)) from err
    try:
        results = list(_told(run(checks, bench), as_json=as_json))
    finally:
        for words in put_back(bench):  # a check may have been broken off by Ctrl-C
            click.echo(words, err=True)
        bench.close()
    _sum_up(results, name, as_json=as_json)
    if any(result.outcome is Outcome.UNMET for result in results):
        raise click.exceptions.Exit(1)


def _opener(port: str, driver: str | None, options: tuple[str, ...]) -> tuple[_Opener, str]:
    """Say how the device is opened, and what its driver is called. Raises: DeviceLost; DriverChoiceError."""
    chosen: dict[str, Any] = {"port": port, **dict(_option(word) for word in options)}
    if driver is None:
        found = probe(port)
        if found is None:
            raise DeviceLost(
                f"nothing this program knows answers on {port}: check power and cable, or name its --driver"
            )
        driver, chosen = found.driver, {**found.options, **chosen}
    name = driver_named(driver)
    if name in PRINTERS:
        return (lambda: open_driver(PRINTERS, name, chosen)), name
    if name in BARCODE_SCANNERS:
        return (lambda: open_driver(BARCODE_SCANNERS, name, chosen)), name
    return (lambda: open_driver(TAG_PADS, name, chosen)), name


def _option(word: str) -> tuple[str, Any]:
    """Read `baud=38400`, `parity=N`."""
    name, sign, value = word.partition("=")
    if not sign:
        raise click.BadParameter(f"{word!r}: expected KEY=VALUE, such as parity=N", param_hint="--option")
    return name, int(value) if value.isdecimal() else value


def _told(results: Iterator[Result], *, as_json: bool) -> Iterator[Result]:
    for result in results:
        one = result.check
        if as_json:
            told = {"check": one.name, "outcome": result.outcome, "claim": one.claim, "says": result.says}
            click.echo(json.dumps(told | ({"means": one.means} if result.outcome is Outcome.UNMET else {})))
        else:
            note = f" ({result.says})" if result.says and result.outcome is not Outcome.UNMET else ""
            click.echo(f"{MARKS[result.outcome]}  {one.claim}{note}")
            if result.outcome is Outcome.UNMET:
                click.echo(f"      found: {result.says}\n      means: {one.means}")
        yield result


def _sum_up(results: list[Result], driver: str, *, as_json: bool) -> None:
    counts = {outcome: sum(result.outcome is outcome for result in results) for outcome in Outcome}
    if as_json:
        click.echo(json.dumps({"driver": driver, **{str(outcome): count for outcome, count in counts.items()}}))
        return
    verdict = "does not keep the contract" if counts[Outcome.UNMET] else "keeps what was checked of the contract"
    told = f"{counts[Outcome.MET]} met, {counts[Outcome.UNMET]} not met, {counts[Outcome.SKIPPED]} not checked"
    click.echo(f"\nThe device with the driver `{driver}` {verdict}: {told}.")
