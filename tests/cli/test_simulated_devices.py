"""`kiosk simulate printer` and `kiosk simulate scanner`: programs of their own, told what to do by lines."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.barcode_scanners.serial_scanner import SerialScanner, SerialScannerSettings
from drivers.barcode_scanners.usb_keyboard import KeyboardScanner, KeyboardScannerSettings
from drivers.printers.escpos import EscposPrinter, EscposSettings
from kiosk.devices import DeviceRefused, PaperState, Scan, Slip, SlipLine

ROOT = Path(__file__).parents[2]


class Program:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def tell(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._line()


@contextmanager
def simulate(*arguments: str) -> Iterator[Program]:
    command = [sys.executable, "-m", "kiosk", "simulate", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        program = Program(process)
        yield program
        assert program.tell("quit") == "ok bye"
        assert process.wait(10) == 0


@pytest.mark.parametrize("arguments", [(), ("--network",)])
def test_a_simulated_printer_prints_runs_out_and_says_what_came_out(arguments: tuple[str, ...]) -> None:
    with simulate("printer", *arguments) as program:
        printer = EscposPrinter(EscposSettings(program.port, code_page="cp1251"))
        printer.print(Slip((SlipLine("Дякуємо"),)))
        assert program.tell("slips") == "ok 1 Дякуємо"

        assert program.tell("cover open") == "ok cover open"
        assert printer.paper() is PaperState.COVER_OPEN
        with pytest.raises(DeviceRefused):
            printer.print(Slip((SlipLine("ні"),)))
        assert program.tell("refill") == "ok done"
        assert printer.paper() is PaperState.GOOD
        assert program.tell("paper purple").startswith("error: 'paper purple' is no command; there are: paper good|low")
        printer.close()


@pytest.mark.parametrize("protocol", ["serial", "keyboard"])
def test_a_simulated_scanner_scans_what_it_is_told(protocol: str) -> None:
    with simulate("scanner", "--protocol", protocol) as program:
        scanner = (
            SerialScanner(SerialScannerSettings(program.port))
            if protocol == "serial"
            else KeyboardScanner(KeyboardScannerSettings(program.port))
        )
        assert program.tell("scan 0012000001") == "ok scanned"
        assert scanner.wait(5.0) == Scan("0012000001")
        assert program.tell("end none") == "ok ends with none"
        assert program.tell("scan 42") == "ok scanned"
        assert scanner.wait(5.0) == Scan("42")
        assert program.tell("end of time").startswith("error: 'end of time': no such command")
        scanner.close()
