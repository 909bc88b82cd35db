"""`kiosk central mail`: sends receipts by e-mail; shows and moves those that could not be sent."""

from pathlib import Path

import click

from kiosk.cli.central.options import complain, config_option, database_option


@click.command()
@config_option
@database_option
@click.option("--once", is_flag=True, help="Send what is due, and end.")
@click.option(
    "--list", "listed", is_flag=True, help="Show the mails that wait for a person, and how many are in which state."
)
@click.option("--again", metavar="ID", help="Send a mail once more that waits for a person; `all` for every one.")
@click.option("--give-up", metavar="ID", help="Throw one of those away.")
def mail(
    config_dir: Path, database: str | None, again: str | None, give_up: str | None, *, once: bool, listed: bool
) -> None:
    """Hand receipts to the mail server until told to stop. As many copies as wanted may run against one database."""
    from kiosk.bootstrap.postman import postman, walk  # noqa: PLC0415 - the whole house, only when it is run
    from kiosk.central.mail import queue  # noqa: PLC0415 - likewise
    from kiosk.central.mail.postman import carry_out  # noqa: PLC0415 - likewise

    with complain(), postman(config_dir, database) as (round_, told):
        centre = round_.centre
        if listed:
            for one in centre.look(lambda work: queue.dead_letters(work, centre.network)):
                click.echo(f"{one.id}  {one.branch}  {one.since:%Y-%m-%d %H:%M}  {one.tries} tries  {one.trouble}")
            for state, count in sorted(centre.look(lambda work: queue.counts(work, centre.network)).items()):
                click.echo(f"{state}: {count}")
        elif again is not None:
            dead = centre.look(lambda work: queue.dead_letters(work, centre.network))
            wanted = [one.id for one in dead] if again == "all" else [again]
            click.echo(f"to be sent again: {sum(queue.again(centre, one) for one in wanted)}")
        elif give_up is not None:
            click.echo("thrown away" if queue.give_up(centre, give_up) else "no such mail waits for a person")
        elif not told.host:
            raise click.ClickException("central.toml names no mail server: write one into mail.host")
        elif once:
            click.echo(f"sent: {carry_out(round_)}")
        else:
            walk(round_, told.every_s)
