"""What stations count of tags, added up at the centre: once, in any order, until somebody saw to it."""

from kiosk.central.centre import Centre
from kiosk.central.tag_health import WornTag, see_to, worn_tags
from kiosk.wire.messages import Verdict
from tests.central.ingest.stand import Teller, furnish


def worn(centre: Centre, branch: str = "") -> list[WornTag]:
    return list(centre.look(lambda work: worn_tags(work, centre.network, branch)))


def reading(tag: str = "E0-1", item: str | None = "i1", **counts: int) -> dict[str, object]:
    none = dict.fromkeys(("reads", "retries", "weak", "unread", "gate_retries", "gate_failed"), 0)
    return {"tag": tag, "item": item, **none, **counts}


def test_a_branch_gets_the_copies_whose_tags_are_worn_the_worst_first(centre: Centre) -> None:
    furnish(centre)
    b = Teller(centre, "b")
    weak, dead = reading("E0-1", "i1", reads=9, retries=5), reading("E0-2", "i2", reads=9, unread=7)
    b.tell("tags-read", 0, readings=[weak, dead, reading("E0-3", "i3", reads=90, retries=5)])

    b.upload()

    assert [(one.item, one.title, one.branch, one.counts.troubles) for one in worn(centre, "a")] == [
        ("i2", "Книга 2", "a", 7),
        ("i1", "Книга 1", "a", 5),
    ]
    assert worn(centre, "b") == []


def test_two_stations_are_added_up_and_a_station_counts_once(centre: Centre) -> None:
    furnish(centre)
    a, b = Teller(centre), Teller(centre, "b")
    a.tell("tags-read", 0, readings=[reading(reads=4, retries=2)])
    a.tell("tags-read", 5, readings=[reading(reads=6, retries=3)])
    b.tell("tags-read", 7, readings=[reading(reads=5, weak=2)])
    a.upload()
    b.upload()
    a.sent = 0
    a.upload()

    (one,) = worn(centre)
    assert (one.counts.reads, one.counts.retries, one.counts.weak) == (11, 3, 2)


def test_what_comes_late_from_an_older_run_changes_nothing(centre: Centre) -> None:
    furnish(centre)
    now, before = Teller(centre, epoch="epoch-2"), Teller(centre, epoch="epoch-1")
    now.tell("tags-read", 60, readings=[reading(reads=9, retries=6)])
    before.tell("tags-read", 0, readings=[reading(reads=8, retries=5)])
    now.upload()
    before.upload()

    assert [one.counts.retries for one in worn(centre)] == [6]


def test_a_tag_nobody_can_read_belongs_to_where_it_was_seen_until_somebody_knows_its_copy(centre: Centre) -> None:
    furnish(centre)
    b, c = Teller(centre, "b"), Teller(centre, "c")
    b.tell("tags-read", 0, readings=[reading(item=None, reads=2, unread=2)])
    b.upload()
    assert [(one.item, one.branch) for one in worn(centre)] == [("", "b")]

    c.tell("tags-read", 5, readings=[reading(item="i1", reads=3, retries=1)])
    c.upload()
    assert [(one.item, one.branch) for one in worn(centre)] == [("i1", "a")]


def test_one_that_was_seen_to_comes_back_with_new_trouble_only(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.tell("tags-read", 0, readings=[reading(reads=9, unread=3)])
    a.upload()

    assert see_to(centre, "E0-1", "olena")
    assert worn(centre) == []
    assert not see_to(centre, "E0-9", "olena")

    a.tell("tags-read", 60, readings=[reading(reads=11, unread=4)])
    a.upload()
    assert worn(centre) == []
    a.tell("tags-read", 90, readings=[reading(reads=13, unread=5)])
    a.upload()
    assert [one.counts.unread for one in worn(centre)] == [2]


def test_nonsense_is_a_fact_all_the_same_and_keeps_nothing(centre: Centre) -> None:
    a = Teller(centre)
    for nonsense in (None, "x", [1, None, {}, {"tag": ""}, {"tag": 5}], [{"tag": "E0", "item": 7, "reads": "many"}]):
        a.tell("tags-read", 0, readings=nonsense)
    a.tell("tags-read", 1, readings=[reading(reads=-5, unread=10**30)])

    received = a.upload()

    assert {verdict for _, verdict in received.verdicts} == {Verdict.NEW}
    assert [(one.counts.reads, one.counts.unread) for one in worn(centre)] == [(0, 1_000_000_000)]


def test_what_another_library_system_decides_on_is_counted_too(centre: Centre) -> None:
    furnish(centre)
    a = Teller(centre)
    a.tell("tags-read", 0, decided_by="koha", readings=[reading(reads=9, unread=3)])

    a.upload()

    assert len(worn(centre)) == 1
