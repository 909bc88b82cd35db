"""`kiosk simulate library`: a library system that is not there, for the demo, for trying a station, for teaching.

Prints what it hears in plain words and takes commands on standard input. What it answers is the manner's business.
"""

import ssl
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import click

from kiosk.circulation.model import CardNumber
from kiosk.cli.control_lines import leave_when_asked, serve
from kiosk.cli.options import config_option
from kiosk.demo_network import DemoError, load_demo
from kiosk.sip2_simulator.conversation import Account
from kiosk.sip2_simulator.demo_shelf import demo_shelf
from kiosk.sip2_simulator.faults import FAULTS, Fault, FaultError, Rule
from kiosk.sip2_simulator.in_words import masked, told
from kiosk.sip2_simulator.manner import Manner, MannerError, changed, manner, manner_names
from kiosk.sip2_simulator.system import SimulatedSystem

HELP = (
    "fault NAME [VALUE] [on 11,09] [next N|always] [chance P], mend [NAME], faults, kinds, restart, block CARD, "
    "show ITEM, deeds, patrons, help, quit"
)
PORT = 6001


class LibraryControls:
    """Does what control lines say to a simulated library system, and answers each with one line."""

    def __init__(self, system: SimulatedSystem, patrons: Mapping[CardNumber, str]) -> None:
        """Control *system*; *patrons* says what there is to see about each card."""
        self._system = system
        self._patrons = patrons
        self._verbs: dict[str, Callable[[list[str]], str]] = {
            "fault": lambda words: self._system.fault(" ".join(words)),
            "mend": self._mend,
            "faults": lambda _words: "; ".join(self._system.plan.rules()) or "nothing is wrong",
            "kinds": lambda _words: "; ".join(f"{fault}: {kind.words}" for fault, kind in FAULTS.items()),
            "restart": self._restart,
            "block": self._block,
            "show": self._show,
            "deeds": self._deeds,
            "patrons": lambda _words: "; ".join(f"{card} {story}" for card, story in self._patrons.items()),
            "help": lambda _words: HELP,
        }

    def obey(self, line: str) -> str:
        """Do one line; return `ok ...` or `error: ...`. A line that cannot be done changes nothing."""
        name, *words = line.split() or [""]
        if not name:
            return "ok"
        if name.lower() not in self._verbs:
            return f"error: {name!r} is no command; there are: {HELP}"
        try:
            return f"ok {self._verbs[name.lower()](words)}".rstrip()
        except (ValueError, IndexError, OSError) as err:
            trouble = "something is missing" if isinstance(err, IndexError) else err
            return f"error: {line.strip()!r}: {trouble}; there are: {HELP}"

    def _mend(self, words: list[str]) -> str:
        if words and words[0] not in set(Fault):
            raise FaultError(f"{words[0]!r} is no fault")
        self._system.mend(Fault(words[0]) if words else None)
        return "; ".join(self._system.plan.rules()) or "nothing is wrong"

    def _restart(self, _words: list[str]) -> str:
        self._system.restart()
        return f"listens on port {self._system.port} again"

    def _block(self, words: list[str]) -> str:
        if self._system.library.member(words[0]) is None:
            raise ValueError("no such card")
        self._system.library.block(words[0], "Blocked by staff")
        return "blocked"

    def _show(self, words: list[str]) -> str:
        seen = self._system.library.seen(words[0])
        if seen is None:
            raise ValueError("no such copy")
        loan = f"lent to {masked(seen.loan.card)} until {seen.loan.due:%Y-%m-%d}" if seen.loan else "not on loan"
        travels = f", on its way to {seen.travels_to}" if seen.travels_to else ""
        return f"{seen.volume.title}: {loan}, {seen.queue} wait for it{travels}"

    def _deeds(self, _words: list[str]) -> str:
        each = (
            f"{deed.at:%H:%M:%S} {deed.what} {deed.item or deed.amount or ''} {masked(deed.card) if deed.card else ''}"
            for deed in self._system.library.deeds
        )
        return "; ".join(text.strip() for text in each) or "nothing was done yet"


@click.command
@click.option(
    "--manner",
    "manner_name",
    type=click.Choice(manner_names()),
    default="koha",
    show_default=True,
    help="Whose way to speak it has.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address it listens on.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--login", "logins", multiple=True, metavar="USER:PASSWORD", help="Whom it lets in; without, everybody.")
@click.option("--institution", default="central", show_default=True, help="AO, and the branch a copy comes back to.")
@click.option("--charset", help="Another character set than the manner's: cp866, cp1251, koi8-u ...")
@click.option("--hide", multiple=True, metavar="FIELD", help="A field it never sends: AQ, BX, BL, CQ ...")
@click.option(
    "--set", "settings", multiple=True, metavar="PART.KEY=VALUE", help="Anything else of a manner, see below."
)
@click.option("--fault", "faults", multiple=True, metavar="RULE", help="What goes wrong from the start, see below.")
@click.option("--seed", type=int, default=0, show_default=True, help="Makes chance the same every time.")
@click.option("--tls", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM: certificate and key.")
@click.option("--quiet", is_flag=True, help="Do not print what it hears.")
@config_option
def library(  # noqa: PLR0913, PLR0917 - one parameter per option
    manner_name: str,
    host: str,
    port: int,
    logins: tuple[str, ...],
    institution: str,
    charset: str | None,
    hide: tuple[str, ...],
    settings: tuple[str, ...],
    faults: tuple[str, ...],
    seed: int,
    tls: Path | None,
    quiet: bool,
    config_dir: Path,
) -> None:
    """Run a simulated library system over SIP2 until `quit`, Ctrl-C or SIGTERM.

    The first line printed is its port, alone. Then every exchange is a line in plain words, card numbers masked, and
    every line on standard input is a command, answered with `ok ...` or `error: ...`; `help` lists them. Its patrons
    and books are the demo's.

    --set changes one setting of the manner: `--set session.telnet=true`, `--set 'lending.due="%d.%m.%Y"'`. What there
    is stands in kiosk/sip2_simulator/manner.py.

    A fault is NAME [VALUE] [on 11,09] [next N | always] [chance P]: `lost-after on 11`, `slow 5 chance 0.2`,
    `offline`. `kinds` lists them all.
    """
    leave_when_asked()
    try:
        spoken = changed(_spoken(manner_name, institution, charset, hide), **_settings(settings))
        network = load_demo(config_dir, date.today())  # noqa: DTZ011 - the library's own day
        system = SimulatedSystem(
            demo_shelf(network),
            spoken,
            accounts=_accounts(logins, spoken),
            address=(host, port),
            tls=_tls(tls),
            seed=seed,
            told=_silent if quiet else _tell,
        )
        system.start()
        for rule in faults:
            system.fault(rule)
    except (MannerError, DemoError, FaultError) as err:
        raise click.ClickException(str(err)) from err
    except OSError as err:
        raise click.ClickException(f"cannot listen on {host} port {port}: {err.strerror or err}") from err
    click.echo(system.port)
    stories = {p.patron.card: f"PIN {p.pin or 'none'}: {p.story.get('en', '')}" for p in network.patrons}
    serve(LibraryControls(system, stories).obey)
    system.stop()


def _spoken(name: str, institution: str, charset: str | None, hide: tuple[str, ...]) -> Manner:
    wire: dict[str, object] = {"hides": frozenset(hide)}
    if charset is not None:
        try:
            "".encode(charset)
        except LookupError:
            raise MannerError(f"{charset!r} is no character set; try utf-8, cp1251, koi8-u, cp866") from None
        wire["charset"] = charset
    return changed(manner(name), wire=wire, status={"institution": institution})


def _settings(told: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """Read `part.key=value`, values as TOML writes them; words without quotes are taken as words."""
    parts: dict[str, dict[str, object]] = {}
    for one in told:
        name, equals, value = one.partition("=")
        part, dot, key = name.partition(".")
        if not (equals and dot):
            raise MannerError(f"--set {one}: write it as part.key=value")
        try:
            parts.setdefault(part, {})[key] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            parts.setdefault(part, {})[key] = value
    return parts


def _accounts(logins: tuple[str, ...], spoken: Manner) -> dict[str, Account]:
    pairs = (login.partition(":") for login in logins)
    return {user: Account(spoken, password) for user, _, password in pairs}


def _tls(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate)
    except ssl.SSLError as err:
        raise click.ClickException(f"{certificate}: no certificate with its key in PEM: {err.reason}") from err
    return context


def _tell(came: bytes, went: bytes, rule: Rule | None) -> None:
    click.echo(told(came, went, rule))


def _silent(_came: bytes, _went: bytes, _rule: Rule | None) -> None:
    pass
