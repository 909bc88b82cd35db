"""The few PC/SC calls the driver makes, with their refusals sorted. The only module that touches pyscard.

Raw `smartcard.scard` only: pyscard's CardMonitor goes deaf for good when pcscd restarts.

    PcscError             a call failed; *code* is the PC/SC return code
      ServiceGone         the service ended or lost us: the context is dead, begin anew
      SlotGone            this card reader is unplugged or out of order
      CardGone            the card left
      CardMute            the card does not speak any protocol of ours
      CardBusy            for now: another program holds it, or it has just been reset
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NewType

from smartcard import scard

Context = NewType("Context", int)

PRESENT = scard.SCARD_STATE_PRESENT
MUTE = scard.SCARD_STATE_MUTE
OUT_OF_ORDER = scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_UNKNOWN
CHANGED = scard.SCARD_STATE_CHANGED
UNAWARE = scard.SCARD_STATE_UNAWARE
PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
"""Asked among the card readers, it reports that one was plugged in or out."""

_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_PCI = {scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0, scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1}


class PcscError(Exception):
    """A PC/SC call failed."""

    def __init__(self, call: str, code: int) -> None:
        super().__init__(f"{call}: {scard.SCardGetErrorMessage(code).strip()} (0x{code & 0xFFFFFFFF:08X})")
        self.code = code & 0xFFFFFFFF


class ServiceGone(PcscError): ...


class SlotGone(PcscError): ...


class CardGone(PcscError): ...


class CardMute(PcscError): ...


class CardBusy(PcscError): ...


_SORTED: dict[int, type[PcscError]] = {
    scard.SCARD_E_READER_UNAVAILABLE: SlotGone,
    scard.SCARD_E_UNKNOWN_READER: SlotGone,
    scard.SCARD_E_NO_SMARTCARD: CardGone,
    scard.SCARD_W_REMOVED_CARD: CardGone,
    scard.SCARD_E_NOT_TRANSACTED: CardBusy,  # the card has just left, or stumbled: its slot will tell
    scard.SCARD_E_COMM_DATA_LOST: CardBusy,
    scard.SCARD_E_PROTO_MISMATCH: CardMute,
    scard.SCARD_W_UNRESPONSIVE_CARD: CardMute,
    scard.SCARD_W_UNSUPPORTED_CARD: CardMute,
    scard.SCARD_E_SHARING_VIOLATION: CardBusy,
    scard.SCARD_W_UNPOWERED_CARD: CardBusy,
    scard.SCARD_W_RESET_CARD: CardBusy,
}
# Whatever is not sorted above is the service's: beginning anew is a safe answer to any code.


def _check(call: str, code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise _SORTED.get(code & 0xFFFFFFFF, ServiceGone)(call, code)


@contextmanager
def connected_to_service() -> Iterator[Context]:
    """Hold one context with the service. Raises: ServiceGone - not running, or not for us."""
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _check("connecting to the PC/SC service", code)
    try:
        yield Context(context)
    finally:
        scard.SCardReleaseContext(context)  # says NO_SERVICE on a dead one, and frees its socket all the same


def list_card_readers(context: Context) -> list[str]:
    """Name the card readers that are plugged in. Raises: ServiceGone."""
    code, names = scard.SCardListReaders(context, [])
    if code & 0xFFFFFFFF == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    _check("listing the card readers", code)
    return list(names)


def wait_for_change(context: Context, seconds: float, known: dict[str, int]) -> dict[str, int]:
    """Wait until a slot is no longer in the state that is *known* of it; say the states that changed.

    The upper half of a state counts insertions and removals, so a card swapped while nobody looked is a
    change. Empty when time ran out or a card reader was unplugged meanwhile: list them again. Raises:
    ServiceGone.
    """
    code, states = scard.SCardGetStatusChange(context, int(seconds * 1000), list(known.items()))
    if code & 0xFFFFFFFF in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED, scard.SCARD_E_UNKNOWN_READER):
        return {}
    _check("waiting for a card", code)
    return {name: event & ~CHANGED for name, event, _atr in states if event & CHANGED}


class CardLine:
    """An open connection to one card."""

    def __init__(self, handle: int, protocol: int, atr: bytes) -> None:
        self._handle, self._protocol, self.atr = handle, protocol, atr

    def transmit(self, command: bytes) -> bytes:
        """Send one command; the answer may be too short to be one. Raises: PcscError and its kinds."""
        code, answer = scard.SCardTransmit(self._handle, _PCI[self._protocol], list(command))
        _check("talking to the card", code)
        return bytes(value & 0xFF for value in answer)


@contextmanager
def connected_to_card(context: Context, slot: str) -> Iterator[CardLine]:
    """Hold the card on *slot* to ourselves, and leave it powered and alone afterwards.

    Blocks, with no way out, while another program is in a transaction with the card.
    Raises: PcscError and its kinds.
    """
    code, handle, protocol = scard.SCardConnect(context, slot, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS)
    _check("connecting to the card", code)  # a failed connect gives handle 0, which no call may see
    try:
        code, _name, _state, _protocol, atr = scard.SCardStatus(handle)
        _check("asking for the card's ATR", code)
        yield CardLine(handle, protocol, bytes(value & 0xFF for value in atr))
    finally:
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
