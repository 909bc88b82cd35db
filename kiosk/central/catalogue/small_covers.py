"""Covers as stations show them: small, one format, a few kilobytes; made once while they are asked for."""

import io
from functools import lru_cache

from PIL import Image
from sqlalchemy import select

from kiosk.central.centre import Centre
from kiosk.central.tables import covers

WIDE, HIGH = 240, 360
MOST_BYTES = 15_000
_QUALITIES = (75, 60, 45, 30, 15)


def small_cover(centre: Centre, name: str) -> bytes | None:
    """Make the small picture of the cover *name*; None for one that is not there, or damaged.

    Raises: CentreUnavailable.
    """
    wanted = select(covers.c.picture).where(covers.c.network == centre.network, covers.c.id == name)
    picture = centre.look(lambda work: work.execute(wanted).scalar())
    return None if picture is None else _small(bytes(picture))


@lru_cache(maxsize=256)
def _small(picture: bytes) -> bytes | None:
    try:
        with Image.open(io.BytesIO(picture)) as whole:
            drawn = whole.convert("RGB")
            drawn.thumbnail((WIDE, HIGH))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    for quality in _QUALITIES:
        small = io.BytesIO()
        drawn.save(small, "WEBP", quality=quality, method=4)
        if small.tell() <= MOST_BYTES:
            return small.getvalue()
    return None
