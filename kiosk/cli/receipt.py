"""`kiosk receipt`: look at slips before there is paper, and prove a receipt's code without a network."""

from pathlib import Path

import click

from kiosk.cli.options import config_option

KINDS = ("borrowed", "everything", "child", "parents", "hold", "transfer")


@click.group("receipt")
def receipt() -> None:
    """Look at slips, and prove the code of one."""


@receipt.command("preview")
@config_option
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", metavar="ID", help="Whose slips.")
@click.option(
    "--station", envvar="KIOSK_STATION", metavar="NAME", help="The station; needed where the branch has several."
)
@click.option("--width", type=click.Choice(["58", "80"]), default="80", show_default=True, help="Paper, in mm.")
@click.option("--kind", type=click.Choice(KINDS), default="everything", show_default=True, help="Which slip.")
@click.option("--lang", help="Language; the network's first unless said.")
@click.option("--out", type=click.Path(path_type=Path), help="The PNG file; <branch>-<kind>-<width>.png unless said.")
def preview(
    config_dir: Path, branch: str, station: str | None, width: str, kind: str, lang: str | None, out: Path | None
) -> None:
    """Write a slip as a picture, dot for dot as it is printed."""
    from drivers.printers.slip_picture import write_picture  # noqa: PLC0415 - only when it is asked for
    from kiosk.bootstrap.receipts import template_of  # noqa: PLC0415 - likewise
    from kiosk.receipts.samples import SAMPLES  # noqa: PLC0415 - likewise
    from kiosk.settings import SettingsError, load_settings, stations_of  # noqa: PLC0415 - likewise
    from web_ui.texts import Texts  # noqa: PLC0415 - likewise

    try:
        settings = load_settings(config_dir, branch, station or next(iter(stations_of(config_dir, branch)), None))
    except SettingsError as err:
        raise click.ClickException(str(err)) from err
    languages = settings.network.languages
    if lang is not None and lang not in languages:
        raise click.BadParameter(f"the network speaks {', '.join(languages)}", param_hint="--lang")
    words = Texts.load(only=languages)
    slip = SAMPLES[kind](lang or languages[0], settings.branch.name, words, template_of(settings))
    path = out or Path(f"{branch}-{kind}-{width}.png")
    write_picture(slip, int(width), path)
    click.echo(path)


@receipt.command("verify")
@config_option
@click.argument("token")
@click.option("--branch", metavar="ID", help="The station's branch, whose list of keys is asked.")
@click.option("--station", metavar="NAME", help="The station; needed where the branch has several.")
@click.option("--central", is_flag=True, help="Ask the centre's list instead, where its database is.")
def verify(config_dir: Path, token: str, branch: str | None, station: str | None, *, central: bool) -> None:
    """Say what TOKEN, or the address in a QR code, proves. No network is asked.

    Ends with 0 for a good receipt, 1 for one that proves nothing, 3 when its station was shut out since.
    """
    from kiosk.bootstrap import proving  # noqa: PLC0415 - only when it is asked for
    from kiosk.receipts.token import BadToken, plain_token  # noqa: PLC0415 - likewise

    if central == (branch is not None):
        raise click.UsageError("say --branch ID at a station, or --central at the centre")
    try:
        with proving.prover(config_dir, branch, station) as prove:
            found = prove(plain_token(token))
    except BadToken as bad:
        click.echo(f"{bad.fault}: {bad}", err=True)
        raise SystemExit(1) from bad
    except proving.CannotProve as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo("\n".join(proving.in_words(found)))
    if found.proven.revoked:
        raise SystemExit(3)
