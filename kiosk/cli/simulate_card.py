"""`kiosk simulate card`: an e-card that is not there, for the demo, for trying a PC/SC program, for teaching.

Lays and lifts one card as told on standard input. What the card answers is the virtual card's business.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from drivers.card_readers.chips import CHIPS
from drivers.card_readers.pcsc_daemon import ServiceUnavailable, VirtualPcscd
from drivers.card_readers.proving_card import ProvingCard
from drivers.card_readers.virtual_card import ATR, PORT, VirtualCard
from drivers.key_stores.sealed_file import read_sealed_keys
from kiosk.circulation.model import CardNumber
from kiosk.cli.control_lines import leave_when_asked, serve
from kiosk.ecard.apdu import carry
from kiosk.ecard.issuing import Order, issue

HELP = (
    "insert, remove, uid HEX, number NNN|none, atr HEX, tear N|off, cut N|off, delay MS, hang, release, show, "
    "help, quit"
)
LONGEST_ATR = 64  # a real one has at most 33 bytes; longer ones are for trying what is mute


class CardControls:
    """Does what control lines say to a virtual card, and answers each with one line."""

    def __init__(self, card: VirtualCard) -> None:
        self._card = card
        self._verbs: dict[str, tuple[int, Callable[..., str]]] = {  # how many words follow, and what is done
            "insert": (0, self._insert),
            "remove": (0, self._remove),
            "uid": (1, self._uid),
            "number": (1, self._number),
            "atr": (1, self._atr),
            "tear": (1, self._tear),
            "cut": (1, self._cut),
            "delay": (1, self._delay),
            "hang": (0, self._hang),
            "release": (0, self._release),
            "show": (0, self._show),
            "help": (0, lambda: HELP),
        }

    def obey(self, line: str) -> str:
        """Do one line; return `ok ...` or `error: ...`. A line that cannot be done changes nothing."""
        name, *words = line.split() or [""]
        if not name:
            return "ok"
        if name.lower() not in self._verbs:
            return f"error: {name!r} is no command; there are: {HELP}"
        expected, act = self._verbs[name.lower()]
        if len(words) != expected:
            return f"error: {line.strip()!r}: too many words or too few; there are: {HELP}"
        try:
            return f"ok {act(*words)}"
        except (ValueError, OSError) as err:
            return f"error: {line.strip()!r}: {err}"

    def _insert(self) -> str:
        self._card.insert()
        return "inserted"

    def _remove(self) -> str:
        self._card.remove()
        return "removed"

    def _uid(self, uid: str) -> str:
        self._card.become(uid, self._card.number)
        return f"uid {self._card.uid} from the next insert on"

    def _number(self, number: str) -> str:
        self._card.become(self._card.uid, None if number.lower() == "none" else number)
        return f"number {number} from the next insert on"

    def _atr(self, atr: str) -> str:
        self._card.atr = parse_atr(atr)
        return f"ATR {self._card.atr.hex().upper()} from the next insert on"

    def _tear(self, at: str) -> str:
        self._card.tear_at = None if at.lower() == "off" else _count(at)
        return "stays" if self._card.tear_at is None else f"torn away at command {at} of each insert"

    def _cut(self, to: str) -> str:
        self._card.cut_to = None if to.lower() == "off" else _count(to)
        return "answers whole" if self._card.cut_to is None else f"answers cut to {to} bytes"

    def _delay(self, milliseconds: str) -> str:
        self._card.delay = _count(milliseconds, at_least=0) / 1000
        return f"answers {milliseconds} ms late"

    def _hang(self) -> str:
        self._card.hang()
        return "answers no command until release"

    def _release(self) -> str:
        self._card.release()
        return "answers again"

    def _show(self) -> str:
        card = self._card
        place = "inserted" if card.is_inserted else "away"
        return f"{place}, port {card.port}, uid {card.uid}, number {card.number or 'none'}, {card.commands} commands"


def parse_atr(text: str) -> bytes:
    """Read an ATR in hex. Raises: ValueError - not hex, empty or longer than any slot takes."""
    atr = bytes.fromhex(text)
    if not 1 <= len(atr) <= LONGEST_ATR:
        raise ValueError(f"an ATR has 1 to {LONGEST_ATR} bytes here, not {len(atr)}")
    return atr


def _count(word: str, at_least: int = 1) -> int:
    if not word.isdecimal() or int(word) < at_least:
        raise ValueError(f"{word!r} is not a number from {at_least} on")
    return int(word)


@click.command
@click.option("--uid", default="04A1B2C3D4E5F6", show_default=True, metavar="HEX", help="4, 7, 8 or 10 bytes.")
@click.option("--number", metavar="NNN", help="The card number. Without it: a card that has no application of ours.")
@click.option("--atr", default=ATR.hex().upper(), show_default=True, metavar="HEX", help="What the slot sees.")
@click.option("--chip", type=click.Choice(list(CHIPS)), help="A blank chip that can prove itself.")
@click.option("--keys", "keys_name", metavar="NAME", help="Have the chip written with --number and these keys.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Where vpcd listens.  [default: {PORT}]")
@click.option("--pcscd", "private", is_flag=True, help="Start a private PC/SC service with one card reader, too.")
@click.option("--away", is_flag=True, help="Begin with the card away.")
def card(  # noqa: PLR0913 - each is an option on the command line
    uid: str, number: str | None, atr: str, chip: str | None, keys_name: str | None, port: int | None,
    *, private: bool, away: bool,
) -> None:  # fmt: skip
    """Lay a virtual e-card on a virtual card reader until `quit`, Ctrl-C or SIGTERM.

    The first line printed says where: `127.0.0.1:PORT`, or with --pcscd the environment variable that leads PC/SC
    programs to the private service. Then every line on standard input is a command and is answered with one line,
    `ok ...` or `error: ...`; `help` lists them. When standard input ends the card goes on serving; only at a terminal
    does the end of input (Ctrl-D) end it.
    """
    if private and port is not None:
        raise click.UsageError("--pcscd chooses its own port; leave --port away")
    if (number is None) != (keys_name is None) and chip is not None:
        raise click.UsageError("a chip with a number needs --keys to be written with, and keys a --number")
    leave_when_asked()
    with _slot(port or PORT, private=private) as (slot_port, where):
        try:
            virtual = VirtualCard(slot_port, uid, number)
            virtual.atr = parse_atr(atr)
            if chip is not None:
                virtual.become_chip(_chip(chip, uid, number, keys_name))
        except ValueError as err:
            raise click.UsageError(str(err)) from err
        try:
            if not away:
                _insert(virtual)
            click.echo(where)
            serve(CardControls(virtual).obey)
        finally:
            virtual.remove()


def _chip(kind: str, uid: str, number: str | None, keys_name: str | None) -> ProvingCard:
    """Make a chip: blank, or written. Raises: ValueError - no such UID, number or keys."""
    chip = CHIPS[kind](uid)
    if number is not None and keys_name is not None:
        carry(issue(Order(CardNumber(number)), read_sealed_keys(keys_name)), chip.answer)
        chip.reset()
    return chip


def _insert(virtual: VirtualCard) -> None:
    try:
        virtual.insert()
    except OSError as err:
        raise click.ClickException(
            f"no virtual card reader listens on port {virtual.port} ({err}): start pcscd with vpcd, or add --pcscd"
        ) from err


@contextmanager
def _slot(port: int, *, private: bool) -> Iterator[tuple[int, str]]:
    """Find the slot to lie on: its port, and the line that says where."""
    if not private:
        yield port, f"127.0.0.1:{port}"
        return
    with TemporaryDirectory(prefix="kiosk-pcscd-") as folder:
        try:
            pcscd = VirtualPcscd(Path(folder))
            pcscd.start()
        except ServiceUnavailable as err:
            raise click.ClickException(str(err)) from err
        with pcscd:
            yield pcscd.slots[0].port, f"PCSCLITE_CSOCK_NAME={pcscd.socket}"
