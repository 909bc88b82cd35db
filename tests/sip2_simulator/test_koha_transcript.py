"""The simulated library with the manner of Koha answers a real Koha's recorded conversations byte for byte."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.sip2_simulator.conversation import Conversation
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import changed, manner
from tests.sip2_simulator.koha_shelf import koha_accounts, koha_shelf

RECORDING = Path(__file__).parent.parent / "golden" / "sip2_koha.txt"
LOG_IN_AGAIN = (b"9300CNkiosk1|COkioskpw|CPKIOSK-1|\r", b"9900802.00\r")
SAID_DIFFERENTLY = {
    "cyrillic barcode utf-8": "a real Koha echoes C1 control characters; nothing that leaves our codec has any",
}
SENT = re.compile(r"^>> (b['\"].*)$")
CAME = re.compile(r"^<< (b(?:'[^']*'|\"[^\"]*\"))(.*)$")


@dataclass
class Exchange:
    line: int
    about: str
    sent: list[bytes] = field(default_factory=list)
    came: bytes = b""
    closed: bool = False


@dataclass
class Recording:
    """One section of the file: begun on a fresh library where the file says so."""

    name: str
    exchanges: list[Exchange | None] = field(default_factory=list)  # None: reconnect and log in


def recordings() -> Iterator[Recording]:
    current, about, sent = Recording(""), "", []
    for number, line in enumerate(RECORDING.read_text(encoding="utf-8").splitlines(), 1):
        if found := re.match(r"=+ ([A-Z])\. (.*?) =+", line):
            if current.exchanges:
                yield current
            current = Recording(found[1])
        elif "reconnect and log in again" in line:
            current.exchanges.append(None)
        elif line.startswith("#"):
            about = line[1:].strip()
        elif found := SENT.match(line):
            sent.append(ast.literal_eval(found[1]))
        elif found := CAME.match(line):
            current.exchanges.append(Exchange(number, about, sent, ast.literal_eval(found[1]), "EOF" in found[2]))
            sent = []
    yield current


class Koha:
    """The simulated library, and the one connection a recording has open."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 3, 15)  # noqa: DTZ001 - SIP2 speaks local time, without a zone
        self.library = SimulatedLibrary(koha_shelf(), lambda: self.now)
        self.accounts = koha_accounts()
        self.line: Conversation | None = None

    def connect(self, *, telnet: bool = False) -> Conversation:
        spoken = changed(manner("koha"), session={"telnet": telnet})
        self.line = Conversation(self.library, spoken, self.accounts)
        return self.line

    def say(self, chunks: list[bytes]) -> tuple[bytes, bool]:
        if self.line is None or chunks[0].startswith(b"93"):
            self.connect()
        came = b""
        for line in [line for chunk in chunks for line in self.line.lines(chunk)]:
            answer = self.line.answer(line)
            came += answer.raw
            if answer.hang_up:
                self.line = None
                return came, True
        return came, False


GROUPS = ("ABCDEFGHIJ", "K", "L")


def played(names: str) -> Iterator[tuple[Exchange, bytes, bool]]:
    koha = Koha()
    for recording in recordings():
        if recording.name not in names:
            continue
        for exchange in recording.exchanges:
            if exchange is None:
                for message in LOG_IN_AGAIN:
                    koha.say([message])
                continue
            if stamp := re.search(rb"(20\d{6})    (\d{6})", exchange.came):
                koha.now = datetime.strptime((stamp[1] + stamp[2]).decode(), "%Y%m%d%H%M%S")  # noqa: DTZ007
            if exchange.about.startswith("new connection"):
                koha.connect()
            if not exchange.sent:
                yield exchange, koha.connect(telnet=True).greeting(), False
            else:
                yield exchange, *koha.say(exchange.sent)


@pytest.mark.parametrize("names", GROUPS)
def test_every_reply_is_the_recorded_one(names: str) -> None:
    differences, count = [], 0
    for exchange, came, closed in played(names):
        count += 1
        if exchange.about in SAID_DIFFERENTLY:
            continue
        if (came, closed) != (exchange.came, exchange.closed):
            differences.append(
                f"line {exchange.line} ({exchange.about}): {exchange.sent}\n"
                f"  recorded  {exchange.came!r} {exchange.closed}\n  simulated {came!r} {closed}"
            )
    assert not differences, "\n".join(differences)
    assert count > 5


def test_the_whole_recording_is_played() -> None:
    assert sum(e is not None for r in recordings() for e in r.exchanges) == RECORDING.read_text().count("\n<<")
