"""`kiosk library`: the library's own system, examined before a station is put to work with it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.cli.options import complain, config_option
from kiosk.library.sip2.checkup import Asked, Checkup, Level
from kiosk.library.sip2.profile import profile_names
from kiosk.library.sip2.requests import Requests
from kiosk.settings import load_settings
from kiosk.settings.library import Sip2Section

_MARKS: Final = MappingProxyType({Level.FITS: "ok  ", Level.LOOK: "look", Level.FAILED: "FAIL"})


@click.group("library")
def library() -> None:
    """The library system a branch has already."""


@library.command("check")
@config_option
@click.option("--branch", envvar="KIOSK_BRANCH", required=True, help="The branch whose settings are the beginning.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
@click.option("--host", help="Another server than the settings name.")
@click.option("--port", type=click.IntRange(1, 65535), help="Another port.")
@click.option("--profile", type=click.Choice(profile_names()), help="Another profile.")
@click.option("--institution", help="What the system calls the library (AO).")
@click.option("--user", help="Name of the station's login there.")
@click.option("--password-file", help="File with its password.")
@click.option("--workstation", help="Location of the login (CP).")
@click.option("--card", help="Number of a test card: the system is asked about it.")
@click.option("--pin", "ask_pin", is_flag=True, help="Ask for its PIN, and try a wrong one first.")
@click.option("--item", help="Barcode of a copy: the system is asked about it.")
@click.option("--lend", is_flag=True, help="Lend the copy to the card, and take it back at once.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")
def check(config_dir: Path, branch: str, station: str | None, **told: Any) -> None:
    """Talk to the library's own system, say step by step what fits and what does not, and propose the settings.

    Nothing is changed there but what --lend asks for. Best with a card and a copy whose name and title have letters
    beyond plain Latin. Ends with 1 when something fails.
    """
    wish = _Wish(**{key: told.pop(key) for key in ("card", "ask_pin", "item", "lend", "as_json")})
    with complain():
        failed = _examine(config_dir, (branch, station), {key: value for key, value in told.items() if value}, wish)
    if failed:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command was asked to try."""

    card: str | None
    ask_pin: bool
    item: str | None
    lend: bool
    as_json: bool

    def asked(self) -> Asked:
        if self.lend and not (self.card and self.item):
            raise click.UsageError("--lend needs --card and --item")
        pin = click.prompt("PIN of the test card", hide_input=True, err=True) if self.card and self.ask_pin else None
        return Asked(
            card=CardNumber(self.card) if self.card else None,
            pin=pin,
            item=ItemId(self.item) if self.item else None,
            lend=self.lend,
        )


def _examine(config_dir: Path, where: tuple[str, str | None], told: dict[str, object], wish: _Wish) -> bool:
    from kiosk.bootstrap.library_system import branch_clock, endpoint_of, login_of, names_of  # noqa: PLC0415 - likewise

    settings = load_settings(config_dir, *where, overrides={"library": {"sip2": told}})
    section = settings.library.sip2
    if not section.host:
        raise click.UsageError("the settings name no library system: give --host and --port")
    now = branch_clock(settings)
    zone = now().tzinfo
    assert zone is not None, "a branch has a time zone"
    requests = Requests(section.manner(), names_of(section), now, zone)
    checkup = Checkup(endpoint_of(section), requests, login_of(section))
    failed = False
    for finding in checkup.run(wish.asked()):
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if wish.as_json else _line(finding))
        failed = failed or finding.level is Level.FAILED
    proposal = checkup.proposal(_keys(section))
    if proposal is not None and not wish.as_json:
        click.echo(f"\nSettings that fit, for branches/{where[0]}.toml:\n\n{proposal}", nl=False)
    return failed


def _line(finding: Any) -> str:
    advice = f"\n      -> {finding.advice}" if finding.advice else ""
    return f"{_MARKS[finding.level]}  {finding.about}: {finding.words}{advice}"


def _keys(section: Sip2Section) -> dict[str, str]:
    names = ("institution", "location", "user", "password_file", "workstation", "terminal_password_file")
    return {name: getattr(section, name) for name in names}
