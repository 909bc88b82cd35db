"""What the centre tells: more of each title, where copies are, its names for holds, debts other stations found.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = (
    "titles ADD COLUMN authors VARCHAR DEFAULT '[]' NOT NULL",
    "titles ADD COLUMN series VARCHAR DEFAULT '' NOT NULL",
    "titles ADD COLUMN subjects VARCHAR DEFAULT '[]' NOT NULL",
    "titles ADD COLUMN isbns VARCHAR DEFAULT '[]' NOT NULL",
    "titles ADD COLUMN issn VARCHAR DEFAULT '' NOT NULL",
    "titles ADD COLUMN publisher VARCHAR DEFAULT '' NOT NULL",
    "titles ADD COLUMN material VARCHAR DEFAULT 'book' NOT NULL",
    "titles ADD COLUMN local_history BOOLEAN DEFAULT 0 NOT NULL",
    "titles ADD COLUMN contemporary_ukrainian BOOLEAN DEFAULT 0 NOT NULL",
    "titles ADD COLUMN cover VARCHAR DEFAULT '' NOT NULL",
    "titles ADD COLUMN added_at VARCHAR",
    "items ADD COLUMN location VARCHAR",
    "holds ADD COLUMN key VARCHAR",
    "debts ADD COLUMN origin VARCHAR DEFAULT '' NOT NULL",
)

_TABLES = (
    """
    CREATE TABLE snapshot_seen (
        kind VARCHAR NOT NULL,
        key VARCHAR NOT NULL,
        CONSTRAINT pk_snapshot_seen PRIMARY KEY (kind, key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE settings_documents (
        target VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        toml VARCHAR NOT NULL,
        made_at VARCHAR NOT NULL,
        CONSTRAINT pk_settings_documents PRIMARY KEY (target)
    )
    """,
    """
    CREATE TABLE notices (
        id VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        words VARCHAR NOT NULL,
        from_day DATE NOT NULL,
        until_day DATE NOT NULL,
        CONSTRAINT pk_notices PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX ix_holds_key ON holds (key)",
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    for statement in _TABLES:
        op.execute(statement)
