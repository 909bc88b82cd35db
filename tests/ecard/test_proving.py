"""Cards issued, read and attacked, in conversation without a card reader."""

from collections.abc import Callable

import pytest

from drivers.card_readers.card_answers import CardAnswers
from drivers.card_readers.chips import blank_desfire, blank_ntag424
from drivers.card_readers.proving_card import ProvingCard
from kiosk.devices import CardIdentity
from kiosk.ecard.apdu import CardError, CardUnusable
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import CardKeys, KeyRole, NoKeys
from kiosk.ecard.schemes import identify_by_proof
from tests.ecard.talking import Card, count_commands, master_keys, ring, talk

ATR = bytes.fromhex("3B8180018080")
UID = "04958CAA5C5E80"
ORDER = Order("L0001", "https://library.example/c")
OURS = master_keys()
CHIPS = pytest.mark.parametrize(
    "blank",
    [blank_ntag424, blank_desfire, lambda uid: blank_desfire(uid, "DESFire EV2")],
    ids=["NTAG 424", "EV3", "EV2"],
)
Blank = Callable[[str], ProvingCard]
PROVEN = CardIdentity("proven", UID, "L0001", proven=True)


def issued(blank: Blank, order: Order = ORDER, uid: str = UID) -> ProvingCard:
    card = blank(uid)
    talk(issue(order, OURS), card)
    card.reset()
    return card


def read(card: Card, keys: CardKeys = OURS) -> CardIdentity:
    return talk(identify_by_proof(ATR, ring(keys)), card)


class Swap:
    """One card, and another in its place from a certain command on."""

    def __init__(self, first: ProvingCard, second: ProvingCard, at: int) -> None:
        self.first, self.second, self.left = first, second, at

    def answer(self, raw: bytes) -> bytes:
        self.left -= 1
        return (self.first if self.left >= 0 else self.second).answer(raw)


class Tape:
    """What a card once answered, again."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers

    def answer(self, _raw: bytes) -> bytes:
        return self.answers.pop(0)


@CHIPS
def test_a_card_issued_at_the_desk_proves_itself_at_a_station(blank: Blank) -> None:
    assert read(issued(blank)) == PROVEN


@CHIPS
def test_a_station_needs_the_read_key_only(blank: Blank) -> None:
    assert read(issued(blank), master_keys(roles=(KeyRole.READ,))) == PROVEN


@CHIPS
def test_a_card_torn_away_at_any_command_of_its_issue_is_issued_at_the_next_try(blank: Blank) -> None:
    for torn_at in range(count_commands(issue(ORDER, OURS), blank(UID))):
        card, left = blank(UID), torn_at
        conversation = issue(ORDER, OURS)
        command = next(conversation)
        for _ in range(left):
            command = conversation.send(card.answer(command))
        card.answer(command)  # the card has done it, and nobody hears so
        card.reset()

        assert talk(issue(ORDER, OURS), card) == PROVEN


@CHIPS
def test_a_card_can_be_given_another_number(blank: Blank) -> None:
    card = issued(blank)

    talk(issue(Order("L0002"), OURS), card)

    card.reset()
    assert read(card).number == "L0002"


@CHIPS
def test_a_card_of_another_network_is_neither_written_nor_believed(blank: Blank) -> None:
    card = blank(UID)
    talk(issue(ORDER, master_keys(0x50)), card)

    with pytest.raises(NotProven):
        read(card)
    with pytest.raises(NotProven, match="neither the factory's nor ours"):
        talk(issue(ORDER, OURS), card)


def test_a_card_that_hides_its_uid_is_known_all_the_same() -> None:
    card = issued(blank_ntag424, Order("L0001", random_uid=True))

    assert card.answer(bytes.fromhex("FFCA000000"))[0] == 0x08
    assert read(card) == PROVEN
    assert talk(issue(Order("L0002"), OURS), card).number == "L0002"


def test_a_copied_uid_without_the_key_is_refused() -> None:
    clone = blank_ntag424(UID)

    with pytest.raises(NotProven):
        read(clone)


def test_a_key_copied_onto_a_card_with_another_uid_is_refused() -> None:
    genuine, forged = issued(blank_ntag424), issued(blank_ntag424, uid="04112233445566")
    forged.applications = genuine.applications

    with pytest.raises(NotProven):
        read(forged)


def test_a_card_that_shows_another_uid_than_it_proves_is_refused() -> None:
    card = issued(blank_ntag424)
    card.shown = bytes.fromhex("04112233445566")

    with pytest.raises(NotProven):
        read(card)


@CHIPS
def test_a_recorded_dialogue_proves_nothing(blank: Blank) -> None:
    card, tape = issued(blank), []
    talk(identify_by_proof(ATR, ring(OURS)), card, lambda answer: tape.append(answer) or answer)

    with pytest.raises(NotProven):
        read(Tape(tape))


@CHIPS
def test_any_answer_changed_on_its_way_is_refused_or_changes_nothing(blank: Blank) -> None:
    for spoiled in range(count_commands(identify_by_proof(ATR, ring(OURS)), issued(blank))):
        card, seen = issued(blank), 0

        def tap(answer: bytes, spoiled: int = spoiled) -> bytes:
            nonlocal seen
            seen += 1
            return bytes([answer[0] ^ 1]) + answer[1:] if seen == spoiled + 1 and len(answer) > 2 else answer

        try:
            identity = talk(identify_by_proof(ATR, ring(OURS)), card, tap)
        except CardError:
            continue
        assert identity == PROVEN or not identity.proven


@CHIPS
def test_another_card_of_ours_put_in_at_any_moment_is_refused_or_read_alone(blank: Blank) -> None:
    """With the same ATR, and so fast that nobody saw it: each conversation is one card's or none's."""
    other_uid = "04112233445566"
    for swapped_at in range(1, count_commands(identify_by_proof(ATR, ring(OURS)), issued(blank))):
        first, second = issued(blank), issued(blank, Order("L0002"), other_uid)
        swap = Swap(first, second, swapped_at)

        with pytest.raises(CardError):
            read(swap)


def test_a_key_that_rests_after_wrong_ones_is_a_card_that_does_not_prove_itself() -> None:
    card = issued(blank_ntag424)
    card.applications[next(iter(card.applications))].keys[KeyRole.READ.number].failures = 50

    with pytest.raises(NotProven, match="waits after too many wrong keys"):
        read(card)


def test_a_damaged_number_behind_the_proof_is_unusable() -> None:
    card = issued(blank_ntag424)
    card.current.files[3].data[5] ^= 1

    with pytest.raises(CardUnusable, match="damaged"):
        read(card)


@CHIPS
def test_without_keys_a_card_is_a_claim_and_not_to_blame(blank: Blank) -> None:
    assert read(issued(blank, Order("L0001")), NoKeys()) == CardIdentity("uid", UID)


def test_without_the_read_key_its_sun_message_proves_a_card() -> None:
    card, sun_only = issued(blank_ntag424), master_keys(roles=(KeyRole.SUN_META, KeyRole.SUN_FILE))

    first, second = read(card, sun_only), read(card, sun_only)

    assert first == second == CardIdentity("sun", UID, proven=True)
    assert (first.counter, second.counter) == (1, 2)


def test_a_sun_message_of_another_network_is_refused() -> None:
    with pytest.raises(NotProven):
        read(issued(blank_ntag424), master_keys(0x50, (KeyRole.SUN_META, KeyRole.SUN_FILE)))


def test_a_sun_message_of_another_card_is_refused() -> None:
    card, sun_only = issued(blank_ntag424), master_keys(roles=(KeyRole.SUN_META, KeyRole.SUN_FILE))
    card.shown = bytes.fromhex("04112233445566")

    with pytest.raises(NotProven, match="another card's"):
        read(card, sun_only)


def test_a_card_that_cannot_prove_itself_is_a_claim_that_was_asked() -> None:
    assert read(CardAnswers(bytes.fromhex(UID), "L0001")) == CardIdentity("number", UID, "L0001", asked=True)


def test_a_foreign_desfire_is_a_claim_by_its_uid() -> None:
    assert read(blank_desfire(UID)) == CardIdentity("uid", UID, asked=True)


def test_a_storage_card_is_not_asked_for_its_version() -> None:
    storage = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")

    assert count_commands(identify_by_proof(storage, ring(OURS)), CardAnswers(bytes.fromhex(UID))) == 1


def test_a_card_that_cannot_prove_itself_is_not_issued() -> None:
    with pytest.raises(CardUnusable, match="take an NTAG 424 DNA"):
        talk(issue(ORDER, OURS), CardAnswers(bytes.fromhex(UID)))
