"""The virtual card at its end of the vpcd protocol; a plain socket plays the slot, message by message."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psutil
import pytest

from drivers.card_readers.virtual_card import ATR, VirtualCard
from tests.pcsc_bench import SOON

POWER_OFF, POWER_ON, RESET, TELL_ATR = (bytes([order]) for order in (0, 1, 2, 4))
GET_UID = bytes.fromhex("FFCA000000")
UID_ANSWER = bytes.fromhex("04A1B2C3D4E5F69000")


class Slot:
    """The other end: takes one card after the other, sends messages, receives answers."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SOON)
        self.line: socket.socket | None = None

    def card(self, **knobs: object) -> VirtualCard:
        card = VirtualCard(self.listener.getsockname()[1], number="L0001")
        for knob, value in knobs.items():
            setattr(card, knob, value)
        return card

    def take(self, card: VirtualCard) -> None:
        card.insert()
        self.line, _ = self.listener.accept()
        self.line.settimeout(SOON)

    def send(self, body: bytes, pieces: int = 1) -> None:
        message = struct.pack(">H", len(body)) + body
        for start in range(0, len(message), -(-len(message) // pieces)):
            self.line.sendall(message[start : start + -(-len(message) // pieces)])

    def receive(self) -> bytes:
        head = self.line.recv(2, socket.MSG_WAITALL)
        return self.line.recv(*struct.unpack(">H", head), socket.MSG_WAITALL) if head else b""

    def close(self) -> None:
        self.listener.close()
        if self.line is not None:
            self.line.close()


@pytest.fixture
def slot() -> Iterator[Slot]:
    slot = Slot()
    yield slot
    slot.close()


@contextmanager
def lying(card: VirtualCard, slot: Slot) -> Iterator[None]:
    slot.take(card)
    try:
        yield
    finally:
        card.remove()


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_orders_and_commands_are_understood_however_they_are_chopped(slot: Slot, pieces: int) -> None:
    with lying(slot.card(), slot):
        for order in (POWER_ON, RESET, POWER_OFF):
            slot.send(order, pieces)
        slot.send(TELL_ATR, pieces)
        assert slot.receive() == ATR

        slot.send(GET_UID, pieces)
        assert slot.receive() == UID_ANSWER


def test_taking_the_card_away_is_the_end_of_the_line(slot: Slot) -> None:
    card = slot.card()
    slot.take(card)

    card.remove()

    assert slot.receive() == b""
    assert not card.is_inserted


def test_a_slot_that_goes_away_leaves_the_card_in_the_hand(slot: Slot) -> None:
    card = slot.card()
    slot.take(card)

    slot.line.close()

    give_up = time.monotonic() + SOON
    while card.is_inserted:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_a_card_torn_away_answers_up_to_that_command(slot: Slot) -> None:
    with lying(slot.card(tear_at=2), slot):
        slot.send(GET_UID)
        assert slot.receive() == UID_ANSWER

        slot.send(GET_UID)
        assert slot.receive() == b""


def test_a_hanging_card_answers_the_orders_and_on_release_the_command(slot: Slot) -> None:
    card = slot.card()
    card.hang()
    with lying(card, slot):
        slot.send(TELL_ATR)
        assert slot.receive() == ATR
        slot.send(GET_UID)
        slot.line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            slot.line.recv(1)
        assert card.is_hanging

        slot.line.settimeout(SOON)
        card.release()

        assert slot.receive() == UID_ANSWER


def test_a_slow_card_is_slow_though_it_hung_before(slot: Slot) -> None:
    card = slot.card(delay=0.2)
    card.hang()
    card.release()
    with lying(card, slot):
        began = time.monotonic()
        slot.send(GET_UID)

        assert slot.receive() == UID_ANSWER
        assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("knobs", [{"delay": 60.0}, {}], ids=["slow", "hanging"])
def test_even_a_card_that_is_busy_is_taken_away_at_once(slot: Slot, knobs: dict[str, float]) -> None:
    card = slot.card(**knobs)
    if not knobs:
        card.hang()
    slot.take(card)
    slot.send(GET_UID)
    while card.commands == 0:
        time.sleep(0.005)

    began = time.monotonic()
    card.remove()

    assert time.monotonic() - began < 1


def test_cards_laid_and_lifted_from_many_threads_leave_nothing_behind(slot: Slot) -> None:
    card, me = slot.card(), psutil.Process()
    before = me.num_fds(), threading.active_count()

    def fidget(seed: int) -> None:
        for choice in Random(seed).choices((card.insert, card.remove), k=60):
            choice()

    slot.listener.listen(512)
    hands = [threading.Thread(target=fidget, args=(seed,)) for seed in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    card.remove()

    assert not card.is_inserted
    assert (me.num_fds(), threading.active_count()) == before


@pytest.mark.parametrize("uid", ["", "04", "04A1B2C3D4", "zz"])
def test_a_uid_no_card_has_is_refused(uid: str) -> None:
    with pytest.raises(ValueError):
        VirtualCard(1, uid)


def test_no_slot_to_lie_on_is_an_error_and_the_card_stays_in_the_hand() -> None:
    card = VirtualCard(1)

    with pytest.raises(ConnectionRefusedError):
        card.insert()

    assert not card.is_inserted
