import json
from pathlib import Path

import pytest

from drivers.tag_pads.tag_file import TagFileError, load_tags

NOVEL = "E00401003123AA26"


def load(tmp_path: Path, told: object):
    path = tmp_path / "tags.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return load_tags(path)


@pytest.mark.parametrize("uid", [NOVEL, "0xE00401003123AA26", "e0 04 01 00 31 23 aa 26", "E0:04:01:00:31:23:AA:26"])
@pytest.mark.parametrize("wrap", [lambda uid: [uid], lambda uid: {"tags": [{"uid": uid}]}], ids=["list", "table"])
def test_a_uid_may_be_written_in_any_dress(tmp_path: Path, uid: str, wrap):
    entries = load(tmp_path, wrap(uid))

    assert [(entry.tag.uid, entry.laid) for entry in entries] == [(NOVEL, True)]


@pytest.mark.parametrize(
    "data", ["11 01 01 31", "0x11010131", [0x11, 1, 1, 0x31], ["11010131"], ["11", "01", "01", "31"]]
)
def test_memory_may_be_written_in_any_dress(tmp_path: Path, data: object):
    entries = load(tmp_path, [{"uid": NOVEL, "data": data}])

    assert entries[0].tag.memory == b"\x11\x01\x01\x31".ljust(112, b"\0")


@pytest.mark.parametrize(
    ("model", "owner", "begins", "dsfid"),
    [("iso28560-3", "UA-12", "11010131", 0x3E), ("iso28560-2", "UA-12", "", 0x06), ("3m501", "", "04", 0x00)],
)
def test_an_item_is_laid_out_as_its_model_says(tmp_path: Path, model: str, owner: str, begins: str, dsfid: int):
    entries = load(tmp_path, [{"uid": NOVEL, "itemId": "11223344", "owner": owner, "model": model}])

    assert entries[0].tag.memory.hex().startswith(begins)
    assert entries[0].tag.dsfid == dsfid


def test_everything_a_tag_may_say_in_toml(tmp_path: Path):
    path = tmp_path / "tags.toml"
    path.write_text(
        'tags = [{uid = "E00401003123AA26", data = "", afi = "C2", dsfid = 6, eas = true, block_size = 8, blocks = 16,'
        ' ic_ref = "0x02", locked = ["afi", 3], laid = false}]',
        encoding="utf-8",
    )

    (entry,) = load_tags(path)

    tag = entry.tag
    assert (tag.afi, tag.dsfid, tag.eas, tag.block_size, tag.blocks, tag.ic_ref) == (0xC2, 6, True, 8, 16, 2)
    assert (tag.afi_locked, tag.locked_blocks, entry.laid) == (True, {3}, False)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("{", "neither JSON"),
        pytest.param("[" * 100_000, "nests brackets deeper", id="brackets-without-end"),
        ({"books": []}, "expected a list"),
        (["E004"], r"tag 1 \(E004\): 'E004' is no UID"),
        ([{"data": ""}], "`uid`: missing"),
        ([NOVEL, {"uid": NOVEL}], "twice"),
        ([{"uid": NOVEL, "colour": 1}], "`colour`: unknown; a tag has uid, data"),
        ([{"uid": NOVEL, "data": "xyz"}], "`data`: 'xyz': expected two hex digits for each byte"),
        ([{"uid": NOVEL, "data": "110"}], "`data`: '110': expected two hex digits for each byte"),
        ([{"uid": NOVEL, "afi": "gate"}], "`afi`: 'gate' is no byte: expected 0 to 255, or hex"),
        ([{"uid": NOVEL, "data": "00" * 8, "blocks": 1}], "8 bytes do not fit 1 blocks"),
        ([{"uid": NOVEL, "data": 5}], "`data`: 5: expected hex"),
        ([{"uid": NOVEL, "afi": 256}], "`afi`: 256 is no byte"),
        ([{"uid": NOVEL, "owner": "UA-12"}], "`owner`: goes with `item_id`"),
        ([{"uid": NOVEL, "item_id": "1", "data": "00"}], "not both"),
        ([{"uid": NOVEL, "item_id": "1", "model": "vhs"}], "`model`: 'vhs': expected one of iso28560-3"),
        ([{"uid": NOVEL, "item_id": "1" * 999}], r"tag 1 \(E00401003123AA26\): "),
        ([{"uid": NOVEL, "block_size": 5}], "`block_size`: 5"),
        ([{"uid": NOVEL, "blocks": 0}], "`blocks`: 0"),
        ([{"uid": NOVEL, "laid": "maybe"}], "`laid`: 'maybe': expected true or false"),
        ([{"uid": NOVEL, "locked": "cover"}], "`locked`: 'cover': expected afi"),
        ([7], "expected a table"),
    ],
)
def test_a_mistake_is_named_with_file_tag_and_key(tmp_path: Path, told: object, words: str):
    with pytest.raises(TagFileError, match=words) as caught:
        load(tmp_path, told)

    assert "tags.json" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(TagFileError, match=r"nowhere.json: cannot be read"):
        load_tags(tmp_path / "nowhere.json")
