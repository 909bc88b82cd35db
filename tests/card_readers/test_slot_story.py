"""What is told of a slot, against every story a hand and a card can make."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.card_readers.slot_story import SlotStory
from kiosk.devices import CardChange, CardFailed, CardFault, CardIdentity, CardInserted, CardTaken

OLENA = CardIdentity("number", "04A1B2C3D4E5F6", "L0001")
TARAS = CardIdentity("number", "04665544332211", "L0002")
SETTLE = 1.5

found = st.sampled_from([OLENA, TARAS, CardFault.TORN, CardFault.UNREADABLE])
visits = st.lists(st.tuples(found, st.floats(0, 3), st.floats(0, 3)), max_size=12)


def tell(visits: list[tuple[CardIdentity | CardFault, float, float]]) -> tuple[list[tuple[float, CardChange]], float]:
    """Play (what lies there, how long, how long the slot is empty then); give what was told, and when it ended."""
    story, now, told = SlotStory("slot", SETTLE), 0.0, []
    for card, lies, empty in visits:
        told += [(now, change) for change in story.came(card)]
        now += lies
        told += [(now, change) for change in story.left(now)]
        back_at = now + empty
        while (wait := story.wait(now)) is not None and now + wait <= back_at:
            now += max(wait, 0) + 1e-9
            told += [(now, change) for change in story.pass_time(now)]
        now = max(now, back_at)
    return told, now


@given(visits)
def test_the_story_alternates_a_card_and_its_leaving(visits: list) -> None:
    told, _ = tell(visits)

    for number, (_, change) in enumerate(told):
        assert isinstance(change, CardTaken) == bool(number % 2)


@given(visits)
def test_every_card_that_could_be_read_is_told_or_is_the_one_on_the_slot(visits: list) -> None:
    told, _ = tell(visits)
    names = [change.card for _, change in told if isinstance(change, CardInserted)]

    read = [card for card, _, _ in visits if isinstance(card, CardIdentity)]
    without_repeats = [card for n, card in enumerate(read) if n == 0 or card != read[n - 1]]
    assert [card for n, card in enumerate(names) if n == 0 or card != names[n - 1]] == without_repeats


@given(visits)
def test_a_slot_long_empty_has_no_card_in_the_story(visits: list) -> None:
    told, _ = tell([*visits, (OLENA, 0.1, SETTLE + 0.1)])

    assert isinstance(told[-1][1], CardTaken)


@given(st.lists(st.floats(0.01, SETTLE - 0.3), max_size=10), st.lists(st.just(CardFault.TORN), max_size=2))
def test_a_trembling_hand_is_one_tap(gaps: list[float], torn: list[CardFault]) -> None:
    lifts = [(OLENA, 0.5, gap) for gap in gaps]
    stumbles = [(fault, 0.0, 0.1) for fault in torn]

    told, ended = tell([(OLENA, 0.5, 0.1), *lifts, *stumbles, (OLENA, 0.5, SETTLE + 1)])

    assert [change for _, change in told] == [CardInserted("slot", OLENA), CardTaken("slot")]
    assert told[1][0] <= ended - 1 + 1e-6


def test_a_lift_is_told_only_when_it_lasted() -> None:
    story = SlotStory("slot", SETTLE)
    story.came(OLENA)

    assert story.left(10.0) == []
    assert story.pass_time(11.4) == []
    assert story.wait(11.0) == 0.5
    assert story.pass_time(11.5) == [CardTaken("slot")]
    assert story.wait(12.0) is None


def test_a_card_that_could_not_be_read_is_taken_at_once_and_may_fail_again() -> None:
    story = SlotStory("slot", SETTLE)

    assert story.came(CardFault.TORN) == [CardFailed("slot", CardFault.TORN)]
    assert story.left(1.0) == [CardTaken("slot")]
    assert story.came(CardFault.TORN) == [CardFailed("slot", CardFault.TORN)]


def test_an_unreadable_card_after_a_good_one_ends_the_good_one() -> None:
    story = SlotStory("slot", SETTLE)
    story.came(OLENA)
    story.left(1.0)

    assert story.came(CardFault.UNREADABLE) == [CardTaken("slot"), CardFailed("slot", CardFault.UNREADABLE)]
