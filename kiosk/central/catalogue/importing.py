"""Takes records in: a batch a transaction, idempotent, so an import that was broken off is simply begun again.

What is the same as before is left alone, and stations hear only of what changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from kiosk.central.catalogue.files import Read
from kiosk.central.catalogue.index import index_titles
from kiosk.central.catalogue.mapping import Mapping
from kiosk.central.catalogue.record import CopyRecord, Rejected, TitleRecord
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import items, titles
from kiosk.wire.messages import Kind

BATCH = 500


@dataclass(slots=True)
class Imported:
    """What came of an import so far."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    copies: int = 0
    bytes_read: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def take_titles(centre: Centre, read: Iterable[Read], mapping: Mapping, source: str) -> Iterator[Imported]:
    """Take records in; tells how far it came after every batch. Raises: CentreUnavailable."""
    done, remaining = Imported(), iter(read)
    while batch := list(islice(remaining, BATCH)):
        found: dict[str, TitleRecord] = {}
        for record, bytes_read in batch:
            done.read, done.bytes_read = done.read + 1, bytes_read
            if isinstance(record, Rejected):
                done.rejected.append(record)
            elif record.id in found:
                done.rejected.append(_twice(done.read, record))
            else:
                found[record.id] = record
        titles_ = list(found.values())
        counted = centre.carry_out(lambda work, t=titles_: _Intake(work, centre, mapping, source).take(t))  # type: ignore[misc]
        done.new, done.changed, done.unchanged, done.copies = (
            before + now
            for before, now in zip((done.new, done.changed, done.unchanged, done.copies), counted, strict=True)
        )
        yield done
    if done.read == 0:
        yield done


def _twice(number: int, record: TitleRecord) -> Rejected:
    why = f"the number {record.id} was there before in this file: «{record.name[:60]}»"
    return Rejected(number, 0, record.id, why, "give the two records numbers of their own")


class _Intake:
    """One batch, in one transaction."""

    def __init__(self, work: Connection, centre: Centre, mapping: Mapping, source: str) -> None:
        self._work, self._network, self._now = work, centre.network, centre.now()
        self._mapping, self._source = mapping, source

    def take(self, records: Sequence[TitleRecord]) -> tuple[int, int, int, int]:
        """Say how many titles were new, changed, unchanged, and how many copies were written."""
        rows = {record.id: self._title(record) for record in records}
        known = self._known(titles, list(rows))
        new = [row for name, row in rows.items() if name not in known]
        changed = [row for name, row in rows.items() if name in known and self._differs(row, known[name])]
        self._write(titles, new, changed, kept=("added_at",))
        written = [row["id"] for row in (*new, *changed)]
        index_titles(self._work, self._network, written)
        copies = self._copies([(copy, record.id) for record in records for copy in record.copies])
        touch(self._work, self._network, Kind.TITLE, written)
        touch(self._work, self._network, Kind.ITEM, copies)
        return len(new), len(changed), len(rows) - len(new) - len(changed), len(copies)

    def _known(self, table: Table, ids: list[str]) -> dict[str, Any]:
        wanted = select(table).where(table.c.network == self._network, table.c.id.in_(ids))
        return {row["id"]: row for row in self._work.execute(wanted).mappings()}

    @staticmethod
    def _differs(row: dict[str, Any], known: Any) -> bool:
        return any(known[name] != value for name, value in row.items() if name not in ("network", "added_at", "source"))

    def _write(
        self, table: Table, new: list[dict[str, Any]], changed: list[dict[str, Any]], kept: tuple[str, ...]
    ) -> None:
        if new:
            self._work.execute(insert(table), new)
        for row in changed:
            values = {name: value for name, value in row.items() if name not in ("network", "id", *kept)}
            ours = (table.c.network == self._network) & (table.c.id == row["id"])
            self._work.execute(update(table).where(ours).values(values))

    def _title(self, record: TitleRecord) -> dict[str, Any]:
        return {
            "network": self._network,
            "id": record.id,
            "name": record.name,
            "author": record.author,
            "year": record.year,
            "language": record.language,
            "age_from": record.age_from,
            "authors": list(record.authors),
            "responsibility": record.responsibility,
            "publisher": record.publisher,
            "place": record.place,
            "series": record.series,
            "subjects": list(record.subjects),
            "isbns": list(record.isbns),
            "issn": record.issn,
            "material": record.material,
            "extent": record.extent,
            "annotation": record.annotation,
            "local_history": self._mapping.is_local_history(record),
            "contemporary_ukrainian": self._mapping.is_contemporary_ukrainian(record),
            "source": self._source,
            "added_at": self._now,
        }

    def _copies(self, found: list[tuple[CopyRecord, str]]) -> list[str]:
        """Write copies that are new or described otherwise; where a copy is, and who has it, no file says."""
        rows = {copy.barcode: self._copy(copy, title, self._now) for copy, title in found}
        known = self._known(items, list(rows))
        own = ("title", "type", "branch", "shelf")
        new = [row for name, row in rows.items() if name not in known]
        changed = [row for name, row in rows.items() if name in known and any(known[name][c] != row[c] for c in own)]
        self._write(items, new, changed, kept=("status", "location", "added_at", "parts"))
        return [row["id"] for row in (*new, *changed)]

    def _copy(self, copy: CopyRecord, title: str, now: datetime) -> dict[str, Any]:
        mapping = self._mapping
        branch = mapping.branches.get(copy.branch, copy.branch) or mapping.defaults.branch
        return {
            "network": self._network,
            "id": copy.barcode,
            "title": title,
            "type": mapping.types.get(copy.type, copy.type) or mapping.defaults.type,
            "branch": branch,
            "status": "available",
            "shelf": copy.shelf,
            "parts": 1,
            "location": branch,
            "added_at": now,
        }
