"""Every published dump says what its source says it does, with the DSFID and without."""

from typing import Any

import pytest

from kiosk.tags.compaction import compact, expand
from kiosk.tags.crc import crc16
from kiosk.tags.detect import decode
from kiosk.tags.isil import compact_isil, expand_isil
from kiosk.tags.model import BadTag
from tests.tags.golden_tags import GOLDEN, TAGS

DSFIDS = {"iso28560-3": 0x3E, "iso28560-2": 0x06}
NAMES = [tag["name"] for tag in TAGS]
COMPACTION = [pytest.param(c["mode"], c["text"], bytes.fromhex(c["hex"]), id=c["hex"]) for c in GOLDEN["compaction"]]


@pytest.mark.parametrize("with_dsfid", [True, False], ids=["dsfid", "shape"])
@pytest.mark.parametrize("tag", TAGS, ids=NAMES)
def test_a_published_tag_says_what_its_source_says(tag: dict[str, Any], with_dsfid: bool) -> None:
    dsfid = DSFIDS.get(tag["model"]) if with_dsfid else None

    told = decode(bytes.fromhex(tag["hex"]), dsfid)

    assert told.model == tag["model"]
    assert {name: getattr(told, name) for name in tag["says"]} == tag["says"]
    assert {name: told.element(name) for name in tag["extras"]} == tag["extras"]


@pytest.mark.parametrize("tag", TAGS, ids=NAMES)
def test_a_published_tag_reads_the_same_from_a_larger_memory(tag: dict[str, Any]) -> None:
    octets = bytes.fromhex(tag["hex"])

    told = decode(octets.ljust(112, b"\0"), DSFIDS.get(tag["model"]))

    assert (told.model, told.item_id) == (tag["model"], tag["says"]["item_id"])


@pytest.mark.parametrize("dsfid", [0x06, None])
@pytest.mark.parametrize("tag", GOLDEN["unreadable"], ids=lambda tag: tag["name"])
def test_an_item_id_that_breaks_its_compaction_is_reported_by_place(tag: dict[str, Any], dsfid: int | None) -> None:
    with pytest.raises(BadTag, match=r"item id at byte 0.*half-byte that is no digit"):
        decode(bytes.fromhex(tag["hex"]), dsfid)


@pytest.mark.parametrize(("mode", "text", "octets"), COMPACTION)
def test_a_published_compaction_reads_back(mode: int, text: str, octets: bytes) -> None:
    assert (expand(mode, octets) if mode else expand_isil(octets)) == text


@pytest.mark.parametrize(("mode", "text", "octets"), COMPACTION)
def test_our_own_compaction_is_never_longer_than_a_published_one(mode: int, text: str, octets: bytes) -> None:
    written = compact(text)[1] if mode else compact_isil(text)

    assert len(written) <= len(octets)
    assert written == octets or compact(text)[0] != mode


def test_the_crc_is_that_of_the_reference_string() -> None:
    assert crc16(GOLDEN["crc16"]["text"].encode()) == int(GOLDEN["crc16"]["hex"], 16)
