"""`kiosk config`: check the settings, see where a value comes from, describe the files. Changes nothing."""

import json
from pathlib import Path

import click

from kiosk.cli.options import config_option
from kiosk.settings import (
    Settings,
    SettingsError,
    branch_schema,
    branches_in,
    key_reference,
    load_with_origins,
    network_schema,
    stations_of,
)
from kiosk.settings.files import Merged, leaves


@click.group("config")
def config() -> None:
    """Check the settings, and see where every value comes from."""


@config.command("check")
@config_option
@click.option("--branch", "branches", multiple=True, metavar="ID", help="Only this branch; may be repeated.")
def check(config_dir: Path, branches: tuple[str, ...]) -> None:
    """Check every branch and station. Ends with 1 when any cannot be used, and says everything that is wrong."""
    ids = branches or branches_in(config_dir)
    if not ids:
        click.echo(f"no branch files in {config_dir / 'branches'}; name the folder with --config", err=True)
        raise SystemExit(1)
    verdicts = [_check_branch(config_dir, branch) for branch in ids]
    if not all(verdicts):
        raise SystemExit(1)


def _check_branch(config_dir: Path, branch: str) -> bool:
    """Check one branch with each of its stations; a mistake they share is said once."""
    try:
        stations = stations_of(config_dir, branch) or (None,)
    except SettingsError as err:
        return _objected(branch, {str(problem): None for problem in err.problems})
    complaints: dict[str, None] = {}
    for station in stations:
        try:
            load_with_origins(config_dir, branch, station)
        except SettingsError as err:
            complaints.update((str(problem), None) for problem in err.problems)
    if complaints:
        return _objected(branch, complaints)
    named = [name for name in stations if name is not None]
    click.echo(f"{branch}: ok" + (f" ({', '.join(named)})" if named else ""))
    return True


def _objected(branch: str, complaints: dict[str, None]) -> bool:
    click.echo(f"{branch}: cannot be used")
    for complaint in complaints:
        click.echo(f"  {complaint}")
    return False


@config.command("show")
@config_option
@click.option("--branch", required=True, metavar="ID", help="The branch to show.")
@click.option("--station", metavar="NAME", help="The station; needed where the branch has several.")
@click.option("--with", "overrides", type=click.Path(path_type=Path), help="A file on top, such as demo.toml.")
def show(config_dir: Path, branch: str, station: str | None, overrides: Path | None) -> None:
    """Print every setting of a station, and the file each comes from."""
    try:
        settings, merged = load_with_origins(config_dir, branch, station, overrides)
    except SettingsError as err:
        raise click.ClickException(str(err)) from err
    click.echo("\n".join(_shown(settings, merged)))


def _shown(settings: Settings, merged: Merged) -> list[str]:
    """Write a line per value: key, value as in the file, and its place; `default` where no file says it."""
    lines = []
    for path, value in leaves(settings.model_dump(mode="json")):
        written = "not set" if value is None else json.dumps(value, ensure_ascii=False)
        lines.append(f"{'.'.join(path)} = {written}  # {merged.origins.get(path, 'default')}")
    return lines


@config.command("schema")
@click.option("--kind", type=click.Choice(["network", "branch"]), required=True, help="Which file.")
def schema(kind: str) -> None:
    """Print the JSON Schema of a file, for an editor that completes keys."""
    described = network_schema() if kind == "network" else branch_schema()
    click.echo(json.dumps(described, ensure_ascii=False, indent=2))


@config.command("reference")
def reference() -> None:
    """Print the table of every key, as it stands in the manual."""
    click.echo(key_reference(), nl=False)
