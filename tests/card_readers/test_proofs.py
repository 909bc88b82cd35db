"""Cards that prove themselves, and attacks on them: real pcscd, real driver, keys in the station's process."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.card_readers.chips import blank_desfire, blank_ntag424
from drivers.card_readers.proving_card import ProvingCard
from drivers.card_readers.virtual_card import VirtualCard
from kiosk.devices import CardFailed, CardFault, CardIdentity, CardInserted, CardTaken, DeviceLost
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import CardKeys, KeyRole, KeysUnavailable, Proving
from kiosk.ecard.sun import SunFacts
from tests.ecard.talking import master_keys, talk
from tests.pcsc_bench import SOON, PcscBench, listen, process_of

UID = "04A1B2C3D4E5F6"
OURS = master_keys(roles=(KeyRole.READ,))
SUN_ONLY = master_keys(roles=(KeyRole.SUN_META, KeyRole.SUN_FILE))
PROVEN = CardIdentity("proven", UID, "L0001", proven=True)
COMMANDS_OF_A_PROOF = 9  # UID, version in three, select, handshake in two, UID again, number
CHIPS = pytest.mark.parametrize("blank", [blank_ntag424, blank_desfire])
Blank = Callable[[str], ProvingCard]


def issued(blank: Blank = blank_ntag424, number: str = "L0001", uid: str = UID, fill: int = 0xA0) -> ProvingCard:
    chip = blank(uid)
    talk(issue(Order(number, "https://library.example/c"), master_keys(fill)), chip)
    return chip


class Stage:
    """A chip whose answers are directed: *direct* is given the command and the number of the command."""

    def __init__(self, card: VirtualCard, chip: ProvingCard, direct: Callable[[bytes, int], bytes]) -> None:
        self.card, self.chip, self.direct = card, chip, direct
        self.uid, self.number, self.reset = chip.uid, chip.number, chip.reset

    def answer(self, raw: bytes) -> bytes:
        return self.direct(raw, self.card.commands)


def lay(bench: PcscBench, chip: ProvingCard) -> VirtualCard:
    card = bench.card()
    card.become_chip(chip)
    card.insert()
    return card


def refused(bench: PcscBench) -> CardFailed:
    return CardFailed(bench.slot(), CardFault.NOT_PROVEN)


@CHIPS
def test_a_card_with_its_key_is_told_as_proven(bench: PcscBench, blank: Blank) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS)

    lay(bench, issued(blank))

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), PROVEN)


def test_keys_never_reach_the_process_that_talks_to_cards(bench: PcscBench) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS)
    lay(bench, issued())
    card_reader.wait(SOON)
    secrets = [bytes([0xA0 + role.number] * 16) for role in KeyRole]
    secrets.append(master_keys().card_key(KeyRole.READ, UID))
    process = process_of(card_reader)

    seen = b"".join(" ".join([*process.cmdline(), *process.environ().values()]).encode().split())
    memory = memory_of(process.pid)

    assert UID.encode() in memory  # it is this process that was looked into
    assert [secret.hex() for secret in secrets if secret in memory or secret.hex().encode() in memory + seen] == []


def memory_of(pid: int) -> bytes:
    """Read what a process has written of its memory: heap, stack, anonymous pages."""
    read = bytearray()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            first, last = (int(edge, 16) for edge in span.split("-"))
            if rights.startswith("rw") and last - first < 64 << 20:
                memory.seek(first)
                read += memory.read(last - first)
    return bytes(read)


@CHIPS
def test_a_copy_of_the_uid_is_refused(bench: PcscBench, blank: Blank) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS)
    copy = issued(blank, fill=0x50)  # the same UID and number; the key is not ours

    lay(bench, copy)

    assert card_reader.wait(SOON) == refused(bench)


def test_a_blank_chip_with_the_uid_is_refused(bench: PcscBench) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS)

    lay(bench, blank_ntag424(UID))

    assert card_reader.wait(SOON) == refused(bench)


def test_a_recorded_dialogue_played_again_is_refused(bench: PcscBench) -> None:
    card_reader, chip = bench.open(scheme="proven", keys=OURS), issued()
    tape: list[bytes] = []
    card = bench.card()
    card.become_chip(chip)
    card.on_apdu = lambda apdu, is_answer: tape.append(apdu) if is_answer else None
    card.insert()
    assert card_reader.wait(SOON) == CardInserted(bench.slot(), PROVEN)
    card.remove()
    assert card_reader.wait(SOON) == CardTaken(bench.slot())

    card.become_chip(Stage(card, chip, lambda _raw, at: tape[at - 1]))
    card.insert()

    assert card_reader.wait(SOON) == refused(bench)


@pytest.mark.parametrize("command", range(1, COMMANDS_OF_A_PROOF + 1))
def test_a_card_torn_away_at_any_command_is_torn_and_may_come_again(bench: PcscBench, command: int) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS)
    card = bench.card()
    card.become_chip(issued())
    card.tear_at = command

    card.insert()

    assert card_reader.wait(SOON) == CardFailed(bench.slot(), CardFault.TORN)
    assert card_reader.wait(SOON) == CardTaken(bench.slot())

    card.tear_at = None
    card.insert()

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), PROVEN)


@pytest.mark.parametrize("command", range(2, COMMANDS_OF_A_PROOF + 1))
def test_a_card_of_the_same_kind_slipped_in_at_any_command_is_never_the_first_ones(
    bench: PcscBench, command: int
) -> None:
    """Faster than any slot sees: same ATR, both cards ours, the second one answers from this command on."""
    card_reader = bench.open(scheme="proven", keys=OURS)
    first, second = issued(), issued(number="L0002", uid="04112233445566")
    card = bench.card()
    card.become_chip(Stage(card, first, lambda raw, at: (first if at < command else second).answer(raw)))

    card.insert()

    second_alone = CardInserted(bench.slot(), CardIdentity("proven", "04112233445566", "L0002", proven=True))
    assert card_reader.wait(SOON) in (refused(bench), second_alone)


def test_a_card_swapped_for_one_of_the_same_kind_ends_the_first_at_once(bench: PcscBench) -> None:
    card_reader = bench.open(scheme="proven", keys=OURS, settle=30)
    card = lay(bench, issued())
    card_reader.wait(SOON)

    card.remove()
    time.sleep(0.3)  # a slot asked every 20 ms sees the gap
    card.become_chip(issued(number="L0002", uid="04112233445566"))
    card.insert()

    assert card_reader.wait(SOON) == CardTaken(bench.slot())
    assert card_reader.wait(SOON) == CardInserted(bench.slot(), CardIdentity("proven", "04112233445566", "L0002", True))


def test_sun_messages_are_told_with_a_counter_that_rises(bench: PcscBench) -> None:
    card_reader, card = bench.open(scheme="proven", keys=SUN_ONLY, settle=0.0), bench.card()
    card.become_chip(issued())
    counters = []

    for _ in range(2):
        card.insert()
        told = card_reader.wait(SOON)
        assert isinstance(told, CardInserted)
        assert told.card == CardIdentity("sun", UID, proven=True)
        counters.append(told.card.counter)
        card.remove()
        assert card_reader.wait(SOON) == CardTaken(bench.slot())

    assert counters == [1, 2]


def test_a_card_that_failed_three_times_is_let_rest(bench: PcscBench) -> None:
    """An NTAG 424 DNA locks a key for good after too many wrong ones; a station with a wrong key must not do that."""
    card_reader, chip = bench.open(scheme="proven", keys=OURS, settle=0.0), issued(fill=0x50)
    card = bench.card()
    card.become_chip(chip)

    for _ in range(5):
        card.insert()
        assert card_reader.wait(SOON) == refused(bench)
        card.remove()
        assert card_reader.wait(SOON) == CardTaken(bench.slot())

    assert chip.current is not None
    assert chip.current.keys[KeyRole.READ.number].failures == 3


class SlowKeys:
    """Keys that take their time, as a centre far away does; or that nobody can reach."""

    def __init__(self, keys: CardKeys, seconds: float, *, silent: bool = False) -> None:
        self.keys, self.seconds, self.silent = keys, seconds, silent

    def begin(self, role: KeyRole, uid: str, challenge: bytes, /) -> Proving:
        time.sleep(self.seconds)
        if self.silent:
            raise KeysUnavailable("the centre does not answer")
        return self.keys.begin(role, uid, challenge)

    def check_sun(self, url: str, /) -> SunFacts:
        raise KeysUnavailable("the centre does not answer")


def test_keys_that_take_their_time_are_waited_for(bench: PcscBench) -> None:
    card_reader = bench.open(scheme="proven", keys=SlowKeys(OURS, 1.5), silence=1.4)

    lay(bench, issued())

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), PROVEN)


def test_a_card_whose_keys_cannot_be_reached_is_a_claim_and_not_to_blame(bench: PcscBench) -> None:
    card_reader = bench.open(scheme="proven", keys=SlowKeys(OURS, 0, silent=True))

    lay(bench, issued())

    assert card_reader.wait(SOON) == CardInserted(bench.slot(), CardIdentity("uid", UID))


@pytest.mark.parametrize("command", [7, 9], ids=["in the handshake", "in the session"])
def test_a_service_frozen_in_the_middle_of_a_proof_costs_the_process_only(bench: PcscBench, command: int) -> None:
    card_reader, card = bench.open(scheme="proven", keys=OURS, silence=1.5), bench.card()
    card.become_chip(issued())
    card.on_apdu = lambda _apdu, is_answer: card.hang() if is_answer and card.commands == command - 1 else None
    card.insert()
    while not card.is_hanging:
        assert card_reader.wait(0.01) is None
    bench.pcscd.freeze()
    card.on_apdu = lambda _apdu, _is_answer: None
    card.release()  # its answer lies before a service that does not look

    with pytest.raises(DeviceLost, match="silent"):
        card_reader.wait(SOON)
    card.remove()
    bench.pcscd.thaw()
    opened_again = bench.open(scheme="proven", keys=OURS, open_within=SOON)
    card.insert()

    assert listen(opened_again, 1.0)[-1:] == [CardInserted(bench.slot(), PROVEN)]


def test_a_service_killed_in_the_middle_of_a_proof_still_yields_the_tap(bench: PcscBench) -> None:
    card_reader, card = bench.open(scheme="proven", keys=OURS, grace=SOON), bench.card()
    card.become_chip(issued())
    in_the_session = COMMANDS_OF_A_PROOF - 2
    card.on_apdu = lambda _apdu, is_answer: card.hang() if is_answer and card.commands == in_the_session else None
    card.insert()
    while not card.is_hanging:
        assert card_reader.wait(0.01) is None

    bench.pcscd.kill()
    card.on_apdu = lambda _apdu, _is_answer: None
    card.remove()
    card.release()
    bench.pcscd.start()
    card.insert()

    told = card_reader.wait(SOON)
    assert isinstance(told, CardInserted)
    assert told.card == PROVEN
