"""Title records for people to look at: one whole, a shelf of them, a cover. Finding them by words is the search's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, select, true

from kiosk.central.centre import Centre
from kiosk.central.tables import covers, items, titles
from kiosk.circulation.model import ItemStatus, TitleId

_ADULT = 16


@dataclass(frozen=True, slots=True)
class Listed:
    """A title as it stands on a shelf of the page. `cover` is the number of its picture, "" for none."""

    id: TitleId
    name: str
    author: str
    year: int | None
    language: str
    cover: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the catalogue says of one title."""

    id: TitleId
    name: str
    author: str
    authors: tuple[str, ...]
    responsibility: str
    year: int | None
    language: str
    age_from: int
    publisher: str
    place: str
    series: str
    subjects: tuple[str, ...]
    isbns: tuple[str, ...]
    issn: str
    material: str
    extent: str
    annotation: str
    local_history: bool
    contemporary_ukrainian: bool
    cover: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Cover:
    media_type: str
    picture: bytes


class Shelf(StrEnum):
    """Shelves of the front page: the network's catalogue is divided so."""

    NEW = "new"
    LOCAL_HISTORY = "local-history"
    CONTEMPORARY_UKRAINIAN = "contemporary-ukrainian"
    CHILDREN = "children"


def record_of(centre: Centre, title: TitleId) -> Record | None:
    wanted = select(titles).where(titles.c.network == centre.network, titles.c.id == title)
    row = centre.look(lambda work: work.execute(wanted).one_or_none())
    return None if row is None else _record(row)


def cover_of(centre: Centre, cover: str) -> Cover | None:
    wanted = select(covers).where(covers.c.network == centre.network, covers.c.id == cover)
    row = centre.look(lambda work: work.execute(wanted).one_or_none())
    return None if row is None else Cover(row.media_type, bytes(row.picture))


def newest_on(centre: Centre, shelf: Shelf, most: int, children_at: Collection[str] = ()) -> tuple[Listed, ...]:
    """Pick the newest titles of a shelf of which we have a copy to lend. *children_at* are the children's branches."""
    lent = and_(
        items.c.network == titles.c.network, items.c.title == titles.c.id, items.c.status == ItemStatus.AVAILABLE.value
    )
    if shelf is Shelf.CHILDREN:
        lent = and_(lent, items.c.branch.in_(children_at))
    kept = titles.c.id, titles.c.name, titles.c.author, titles.c.year, titles.c.language, titles.c.cover
    wanted: Select[Any] = select(*kept).where(titles.c.network == centre.network, _belongs(shelf), exists().where(lent))
    wanted = wanted.order_by(titles.c.added_at.desc(), titles.c.id.desc()).limit(most)
    return centre.look(lambda work: tuple(_listed(row) for row in work.execute(wanted)))


def _belongs(shelf: Shelf) -> ColumnElement[bool]:
    match shelf:
        case Shelf.LOCAL_HISTORY:
            return titles.c.local_history.is_(True)
        case Shelf.CONTEMPORARY_UKRAINIAN:
            return titles.c.contemporary_ukrainian.is_(True)
        case Shelf.CHILDREN:
            return titles.c.age_from < _ADULT
        case Shelf.NEW:
            return true()


def _listed(row: Row[Any]) -> Listed:
    return Listed(TitleId(row.id), row.name, row.author, row.year, row.language, row.cover)


def _record(row: Row[Any]) -> Record:
    said = {key: value for key, value in row._asdict().items() if key in Record.__slots__}
    return Record(**{**said, **{key: tuple(said[key]) for key in ("authors", "subjects", "isbns")}})
