"""What a tag says, in the words of the trade, and the one error of every codec here.

Knows no byte layout: those are in `iso28560_3`, `iso28560_2` and `rfid501`. Knows no rule of lending either.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class BadTag(Exception):
    """A tag that cannot be made sense of, or values no tag of that model can hold.

    The only error any codec raises, whatever bytes or values it is given. The message says what was wrong,
    where, and what to do.
    """


class TagModel(StrEnum):
    ISO_28560_3 = "iso28560-3"
    ISO_28560_2 = "iso28560-2"
    RFID_501 = "3m501"
    BLANK = "blank"  # nothing written yet
    FOREIGN = "foreign"  # something of another trade


class Usage(StrEnum):
    """What the tagged thing is for. Source: ISO 28560-1, type of usage, the main qualifier."""

    ACQUISITION = "acquisition"
    CIRCULATING = "circulating"
    NOT_FOR_LOAN = "not_for_loan"
    LOCAL = "local"
    NONE = "none"  # the tag says that it does not say, or has no place for it
    DISCARDED = "discarded"
    PATRON = "patron"
    EQUIPMENT = "equipment"
    UNKNOWN = "unknown"  # a code the standard keeps for later, or no code at all


_USAGE_OF_CODE = {
    0: Usage.ACQUISITION,
    1: Usage.CIRCULATING,
    2: Usage.NOT_FOR_LOAN,
    3: Usage.LOCAL,
    4: Usage.LOCAL,
    6: Usage.NONE,
    7: Usage.DISCARDED,
    8: Usage.PATRON,
    9: Usage.EQUIPMENT,
}


def usage_of(code: int) -> Usage:
    """Say which usage the main qualifier *code* stands for; codes without a meaning are UNKNOWN."""
    return _USAGE_OF_CODE.get(code, Usage.UNKNOWN)


def code_of(usage: Usage) -> int:
    """Say the main qualifier to write for *usage*. Raises: BadTag - UNKNOWN has none."""
    for code, meaning in _USAGE_OF_CODE.items():
        if meaning is usage:
            return code
    raise BadTag(f"usage {usage.value!r} cannot be written; say what the item is for")


@dataclass(frozen=True, slots=True)
class TagData:
    """What one tag says.

    `owner` is the ISIL, `UA-ZT0001`; empty where the tag names none. `parts` and `part` tell a set of tags
    that make one item; part 0 is the only tag of a set. `crc_ok` is None where the model has no checksum; it
    is False when a checksum that covers the item id is wrong: then nothing here may be trusted. `extras`
    holds the further elements by name in tag order, and under `fault` what was found wrong without hiding the
    rest. `cut_short`: the bytes ended before the tag's own data did; reading the whole tag will say more.
    """

    model: TagModel
    item_id: str = ""
    owner: str = ""
    parts: int = 1
    part: int = 1
    usage: Usage = Usage.NONE
    crc_ok: bool | None = None
    reversed_blocks: bool = False
    extras: tuple[tuple[str, str], ...] = ()
    cut_short: bool = False

    def element(self, name: str) -> str:
        """Say the first further element of that name, empty when the tag has none."""
        return next((text for key, text in self.extras if key == name), "")


def same_owner(one: str, other: str) -> bool:
    """Compare two ISILs as people write them: `UA-ZT0001`, `ua zt0001` and `UAZT0001` are one library."""
    return _bare(one) == _bare(other)


def _bare(isil: str) -> str:
    return re.sub(r"[\s-]", "", isil).casefold()


_WIDEST_BLOCK = 32
_ISIL = re.compile(r"(?P<prefix>[A-Za-z]{1,4})-(?P<rest>[A-Za-z0-9][A-Za-z0-9/:-]{0,10})")


def split_owner(owner: str) -> tuple[str, str]:
    """Split an ISIL into its prefix and the rest: `UA-0001` and `UA0001` into `UA` and `0001`.

    Without a hyphen the prefix is a country: two letters. A country is written in capitals.
    Source: ISO 15511, section 4. Raises: BadTag - not an ISIL.
    """
    written = owner if "-" in owner else f"{owner[:2]}-{owner[2:]}"
    if (match := _ISIL.fullmatch(written)) is None:
        raise BadTag(
            f"owner {owner!r} is not an ISIL; write a country or agency of up to 4 letters, a hyphen and "
            "up to 11 of A-Z a-z 0-9 / : - like UA-ZT0001",
        )
    prefix, rest = match["prefix"], match["rest"]
    return (prefix.upper() if len(prefix) == 2 else prefix), rest


def canonical_owner(owner: str) -> str:
    """Write an ISIL with its hyphen; no owner stays no owner. Raises: BadTag - not an ISIL."""
    return "-".join(split_owner(owner)) if owner else ""


def check_block_size(block_size: int) -> None:
    """Raises: BadTag - no tag has such blocks. Source: ISO/IEC 15693-3, memory organisation: up to 256 bits."""
    if not 1 <= block_size <= _WIDEST_BLOCK:
        raise BadTag(f"block size {block_size}: a tag has blocks of 1 to {_WIDEST_BLOCK} bytes, mostly 4")


def tidy(text: str) -> str:
    """Cut *text* at the first NUL and drop blanks around it: what writers leave in fixed fields."""
    return text.partition("\0")[0].strip()


def text_of(raw: bytes) -> str:
    """Read a text field: UTF-8, which every standard here asks for, or else Latin-1, which loses nothing.

    Older tags hold other 8-bit alphabets. Latin-1 keeps such ids apart, a replacement character would not.
    """
    field = raw.partition(b"\0")[0]
    try:
        return tidy(field.decode())
    except UnicodeDecodeError:
        return tidy(field.decode("latin-1"))
