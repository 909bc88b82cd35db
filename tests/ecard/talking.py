"""A conversation held with a card without a card reader: every command and answer passes by here."""

from collections.abc import Callable, Generator
from typing import Protocol, TypeVar

from drivers.key_stores.aes import SoftwareCipher
from kiosk.ecard.apdu import carry
from kiosk.ecard.keys import CardKeys, KeyRole, MasterKeys
from kiosk.ecard.schemes import KeyRing

Known = TypeVar("Known")
Tap = Callable[[bytes], bytes]


class Card(Protocol):
    def answer(self, raw: bytes) -> bytes: ...


def talk(
    conversation: Generator[bytes, bytes, Known], card: Card, tap: Callable[[bytes], bytes] = lambda a: a
) -> Known:
    """Let a conversation be had with *card*; *tap* may change each answer."""
    return carry(conversation, lambda command: tap(card.answer(command)))


def count_commands(conversation: Generator[bytes, bytes, object], card: Card) -> int:
    asked = 0

    def tap(answer: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return answer

    talk(conversation, card, tap)
    return asked


def master_keys(fill: int = 0xA0, roles: tuple[KeyRole, ...] = tuple(KeyRole)) -> MasterKeys:
    """A network's keys; other *fill*, another network's."""
    return MasterKeys({role: SoftwareCipher(bytes([fill + role.number] * 16)) for role in roles}, SoftwareCipher)


def ring(keys: CardKeys) -> KeyRing:
    return KeyRing(keys, SoftwareCipher)
