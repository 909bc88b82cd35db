"""What a centre says, by short names: rows of the feed, pages and snapshots."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.store.replica import Position, SnapshotIntake, take_page
from kiosk.store.replica.centres import meet
from kiosk.store.replica.position import position_of
from kiosk.wire.messages import Kind, Page, SnapshotManifest
from tests.library.desk_stand import NOON, DeskStand

INCARNATION = "first-life"
LATER = NOON + timedelta(hours=1)


def title(name: str, **changes: Any) -> tuple[Kind, str, list[Any]]:
    told = {"id": f"t-{name}", "name": name.capitalize(), "author": "Author", "language": "uk"} | changes
    columns = (
        "id", "name", "author", "year", "language", "age_from", "authors", "series", "subjects", "isbns", "issn",
        "publisher", "material", "local_history", "contemporary_ukrainian", "cover", "added_at",
    )  # fmt: skip
    return Kind.TITLE, told["id"], [told.get(column) for column in columns]


def item(
    name: str, status: str = "available", title: str = "", location: str = "central"
) -> tuple[Kind, str, list[Any]]:
    return Kind.ITEM, name, [name, title or f"t-{name}", "book", "central", status, "", 1, location]


def patron(name: str, **changes: Any) -> tuple[Kind, str, list[Any]]:
    told = {
        "id": f"p-{name}", "card": f"card-{name}", "given_name": name.capitalize(), "family_name": "Bondar",
        "category": "adult", "branch": "central", "card_status": "active", "fees": "0.00", "pin_needed": False,
        "cards": [[f"card-{name}", None, "active"]],
    } | changes  # fmt: skip
    columns = (
        "id", "card", "given_name", "family_name", "category", "branch", "born", "expires", "card_status", "fees",
        "guardian", "language", "pin_needed", "cards", "pin", "merged_into",
    )  # fmt: skip
    return Kind.PATRON, told["id"], [told.get(column) for column in columns]


def loan(key: str, item: str, patron: str, due: str = "2026-03-20") -> tuple[Kind, str, list[Any]]:
    return Kind.LOAN, key, [key, item, f"p-{patron}", "book", "2026-03-01T10:00:00+00:00", due, 0, "music"]


def hold(
    key: str, patron: str, name: str, status: str = "waiting", item: str | None = None
) -> tuple[Kind, str, list[Any]]:
    placed = "2026-03-01T10:00:00.000000Z"
    return Kind.HOLD, key, [key, f"p-{patron}", f"t-{name}", placed, "central", status, item]


def debt(key: str, item: str, tag: str, kind: str = "gate-not-armed") -> tuple[Kind, str, list[Any]]:
    return Kind.DEBT, key, [key, kind, item, tag, {"why": "locked"}, "2026-03-01T10:00:00.000000Z"]


def gone(kind: Kind, key: str) -> tuple[Kind, str, None]:
    return kind, key, None


class Teller:
    """A centre that says what a test wants said to the ledger of *desk*, and remembers what it heard."""

    def __init__(self, desk: DeskStand) -> None:
        self.desk = desk
        self.heard: dict[str, int] = {}
        self.number = 1
        self.arrive()

    def arrive(self, incarnation: str = INCARNATION) -> None:
        """Stand at a place, as after a snapshot of nothing new."""
        meet(self.desk.store, incarnation)
        self.desk.store.look(lambda connection: _stand(connection, Position(incarnation, f"{incarnation}:0:0")))

    def hear_all(self) -> None:
        """Take every event so far into account."""
        for entry in self.desk.journal():
            self.heard[entry.epoch] = max(entry.seq, self.heard.get(entry.epoch, 0))

    def page(self, *changes: Any) -> tuple[Page, Position]:
        place = position_of(self.desk.store)
        cursor = f"{place.incarnation}:0:{self.number}"
        return (
            Page(incarnation=place.incarnation, cursor=cursor, changes=changes, more=False, heard=self.heard),
            place,
        )

    def tell(self, *changes: Any, at: datetime = LATER) -> None:
        page, place = self.page(*changes)
        self.number += 1
        assert take_page(self.desk.store, page, place, at)

    def snapshot(self, name: str = "s1") -> SnapshotIntake:
        incarnation = position_of(self.desk.store).incarnation
        manifest = SnapshotManifest(
            id=name, incarnation=incarnation, cursor=f"{incarnation}:0:900", scope="full", parts=(), counts={},
            heard=self.heard,
        )  # fmt: skip
        return SnapshotIntake(self.desk.store, manifest, lambda: LATER.astimezone(UTC))


def _stand(connection: Any, place: Position) -> None:
    from kiosk.store.replica.position import driver_of, stand_at

    stand_at(driver_of(connection), place)


def ask(desk: DeskStand, question: str, *values: object) -> list[tuple[Any, ...]]:
    """Look at the ledger itself."""
    rows = desk.store.look(lambda connection: connection.exec_driver_sql(question, values).fetchall(), writes=False)
    return [tuple(row) for row in rows]
