"""What is written on a tag is what is read from it, in every model that has a place for it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.tags.compaction import compact, expand
from kiosk.tags.detect import decode, reverse_blocks
from kiosk.tags.encode import encode
from kiosk.tags.isil import compact_isil, expand_isil
from kiosk.tags.model import BadTag, TagModel, Usage
from tests.tags import strategies as some

DSFIDS = {TagModel.ISO_28560_3: 0x3E, TagModel.ISO_28560_2: 0x06}
iso_models = st.sampled_from([TagModel.ISO_28560_3, TagModel.ISO_28560_2])
parts = st.integers(1, 255).flatmap(lambda whole: st.tuples(st.just(whole), st.integers(0, whole)))
version_nibbles = st.sampled_from(["high", "low"])


@given(iso_models, some.item_ids, some.owners, parts, some.usages, some.texts, some.texts, version_nibbles)
def test_an_iso_28560_tag_says_what_was_written_on_it(
    model, item_id, owner, parts, usage, title, shelf, nibble
) -> None:
    octets = encode(model, item_id, owner, *parts, usage, title=title, shelf=shelf, version_nibble=nibble)

    told = decode(octets, DSFIDS[model])

    assert (told.model, told.item_id, told.owner) == (model, item_id, owner)
    assert ((told.parts, told.part), told.usage) == (parts, usage)
    assert (told.element("title"), told.element("shelf"), told.element("fault")) == (title, shelf, "")
    assert told.crc_ok is (True if model is TagModel.ISO_28560_3 else None)


@given(some.item_ids, some.owners, parts, some.usages, some.texts, version_nibbles)
def test_an_iso_28560_3_tag_is_known_by_its_shape(item_id, owner, parts, usage, title, nibble) -> None:
    octets = encode(TagModel.ISO_28560_3, item_id, owner, *parts, usage, title=title, version_nibble=nibble)

    told = decode(octets)

    assert (told.model, told.item_id, told.owner, told.usage) == (TagModel.ISO_28560_3, item_id, owner, usage)


@given(some.item_ids, some.owners, some.usages, some.texts)
def test_an_iso_28560_2_tag_is_known_by_its_shape(item_id, owner, usage, title) -> None:
    octets = encode(TagModel.ISO_28560_2, item_id, owner, usage=usage, title=title)

    told = decode(octets)

    assert (told.model, told.item_id, told.owner, told.usage) == (TagModel.ISO_28560_2, item_id, owner, usage)


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=16),
    st.integers(1, 15).flatmap(lambda whole: st.tuples(st.just(whole), st.integers(0, whole))),
    st.sampled_from(["other", "book", "cd", "book+tape"]),
)
def test_a_3m_tag_says_what_was_written_on_it(item_id, set_of, media) -> None:
    whole, part = set_of
    octets = encode(TagModel.RFID_501, item_id, parts=whole, part=part, media=media)

    told = decode(octets)

    assert (told.model, told.item_id, told.parts, told.part) == (TagModel.RFID_501, item_id, whole, part)
    assert told.element("media") == media


@given(st.from_regex(r"\A[A-Z0-9]{1,16}\Z"), some.short_owners, st.sampled_from([32, 40, 112]), st.sampled_from([4, 8]))
def test_a_tag_written_with_its_blocks_backwards_is_read_all_the_same(item_id, owner, size, block_size) -> None:
    octets = encode(TagModel.ISO_28560_3, item_id, owner, size=size)

    told = decode(reverse_blocks(octets, block_size), 0x3E)

    assert (told.item_id, told.owner, told.crc_ok, told.reversed_blocks) == (item_id, owner, True, True)


@given(iso_models, some.item_ids, some.owners, some.texts, st.integers(21, 160))
def test_a_tag_of_any_size_holds_all_or_is_refused(model, item_id, owner, title, size) -> None:
    try:
        octets = encode(model, item_id, owner, title=title, size=size)
    except BadTag:
        assert any(encode(model, item_id, owner, title=title)[size:])
        return

    told = decode(octets, DSFIDS[model])

    assert len(octets) == size
    assert (told.item_id, told.owner, told.element("title")) == (item_id, owner, title)


@given(some.item_ids, some.owners, some.texts, st.sampled_from([4, 8]))
def test_the_lockable_elements_lie_on_block_borders(item_id, owner, shelf, block_size) -> None:
    assume(owner)
    octets = encode(TagModel.ISO_28560_2, item_id, owner, shelf=shelf, block_size=block_size)
    owner_at = octets.rindex(compact_isil(owner))

    alone = encode(TagModel.ISO_28560_2, item_id, usage=Usage.NONE, block_size=block_size)
    precursors = [octets[at] for at in range(len(alone), owner_at, block_size)]

    assert len(octets) % block_size == 0
    assert octets.startswith(alone)
    assert precursors[-1] & 0x7F == 0x03


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=40))
def test_every_text_comes_back_from_its_shortest_compaction(text: str) -> None:
    assert expand(*compact(text)) == text


@given(st.text(st.sampled_from("ABZabz019-:/"), max_size=16))
def test_every_isil_comes_back_from_its_compaction(isil: str) -> None:
    assert expand_isil(compact_isil(isil)) == isil


@pytest.mark.parametrize("usage", [usage for usage in Usage if usage is not Usage.UNKNOWN])
@pytest.mark.parametrize("nibble", ["high", "low"])
def test_every_usage_survives_either_place_of_the_version(usage: Usage, nibble) -> None:
    octets = encode(TagModel.ISO_28560_3, "0012345678", "UA-0001", usage=usage, version_nibble=nibble, size=32)

    assert decode(octets).usage is usage
