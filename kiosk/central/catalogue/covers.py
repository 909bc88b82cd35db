"""Covers from a folder: pictures named by ISBN or by the title's number, checked, kept once."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, String, cast, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.catalogue.folding import isbn13
from kiosk.central.catalogue.record import Rejected
from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import covers, titles
from kiosk.wire.messages import Kind

LARGEST = 2_000_000
"""Bytes of a picture; a cover on a screen needs a tenth of it."""
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture and the names it may be a title's: its number, its ISBN."""

    name: str
    media_type: str
    content: bytes


def covers_in(folder: Path) -> Iterator[Cover | Rejected]:
    """Go through the pictures of a folder. Raises: OSError."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS)
    for number, path in enumerate(files, start=1):
        content = path.read_bytes()
        media_type = _media_type(content)
        if media_type is None:
            yield Rejected(number, 0, path.name, "it is no picture: not JPEG, PNG or WebP", "save it as one of these")
        elif len(content) > LARGEST:
            yield Rejected(number, 0, path.name, f"it has more than {LARGEST} bytes", "make it smaller: 600 px will do")
        else:
            yield Cover(path.stem, media_type, content)


def _media_type(content: bytes) -> str | None:
    """Tell what a picture is by its first bytes, whatever its name says."""
    found = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    return None if found == "image/webp" and content[8:12] != b"WEBP" else found


def keep_cover(centre: Centre, cover: Cover) -> int:
    """Give a picture to every title it is the cover of; says to how many. Raises: CentreUnavailable."""
    return centre.carry_out(lambda work: _keep(work, centre.network, cover))


def _keep(work: Connection, network: str, cover: Cover) -> int:
    name = sha256(cover.content).hexdigest()
    mine = (titles.c.network == network) & _named(cover.name) & (titles.c.cover != name)
    found = list(work.execute(select(titles.c.id).where(mine)).scalars())
    if not found:
        return 0
    row = {"network": network, "id": name, "media_type": cover.media_type, "picture": cover.content}
    dialect = postgresql if work.dialect.name == "postgresql" else sqlite
    work.execute(dialect.insert(covers).values(row).on_conflict_do_nothing())
    work.execute(update(titles).where(titles.c.network == network, titles.c.id.in_(found)).values(cover=name))
    touch(work, network, Kind.TITLE, found)
    return len(found)


def _named(name: str) -> ColumnElement[bool]:
    number = isbn13(name)
    by_number = titles.c.id == name
    return by_number if number is None else by_number | cast(titles.c.isbns, String).contains(f'"{number}"')
