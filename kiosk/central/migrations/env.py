"""Run by Alembic: upgrades the database behind the connection it is given, in the caller's transaction."""

from alembic import context

from kiosk.central.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
)
context.run_migrations()
