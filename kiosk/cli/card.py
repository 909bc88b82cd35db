"""`kiosk card`: cards that prove themselves, written at the desk and explained; and the keys they do it with."""

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from drivers.key_stores.key_file import KeyStoreError, new_key_file, parse_key_file, part_of
from drivers.key_stores.sealed_file import SEALED_FILES, read_sealed_keys, seal
from kiosk.circulation.model import CardNumber
from kiosk.cli.card_words import explain
from kiosk.cli.options import complain, config_option
from kiosk.devices import CardIdentity, DeviceLost
from kiosk.ecard.apdu import CardError
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import CardKeys, KeyRole, KeysUnavailable, MasterKeys, NoKeys
from kiosk.ecard.proving import Saying
from kiosk.ecard.schemes import KeyRing

PLACES = {
    "desk": tuple(KeyRole),
    "station": (KeyRole.READ, KeyRole.PRIVACY),
    "sun": (KeyRole.SUN_META, KeyRole.SUN_FILE),
}
WAIT = 60.0
OWN = "card-keys"


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Where a command takes the keys from: what was named, or the store of a branch's settings."""

    name: str | None
    config_dir: Path
    branch: str | None
    station: str | None

    def masters(self) -> MasterKeys:
        try:
            if self.name or self.branch is None:
                return read_sealed_keys(self.name or OWN)
            from kiosk.bootstrap.card_keys import open_card_keys  # noqa: PLC0415 - brings the settings along
            from kiosk.settings import load_settings  # noqa: PLC0415 - likewise

            with complain():
                return open_card_keys(load_settings(self.config_dir, self.branch, self.station))
        except KeyStoreError as err:
            raise click.ClickException(str(err)) from err

    def any_keys(self) -> CardKeys:
        """Use the keys that were named; without any, those of this computer if it has some."""
        if self.name or self.branch:
            return self.masters()
        try:
            return read_sealed_keys(OWN)
        except KeyStoreError:
            return NoKeys()


def _takes_keys(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its options about keys, as one `keys`."""

    @functools.wraps(command)
    def with_choice(
        *words: Any, keys_name: str | None, config_dir: Path, branch: str | None, station: str | None, **options: Any
    ) -> None:
        command(*words, keys=KeyChoice(keys_name, config_dir, branch, station), **options)

    where = "Where the keys are: a file sealed by `kiosk card keys seal`, or only its owner's."
    for option in (
        click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch."),
        click.option("--branch", envvar="KIOSK_BRANCH", help="Take the store of this branch's settings."),
        config_option,
        click.option("--keys", "keys_name", metavar="NAME", help=where),
    ):
        with_choice = option(with_choice)
    return with_choice


_json = click.option("--json", "as_json", is_flag=True, help="One JSON value per line.")
_within = click.option(
    "--within", type=click.FloatRange(min=0.1), default=WAIT, show_default=True, help="Seconds to wait for a card."
)


@click.group()
def card() -> None:
    """Write and explain cards that prove themselves; make and seal the keys they do it with.

    Cards are read on any card reader PC/SC knows. See docs/cards.md.
    """


@card.group()
def keys() -> None:
    """Make the keys of a network, once, and seal to each computer those it needs."""


@keys.command("new")
@click.option("--system", default="LITTERA1", show_default=True, help="Part of every card's keys: 5 to 20 letters.")
def new_command(system: str) -> None:
    """Print the keys of a new network. Keep them where the network keeps its gold: who has them, has every card."""
    try:
        content = new_key_file(system)
        parse_key_file(content.encode(), "the new keys")
    except KeyStoreError as err:
        raise click.ClickException(str(err)) from err
    click.echo(content, nl=False)


@keys.command("seal")
@click.argument("source", type=click.File("rb"))
@click.argument("target", type=click.Path(path_type=Path), default=SEALED_FILES / "card-keys.cred")
@click.option(
    "--for", "place", type=click.Choice(list(PLACES)), default="station", show_default=True, help="Which keys it needs."
)
@click.option(
    "--with", "to", default="auto", show_default=True, help="host, tpm2, host+tpm2 or auto: to what it is sealed."
)
def seal_command(source: Any, target: Path, place: str, to: str) -> None:
    """Seal the keys in SOURCE (`-`: standard input) to this computer, as TARGET.

    A station gets `read` and `privacy`; a desk that writes cards gets all; `sun` gets those for SUN messages only.
    """
    content = source.read()
    try:
        parse_key_file(content, source.name)
        kept = part_of(content.decode(), PLACES[place])
        parse_key_file(kept.encode(), f"{source.name}, for a {place}")
        seal(kept.encode(), target, to)
    except KeyStoreError as err:
        raise click.ClickException(str(err)) from err
    click.echo(f"{target}: sealed to this computer ({to}), for a {place}")


@card.command("issue")
@click.option("--number", metavar="NNN", help="The card number. Without it: one number per line of standard input.")
@click.option("--address", default="", metavar="URL", help="Have NTAG 424 DNA give SUN messages that lead here.")
@click.option("--random-uid", is_flag=True, help="Have NTAG 424 DNA show another UID at every tap. Cannot be undone.")
@_takes_keys
@_within
@_json
def issue_command(
    number: str | None, address: str, within: float, *, keys: KeyChoice, random_uid: bool, as_json: bool
) -> None:
    """Write a card: its keys, its number, then let it prove itself as it will at a station.

    A blank NTAG 424 DNA, DESFire EV2 or EV3; one of ours is written anew; one that was torn away is finished. Needs
    the keys of a desk. What was written is printed with its UID, for the library's system.
    """
    masters = keys.masters()
    numbers = iter([number]) if number else (line.strip() for line in sys.stdin if line.strip())
    with _desk() as desk:
        for one in numbers:
            order = Order(CardNumber(one), address, random_uid)
            _say(f"lay a card for {one} on the card reader", as_json)
            identity = _with_next_card(desk, within, functools.partial(_issue, order, masters))
            _tell_issued(identity, as_json)
            if number is None:
                _say("written; take it away", as_json)
                desk.await_empty(within)


def _issue(order: Order, masters: MasterKeys, _atr: bytes) -> Saying[CardIdentity]:
    return issue(order, masters)


@card.command("inspect")
@_takes_keys
@_within
@click.option("--number", "show_number", is_flag=True, help="Show the whole card number; else only its end.")
@_json
def inspect_command(within: float, *, keys: KeyChoice, show_number: bool, as_json: bool) -> None:
    """Say in plain words what the card on the card reader is, and whom a station takes it for. Changes nothing.

    Without keys it says what can be said without. Ends with 1 when the card is refused.
    """
    from drivers.key_stores.aes import SoftwareCipher  # noqa: PLC0415 - only when it is asked for
    from kiosk.ecard.inspecting import inspect  # noqa: PLC0415 - likewise

    logging.getLogger("kiosk.ecard").setLevel(logging.ERROR)  # what could not be asked is said below, in plain words
    ring = KeyRing(keys.any_keys(), SoftwareCipher)
    with _desk() as desk:
        _say("lay the card on the card reader", as_json)
        found = _with_next_card(desk, within, lambda atr: inspect(atr, ring))
    facts = explain(found, with_keys=not isinstance(ring.keys, NoKeys), whole_number=show_number)
    if as_json:
        click.echo(json.dumps(dict(facts), ensure_ascii=False))
    else:
        width = max(len(name) for name, _ in facts)
        click.echo("\n".join(f"{name:<{width}}  {says}" for name, says in facts))
    if found.refused:
        raise click.exceptions.Exit(1)


@card.command("sun")
@click.argument("address")
@_takes_keys
@_json
def sun_command(address: str, *, keys: KeyChoice, as_json: bool) -> None:
    """Check the SUN message in ADDRESS, as a telephone read it from a card. Ends with 1 when it is not one of ours."""
    try:
        facts = keys.masters().check_sun(address)
    except (NotProven, KeysUnavailable) as err:
        raise click.ClickException(str(err)) from err
    uid = "" if facts.uid is None else facts.uid.hex().upper()
    if as_json:
        click.echo(json.dumps({"uid": uid, "counter": facts.counter}))
    else:
        click.echo(f"sealed by the card with UID {uid}, at its tap {facts.counter}; it counts only once")


@contextmanager
def _desk() -> Iterator[Any]:
    """Open the card readers; turn what a person can mend into one message."""
    from drivers.card_readers.card_desk import CardDesk  # noqa: PLC0415 - brings PC/SC along
    from drivers.card_readers.pcsc_calls import PcscError, connected_to_service  # noqa: PLC0415 - likewise

    try:
        with connected_to_service() as context:
            yield CardDesk(context)
    except PcscError as err:
        raise click.ClickException(f"{err}; is pcscd running, and may this account use it?") from err
    except (DeviceLost, CardError, KeysUnavailable, ValueError) as err:
        raise click.ClickException(str(err)) from err


def _with_next_card(desk: Any, within: float, talk: Callable[[bytes], Any]) -> Any:
    slot = desk.await_card(within)
    if slot is None:
        raise click.ClickException(f"no card came within {within:g} s")
    return desk.hold(slot, talk)


def _tell_issued(identity: CardIdentity, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"number": identity.number, "uid": identity.uid}))
    else:
        click.echo(f"number {identity.number}  uid {identity.uid}  proved itself")


def _say(words: str, as_json: bool) -> None:
    if not as_json:
        click.echo(words, err=True)
