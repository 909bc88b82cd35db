"""What every central table is made of: its key begins with the network, and nothing points out of it."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def network() -> Column[str]:
    """The first column of every key: the distribution key."""
    return Column("network", String, primary_key=True)


def points_to(table: str, column: str, key: str = "id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["network", column], [f"{table}.network", f"{table}.{key}"])


def one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
