"""The file a simulated pad takes its tags from: JSON or TOML, liberal in what it accepts, exact in what it refuses.

    {"tags": [{"uid": "E00401003123AA26", "item_id": "11223344", "owner": "UA-ZHY", "afi": "07"},
              {"uid": "E0040100017C0C38", "data": "11 01 01 31 31 ...", "laid": false},
              "E00401000C0FFEE0"]}

A plain list of such entries will do as well. What each key means is in `docs/devices/feig.md`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from drivers.tag_pads.simulated_tags import DANISH_MODEL, IN_LIBRARY, SimulatedTag, normal_uid
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagModel

_OTHER_NAMES: Final = MappingProxyType(
    {"memory": "data", "barcode": "item_id", "isil": "owner", "count": "blocks", "present": "laid", "lock": "locked"}
)
_DSFID: Final = MappingProxyType(
    {TagModel.ISO_28560_3: DANISH_MODEL, TagModel.ISO_28560_2: 0x06, TagModel.RFID_501: 0x00}
)
_KEYS: Final = (
    "uid", "data", "item_id", "owner", "model", "parts", "part", "title", "dsfid", "afi", "eas", "block_size", "blocks",
    "ic_ref", "locked", "laid",
)  # fmt: skip
_CODED = {"owner", "model", "parts", "part", "title"}
_LONGEST_TAG = 256


class TagFileError(Exception):
    """The file cannot be used; the message names file, tag and key."""


@dataclass(frozen=True, slots=True)
class TagEntry:
    """One tag of the file, and whether it lies on the pad from the start."""

    tag: SimulatedTag
    laid: bool = True


class _WrongKeyError(ValueError):
    def __init__(self, key: str, trouble: str) -> None:
        super().__init__(f"`{key}`: {trouble}")


def load_tags(path: Path) -> list[TagEntry]:
    """Read the tags of a file. Raises: TagFileError."""
    entries = []
    for number, told in enumerate(_listed(path), start=1):
        try:
            entries.append(_entry(told))
        except (ValueError, BadTag) as err:
            uid = told.get("uid", "no uid") if isinstance(told, dict) else told
            raise TagFileError(f"{path}: tag {number} ({uid}): {err}") from err
    uids = [entry.tag.uid for entry in entries]
    if twice := next((uid for uid in uids if uids.count(uid) > 1), None):
        raise TagFileError(f"{path}: tag {twice} is in the file twice; every UID is one tag")
    return entries


def _listed(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        told = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except OSError as err:
        raise TagFileError(f"{path}: cannot be read: {err.strerror}") from err
    except ValueError as err:
        raise TagFileError(f"{path}: is neither JSON nor, named .toml, TOML: {err}") from err
    except RecursionError as err:
        raise TagFileError(f"{path}: nests brackets deeper than any tag goes") from err
    listed = told.get("tags") if isinstance(told, dict) else told
    if not isinstance(listed, list):
        raise TagFileError(f'{path}: expected a list of tags, or {{"tags": [...]}}')
    return listed


def _entry(told: object) -> TagEntry:
    if isinstance(told, str):
        return TagEntry(SimulatedTag.of(told))
    if not isinstance(told, dict):
        raise ValueError("expected a table of keys such as `uid` and `item_id`, or a UID alone")  # noqa: TRY004 - the file's fault
    keys = {_key(name): value for name, value in told.items()}
    if unknown := keys.keys() - set(_KEYS):
        raise _WrongKeyError(min(unknown), f"unknown; a tag has {', '.join(_KEYS)}")
    if "uid" not in keys:
        raise _WrongKeyError("uid", "missing: 16 hex digits such as E00401003123AA26")
    return TagEntry(_tag(keys), _read(keys, "laid", _switch, default=True))


def _key(name: str) -> str:
    snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower().replace("-", "_")
    return _OTHER_NAMES.get(snake, snake)


def _tag(keys: Mapping[str, Any]) -> SimulatedTag:
    size = _read(keys, "block_size", _number, default=4)
    if size not in {4, 8}:
        raise _WrongKeyError("block_size", f"{size}: tags have blocks of 4 or 8 bytes")
    blocks = _read(keys, "blocks", _number, default=None)
    if blocks is not None and not 1 <= blocks <= _LONGEST_TAG:
        raise _WrongKeyError("blocks", f"{blocks}: a tag has 1 to {_LONGEST_TAG} blocks")
    memory, model = _memory(keys, size)
    tag = SimulatedTag.of(_read(keys, "uid", normal_uid, default=""), memory, blocks=blocks, block_size=size)
    tag.dsfid = _read(keys, "dsfid", _byte, default=_DSFID[model])
    tag.afi = _read(keys, "afi", _byte, default=IN_LIBRARY)
    tag.eas = _read(keys, "eas", _switch, default=False)
    tag.ic_ref = _read(keys, "ic_ref", _byte, default=0x01)
    _read(keys, "locked", lambda told: _lock(tag, told), default=None)
    return tag


def _memory(keys: Mapping[str, Any], block_size: int) -> tuple[bytes, TagModel]:
    """Return what the tag holds, as bytes given or as an item laid out in a data model."""
    model = _read(keys, "model", _model, default=TagModel.ISO_28560_3)
    if "item_id" not in keys:
        if lonely := _CODED & keys.keys():
            raise _WrongKeyError(min(lonely), "goes with `item_id`; there is none")
        return _read(keys, "data", _hex, default=b""), model
    if "data" in keys:
        raise _WrongKeyError("data", "give either `data` or `item_id`, not both")
    return (
        encode(
            model,
            str(keys["item_id"]),
            str(keys.get("owner", "")),
            _read(keys, "parts", _number, default=1),
            _read(keys, "part", _number, default=1),
            title=str(keys.get("title", "")),
            block_size=block_size,
        ),
        model,
    )


def _read(keys: Mapping[str, Any], key: str, understand: Callable[[Any], Any], *, default: Any) -> Any:
    if keys.get(key) is None:
        return default
    try:
        return understand(keys[key])
    except (ValueError, TypeError, AttributeError) as err:
        raise _WrongKeyError(key, str(err)) from err


def _hex(told: object) -> bytes:
    """Hex in any dress: `0x11 01`, `11:01`, blocks as a list of strings, bytes as a list of numbers."""
    if isinstance(told, list):
        return b"".join(bytes([part]) if isinstance(part, int) else _hex(part) for part in told)
    if not isinstance(told, str):
        raise ValueError(f"{told!r}: expected hex such as '11 01 01 31'")  # noqa: TRY004 - the file's fault
    digits = re.sub(r"0[xX]|[\s:,_-]", "", told)
    if re.fullmatch(r"([0-9A-Fa-f]{2})*", digits) is None:
        raise ValueError(f"{told[:40]!r}: expected two hex digits for each byte, such as '11 01 01 31'")
    return bytes.fromhex(digits)


def _byte(told: object) -> int:
    """Return a byte: a number as it is, text as hex: 62, "3E" and "0x3E" are the same."""
    try:
        value = int(told, 16) if isinstance(told, str) else _number(told)
    except ValueError:
        value = -1
    if not 0 <= value <= 0xFF:
        raise ValueError(f"{told!r} is no byte: expected 0 to 255, or hex such as '3E'")
    return value


def _number(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, (int, str)):
        raise ValueError(f"{told!r}: expected a whole number")  # noqa: TRY004 - the file's fault
    return int(told)


def _switch(told: object) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if (known := words.get(str(told).lower())) is None:
        raise ValueError(f"{told!r}: expected true or false")
    return known


def _model(told: object) -> TagModel:
    try:
        return TagModel(str(told).lower())
    except ValueError as err:
        raise ValueError(f"{told!r}: expected one of {', '.join(model.value for model in _DSFID)}") from err


def _lock(tag: SimulatedTag, told: object) -> None:
    """Lock what is named: "afi", "eas", "dsfid", a block number or "block 3", or a list; true is the AFI."""
    for each in told if isinstance(told, list) else [told]:
        if each is not False:
            tag.lock("afi" if each is True else str(each).lower())
