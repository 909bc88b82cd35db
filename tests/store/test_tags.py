"""Tags as the ledger knows them: added up, told with everything known, bounded, and never overlooked."""

import json
from datetime import UTC, datetime, timedelta

from kiosk.circulation.model import ItemId
from kiosk.devices import TagUid
from kiosk.library.local.tag_health import note_tags
from kiosk.library.port import TagReading
from kiosk.store import Moment, Store
from kiosk.store.tags import KnownTag, Tags
from kiosk.tags.health import TagCounts

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TAG, OLD, ITEM = TagUid("E004010000000001"), TagUid("E004010000000002"), ItemId("B1")


def note(store: Store, *readings: TagReading, later: timedelta = timedelta()) -> None:
    moment = Moment(NOON + later, later.total_seconds(), trusted=True)
    store.carry_out(lambda work: note_tags(work, readings), moment)


def worn(store: Store) -> tuple[KnownTag, ...]:
    return store.look(lambda work: Tags(work, NOON).worn(), writes=False)


def told(store: Store) -> list[dict[str, object]]:
    with store.reading(Moment(NOON, 0.0, trusted=True)) as work:
        return [json.loads(entry.payload)["readings"] for entry in work.journal.entries()]


def test_readings_are_added_up_and_trouble_is_told_with_all_that_is_known(store: Store) -> None:
    note(store, TagReading(TAG, ITEM, TagCounts(reads=7)))
    note(store, TagReading(TAG, ITEM, TagCounts(reads=1, retries=2)))

    counted = {"reads": 8, "retries": 2, "weak": 0, "unread": 0, "gate_retries": 0, "gate_failed": 0}
    assert told(store) == [[{"tag": TAG, "item": ITEM, **counted}]]


def test_a_tag_that_can_no_longer_be_read_is_told_with_the_copy_it_was_on(store: Store) -> None:
    note(store, TagReading(TAG, ITEM, TagCounts(reads=1)))
    for _ in range(2):
        note(store, TagReading(TAG, None, TagCounts(reads=1, unread=1)))

    assert [(one.tag, one.item) for one in worn(store)] == [(TAG, ITEM)]


def test_a_tag_written_for_another_copy_begins_anew(store: Store) -> None:
    note(store, TagReading(TAG, ITEM, TagCounts(reads=1, unread=5)))
    note(store, TagReading(TAG, ItemId("B2"), TagCounts(reads=1)))

    assert worn(store) == ()


def test_a_copy_that_got_another_tag_carries_the_new_one_only(store: Store) -> None:
    note(store, TagReading(OLD, ITEM, TagCounts(reads=1)))
    note(store, TagReading(TAG, ITEM, TagCounts(reads=1)), later=timedelta(days=3))

    assert store.look(lambda work: Tags(work, NOON).of_item(ITEM), writes=False) == (TAG,)


def test_the_tags_seen_last_are_kept(store: Store) -> None:
    for n in range(5):
        note(store, TagReading(TagUid(f"E0{n}"), ITEM, TagCounts(reads=1)), later=timedelta(minutes=n))

    def tidy(work: object) -> tuple[TagUid, ...]:
        tags = Tags(work, NOON)  # type: ignore[arg-type]  # the store's own connection
        tags.forget(most=2)
        return tags.of_item(ITEM)

    assert store.look(tidy) == (TagUid("E04"), TagUid("E03"))
