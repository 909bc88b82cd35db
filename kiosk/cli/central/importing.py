"""`kiosk central import`: take in records of another system."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kiosk.cli.central.options import complain, config_option, database_option

if TYPE_CHECKING:
    from kiosk.central.catalogue.importing import Imported
    from kiosk.central.catalogue.record import Rejected
    from kiosk.central.centre import Centre

FORMATS = ("auto", "marc21", "unimarc", "marcxml", "patrons-csv", "copies-csv")
ENCODINGS = ("auto", "utf-8", "marc-8", "cp1251")


@click.command("import")
@config_option
@database_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default="auto", show_default=True)
@click.option("--encoding", type=click.Choice(ENCODINGS), default="auto", show_default=True)
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Default: marc.toml.")
@click.option("--covers", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Pictures named by ISBN.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected records are listed.")
def import_(  # noqa: PLR0913, PLR0917 - click hands every option over by itself
    config_dir: Path,
    database: str | None,
    file: Path,
    format_: str,
    encoding: str,
    mapping: Path | None,
    covers: Path | None,
    report: Path | None,
) -> None:
    """Take in FILE: MARC 21 or UNIMARC (ISO 2709 or MARCXML), or a CSV of patrons or copies.

    May be broken off and begun again: what is there already is left alone. Every record that is not taken is listed
    with its number, its place in the file, why, and what to do.
    """
    from kiosk.bootstrap.central import opened_centre  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.catalogue.csv_files import take_csv  # noqa: PLC0415 - likewise
    from kiosk.central.catalogue.files import records_in  # noqa: PLC0415 - likewise
    from kiosk.central.catalogue.importing import take_titles  # noqa: PLC0415 - likewise
    from kiosk.central.catalogue.mapping import MappingError, load_mapping  # noqa: PLC0415 - likewise

    with complain(), opened_centre(config_dir, database) as (centre, policies):
        try:
            mapped = load_mapping(mapping or config_dir / "marc.toml")
        except MappingError as error:
            raise click.ClickException(str(error)) from error
        if format_.endswith("-csv"):
            steps = take_csv(centre, policies, file, format_.removesuffix("-csv"), mapped, encoding)
        else:
            steps = take_titles(centre, records_in(file, mapped, encoding, format_), mapped, file.name)
        done = _shown(steps, file)
        if covers is not None:
            _hang(centre, covers, done)
    _say(done)
    if done.rejected:
        listed = report or file.with_name(file.name + ".rejected.csv")
        _list(listed, done.rejected)
        click.echo(f"{len(done.rejected)} records were not taken: see {listed}")


def _hang(centre: "Centre", folder: Path, done: "Imported") -> None:
    """Give titles their pictures; a picture that is none is listed with the records."""
    from kiosk.central.catalogue.covers import Cover, covers_in, keep_cover  # noqa: PLC0415 - likewise

    hung = 0
    for found in covers_in(folder):
        if isinstance(found, Cover):
            hung += keep_cover(centre, found)
        else:
            done.rejected.append(found)
    click.echo(f"{hung} titles got a cover")


def _shown(steps: "Iterable[Imported]", file: Path) -> "Imported":
    """Show a bar while it goes on; the rate is what technicians ask for."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]} records"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    done = None
    with Progress(*columns, transient=True) as progress:
        bar = progress.add_task(file.name, total=max(1, file.stat().st_size), records=0)
        for done in steps:
            progress.update(bar, completed=done.bytes_read, records=done.read)
    assert done is not None, "an import says something, of an empty file too"
    return done


def _say(done: "Imported") -> None:
    click.echo(
        f"{done.read} records: {done.new} new, {done.changed} changed, {done.unchanged} as before; "
        f"{done.copies} copies written"
    )


def _list(path: Path, rejected: "Iterable[Rejected]") -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(("record", "byte", "id", "why", "what to do"))
        rows.writerows((one.number, one.offset, one.id, one.why, one.do) for one in rejected)
