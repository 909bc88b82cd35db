"""What the parts of a set are, as people write it in a list: `disc: Диск 1; disc: Диск 2; book: Буклет`."""

from kiosk.circulation.model import Part, PartKind

_KINDS = {kind.value: kind for kind in PartKind}


def read_contents(said: str, parts: int) -> tuple[Part, ...]:
    """Read one part for each of *parts* tags; nothing said is no contents. Raises: ValueError - what is wrong."""
    found = tuple(_part(one.strip()) for one in said.split(";") if one.strip())
    if found and len(found) != parts:
        raise ValueError(f"{len(found)} parts are named and there are {parts}: name every part, with ; between")
    return found


def _part(said: str) -> Part:
    kind, colon, name = (word.strip() for word in said.partition(":"))
    if not colon:
        return Part(said)
    if kind not in _KINDS:
        raise ValueError(f"there is no kind of part {kind!r}: use one of {', '.join(_KINDS)}")
    return Part(name, _KINDS[kind])
