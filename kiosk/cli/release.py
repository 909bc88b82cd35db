"""`kiosk release`: versions of the program as signed packages: made, looked at, put to work on a station."""

import tempfile
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path

import click

from kiosk.cli.options import config_option
from kiosk.releases.package import KEY

HOME = Path("/opt/littera")
key_option = click.option(
    "--key", "key_file", type=click.Path(path_type=Path, dir_okay=False), default=KEY, show_default=True,
    help="The public key of whoever releases versions for this station.",
)  # fmt: skip

home_option = click.option(
    "--home", type=click.Path(path_type=Path), default=HOME, show_default=True, help="The link to the program."
)


@click.group()
def release() -> None:
    """Make versions into signed packages, and put them to work on stations."""


@release.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make a pair of keys: FILE, which signs and never leaves you, and FILE.pub, which goes to every station."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - only when it is asked for
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    from kiosk.sync.key import new_key  # noqa: PLC0415 - likewise
    from kiosk.sync.whole_files import write_whole  # noqa: PLC0415 - likewise

    public = file.with_name(f"{file.name}.pub")
    if file.exists() or public.exists():
        raise click.ClickException(f"{file} is there already, and stations may trust it: choose another name")
    made = new_key()
    try:
        write_whole(file, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
        write_whole(public, made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(public)


@release.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path, exists=True), help="The signing key.")
@click.option("--notes", default="", help="What is new, in a few sentences; technicians read it before they agree.")
@click.option(
    "--project", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), help="The checkout."
)
def make(file: Path, key_file: Path, notes: str, project: Path) -> None:
    """Make what is committed into a package, with all libraries it needs: for stations without a network, too."""
    from kiosk.releases.making import CannotMake  # noqa: PLC0415 - likewise
    from kiosk.releases.making import make as make_package  # noqa: PLC0415 - likewise
    from kiosk.releases.package import ReleaseRefused, private_key  # noqa: PLC0415 - likewise

    try:
        facts = make_package(project, _version_of(project), notes, private_key(key_file), file)
    except (CannotMake, ReleaseRefused, OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {facts.version} for Python {facts.python} on {facts.machine}, {facts.tree_bytes >> 20} MB")


@release.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("build"))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, exists=True),
    help="The signing key: stations that "
    "install the package take later versions signed with it. Without: they trust nobody's versions yet.",
)
@click.option("--notes", default="", help="What is new, in a few sentences.")
@click.option(
    "--project", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), help="The checkout."
)
def deb(folder: Path, key_file: Path | None, notes: str, project: Path) -> None:
    """Make what is committed into a Debian package in FOLDER: program, libraries, and all a computer needs around."""
    from kiosk.releases.debian import make_debian  # noqa: PLC0415 - likewise
    from kiosk.releases.making import CannotMake  # noqa: PLC0415 - likewise
    from kiosk.releases.making import make as make_package  # noqa: PLC0415 - likewise
    from kiosk.releases.package import ReleaseRefused, open_package, private_key  # noqa: PLC0415 - likewise
    from kiosk.settings import SettingsError, branches_in, stations_of  # noqa: PLC0415 - likewise
    from kiosk.sync.key import new_key  # noqa: PLC0415 - likewise

    try:
        signing = private_key(key_file) if key_file else new_key()
        config = project / "config"
        stations = [
            f"{branch}/{station}" if station else branch
            for branch in branches_in(config)
            for station in (stations_of(config, branch) or ("",))
        ]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as space:
            file = Path(space) / "version.littera"
            make_package(project, _version_of(project), notes, signing, file)
            package = open_package(file, signing.public_key())
            made = make_debian(package, signing.public_key(), stations, folder, trust=key_file is not None)
    except (CannotMake, ReleaseRefused, SettingsError, OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(made)


def _version_of(project: Path) -> str:
    """Read the version of a checkout. Raises: OSError, KeyError, ValueError."""
    return str(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@release.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@key_option
def check(file: Path, key_file: Path) -> None:
    """Say who made a package, what it is, and whether it can be put to work here."""
    from kiosk.releases.package import ReleaseRefused, fits, open_package, public_key  # noqa: PLC0415 - likewise

    try:
        package = open_package(file, public_key(key_file))
        click.echo(f"{package.facts.version}, made {package.facts.made}: signed and whole")
        click.echo(package.facts.notes)
        fits(package, installed_version("littera-kiosk"), file.resolve().parent)
    except ReleaseRefused as refused:
        raise click.ClickException(str(refused)) from refused


@release.command("lay-out")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@key_option
@home_option
def lay_out(file: Path, key_file: Path, home: Path) -> None:
    """Lay a package out and turn the link to it, as root, where no station is at work: at the centre, for example."""
    from kiosk.releases.installing import Installer, InstallFailed  # noqa: PLC0415 - likewise
    from kiosk.releases.package import ReleaseRefused, fits, open_package, public_key  # noqa: PLC0415 - likewise
    from kiosk.releases.systemd import Unit  # noqa: PLC0415 - likewise

    try:
        package = open_package(file, public_key(key_file))
        fits(package, installed_version("littera-kiosk"), home.parent)
        Installer(home, Path("no-ledger"), Unit("littera-station")).replace(package)
    except (ReleaseRefused, InstallFailed, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{package.facts.version} is laid out; start anew what ran from {home}")


@release.command()
@config_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@key_option
@home_option
@click.option("--unit", default="littera-station", show_default=True, help="The station's unit of systemd.")
@click.option("--branch", required=True, envvar="KIOSK_BRANCH", help="The branch the station stands in.")
@click.option("--station", envvar="KIOSK_STATION", help="Which station of the branch, where it has several.")
def install(
    config_dir: Path, file: Path, key_file: Path, home: Path, unit: str, branch: str, station: str | None
) -> None:
    """Put a package to work, as root. A version that does not come up is taken back; how it went the console says."""
    from kiosk.releases.counter import Counter, Outcome  # noqa: PLC0415 - likewise
    from kiosk.releases.installing import Installer, InstallFailed  # noqa: PLC0415 - likewise
    from kiosk.releases.package import ReleaseRefused  # noqa: PLC0415 - likewise
    from kiosk.releases.systemd import Unit  # noqa: PLC0415 - likewise
    from kiosk.settings import SettingsError, load_settings  # noqa: PLC0415 - likewise

    try:
        ledger = Path(load_settings(config_dir, branch, station).store.path)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    counter = Counter(ledger.parent / "update", key_file, installed_version("littera-kiosk"))
    version, words = "", ""
    try:
        with counter.own_copy(file) as package:
            version = package.facts.version
            Installer(home, ledger, Unit(unit)).install(package)
    except (ReleaseRefused, InstallFailed, OSError) as error:
        words = str(error)
    counter.note(Outcome(datetime.now(UTC), version, not words, words))
    if words:
        raise click.ClickException(words)
    click.echo(f"{version} is at work")
