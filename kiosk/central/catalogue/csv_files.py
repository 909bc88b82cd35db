"""Lists of patrons and copies as CSV, with a mapping of columns: checked row by row, taken in by the batch.

A PIN becomes a verifier at once and is kept nowhere else; it stands in no report.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.central.catalogue.importing import BATCH, Imported
from kiosk.central.catalogue.mapping import Columns, Mapping
from kiosk.central.catalogue.record import Rejected
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.policies import Policies
from kiosk.central.tables import cards, items, patrons, pins, titles
from kiosk.circulation.contents import read_contents
from kiosk.library.local import pin_verifier
from kiosk.wire.messages import Kind

Row = dict[str, str]
_KNOWN = {
    "patrons": (
        "card", "id", "uid", "given_name", "family_name", "category", "branch", "born", "expires", "pin", "email",
        "phone", "guardian", "language",
    ),
    "copies": ("barcode", "title", "branch", "shelf", "type", "status", "parts", "contents"),
}  # fmt: skip
_MUST = {"patrons": ("card", "family_name"), "copies": ("barcode", "title")}
_STATUSES = ("available", "not-for-loan", "withdrawn", "lost", "in-transit")


class Unusable(Exception):
    """A row nothing is made of; the message says why, the other what to do."""

    def __init__(self, why: str, do: str) -> None:
        super().__init__(why)
        self.do = do


def take_csv(
    centre: Centre, policies: Policies, file: Path, kind: str, mapping: Mapping, encoding: str
) -> Iterator[Imported]:
    """Take a list in; tells how far it came after every batch. Raises: OSError; CentreUnavailable."""
    text = _text(file.read_bytes(), encoding)
    columns = mapping.patrons if kind == "patrons" else mapping.copies
    reading = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    named = _columns(reading.fieldnames or (), kind, columns)
    done = Imported(bytes_read=file.stat().st_size)
    missing = [name for name in _MUST[kind] if name not in named]
    if missing:
        why = f"there is no column for {', '.join(missing)}; there are: {', '.join(reading.fieldnames or ())}"
        done.rejected.append(Rejected(1, 0, "", why, f"name the columns in [{kind}.columns] of the mapping file"))
        yield done
        return
    taking = _Taking(centre, policies, mapping, columns)
    make = taking.patron if kind == "patrons" else taking.copy
    numbered = enumerate(reading, start=2)
    while batch := list(islice(numbered, BATCH)):
        rows = []
        of_titles = {(raw.get(named["title"]) or "").strip() for _, raw in batch} if kind == "copies" else set()
        there = taking.known_titles(of_titles)
        for line, raw in batch:
            done.read += 1
            try:
                row = make({name: (raw.get(column) or "").strip() for name, column in named.items()})
                rows.append(_of_known_title(row, there) if kind == "copies" else row)
            except Unusable as error:
                name = (raw.get(named[_MUST[kind][0]]) or "").strip()
                done.rejected.append(Rejected(line, 0, name, str(error), error.do))
        write = taking.write_patrons if kind == "patrons" else taking.write_copies
        written = centre.carry_out(lambda work, r=rows, w=write: w(work, r))  # type: ignore[misc]
        done.changed += written
        done.copies += written if kind == "copies" else 0
        yield done
    if done.read == 0:
        yield done


def _of_known_title(row: dict[str, Any], there: set[str]) -> dict[str, Any]:
    if row["title"] not in there:
        raise Unusable(f"there is no title {row['title']!r}", "import the titles first, or mend the number")
    return row


def _text(content: bytes, encoding: str) -> str:
    if encoding in ("auto", "utf-8", "marc-8"):
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            if encoding == "utf-8":
                return content.decode("utf-8-sig", "replace")
    return content.decode("cp1251", "replace")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(";,\t", key=head.count)


def _columns(there: Any, kind: str, mapping: Columns) -> dict[str, str]:
    """Say which column each field stands in: as the mapping says, else by the field's own name."""
    named = {}
    for name in _KNOWN[kind]:
        column = mapping.columns.get(name, name)
        if column in there:
            named[name] = column
    return named


class _Taking:
    """Checks rows and writes them."""

    def __init__(self, centre: Centre, policies: Policies, mapping: Mapping, columns: Columns) -> None:
        self._centre, self._network = centre, centre.network
        self._policies, self._mapping, self._columns = policies, mapping, columns
        self._categories = {name for one in policies.branches.values() for name in one.policy.categories}

    def patron(self, row: Row) -> dict[str, Any]:
        if not row["card"]:
            raise Unusable("it has no card number", "give the patron a card, or leave the row out")
        category = self._mapping.categories.get(row.get("category", ""), row.get("category", ""))
        category = category or self._mapping.defaults.category
        if category not in self._categories:
            there = ", ".join(sorted(self._categories))
            raise Unusable(
                f"there is no patron category {category!r}", f"use one of: {there}; or map it in [categories]"
            )
        return {
            "id": row.get("id") or row["card"],
            "card": row["card"],
            "uid": row.get("uid", "").replace(":", "").replace(" ", "").upper() or None,
            "given_name": row.get("given_name", ""),
            "family_name": row["family_name"],
            "category": category,
            "branch": self._branch(row),
            "born": self._day(row, "born"),
            "expires": self._day(row, "expires"),
            "guardian": row.get("guardian") or None,
            "language": row.get("language") or None,
            "email": row.get("email", ""),
            "phone": row.get("phone", ""),
            "verifier": pin_verifier(row["pin"], self._policies.pin.pepper) if row.get("pin") else None,
        }

    def copy(self, row: Row) -> dict[str, Any]:
        if not row["barcode"]:
            raise Unusable("it has no barcode", "give the copy a barcode")
        status = row.get("status") or "available"
        if status not in _STATUSES:
            raise Unusable(f"there is no status {status!r}", f"use one of: {', '.join(_STATUSES)}")
        parts = row.get("parts") or "1"
        if not parts.isdecimal() or not 1 <= int(parts) <= 99:
            raise Unusable(f"{parts!r} is no number of parts", "write how many tags make the copy whole: 1")
        branch = self._branch(row)
        kind = row.get("type", "")
        return {
            "id": row["barcode"],
            "title": row["title"],
            "type": self._mapping.types.get(kind, kind) or self._mapping.defaults.type,
            "branch": branch,
            "status": status,
            "shelf": row.get("shelf", ""),
            "parts": int(parts),
            "contents": _contents(row, int(parts)),
            "location": branch,
        }

    def _branch(self, row: Row) -> str:
        said = row.get("branch", "")
        branch = self._mapping.branches.get(said, said) or self._mapping.defaults.branch
        if self._policies.of(branch) is None:
            there = ", ".join(sorted(self._policies.branches))
            raise Unusable(f"there is no branch {branch!r}", f"use one of: {there}; or map it in [branches]")
        return branch

    def _day(self, row: Row, name: str) -> date | None:
        said = row.get(name, "")
        if not said:
            return None
        for pattern in (self._columns.dates, "%Y-%m-%d"):
            try:
                return datetime.strptime(said, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        raise Unusable(f"{said!r} is no day", f"write days as {self._columns.dates} or 2026-12-31")

    def write_patrons(self, work: Connection, rows: list[dict[str, Any]]) -> int:
        now = self._centre.now()
        people = [{k: v for k, v in row.items() if k not in ("uid", "verifier")} for row in rows]
        new = {"card_status": "active", "fees": Decimal(0), "added_at": now}
        self._upsert(work, patrons, [{**row, **new} for row in people], kept=tuple(new))
        ids = [row["id"] for row in rows]
        work.execute(delete(cards).where(cards.c.network == self._network, cards.c.patron.in_(ids)))
        shown = [self._card(row) for row in rows]
        if shown:
            work.execute(insert(cards), shown)
        proofs = [{"patron": r["id"], "verifier": r["verifier"], "failures": 0} for r in rows if r["verifier"]]
        self._upsert(work, pins, proofs, kept=(), key="patron")
        touch(work, self._network, Kind.PATRON, ids)
        return len(rows)

    def _card(self, row: dict[str, Any]) -> dict[str, Any]:
        number = row["card"]
        card = {"id": number, "number": number, "uid": row["uid"], "patron": row["id"], "status": "active"}
        return {"network": self._network, **card}

    def known_titles(self, wanted: set[str]) -> set[str]:
        """Say which of these titles there are."""
        known = select(titles.c.id).where(titles.c.network == self._network, titles.c.id.in_(wanted))
        return self._centre.look(lambda work: set(work.execute(known).scalars()))

    def write_copies(self, work: Connection, rows: list[dict[str, Any]]) -> int:
        now = self._centre.now()
        self._upsert(work, items, [{**row, "added_at": now} for row in rows], kept=("status", "location", "added_at"))
        touch(work, self._network, Kind.ITEM, [row["id"] for row in rows])
        return len(rows)

    def _upsert(
        self, work: Connection, table: Table, rows: list[dict[str, Any]], kept: tuple[str, ...], key: str = "id"
    ) -> None:
        if not rows:
            return
        statement = (postgresql if work.dialect.name == "postgresql" else sqlite).insert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in (key, *kept)}
        upsert = statement.on_conflict_do_update(index_elements=["network", key], set_=changed)
        last = {row[key]: {"network": self._network, **row} for row in rows}
        work.execute(upsert, list(last.values()))


def _contents(row: Row, parts: int) -> list[list[str]]:
    try:
        return [[part.name, part.kind.value] for part in read_contents(row.get("contents", ""), parts)]
    except ValueError as error:
        raise Unusable(str(error), "write for example `disc: Диск 1; book: Буклет`") from error
