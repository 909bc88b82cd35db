"""The ports: what the station asks of its devices, and the few ways a device may say no.

A driver is straight blocking code. It has no thread and no lock: one worker thread opens it, calls it and
closes it. Opening is constructing; a constructor that raises leaves nothing open. Reopening is the worker's
job, never the driver's.

    DeviceError            anything a device has to say against
      DeviceLost           gone, or silent: close, wait, open again
      DeviceRefused        there, and said no to this one request; the next may be fine
        TagGone            the tag left the field before the request was done
        TagLocked          the tag keeps what it holds: locked or password protected
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol, runtime_checkable

from kiosk.circulation.model import CardNumber

TagUid = NewType("TagUid", str)
"""What the pad sees: the UID of an RFID tag, upper-case hex, most significant byte first (`E00401003123AA26`)."""


class DeviceError(Exception):
    """Anything a device has to say against; the message names the device and what to do."""


class DeviceLost(DeviceError):
    """Gone, or silent: close it, wait, open it again."""


class DeviceRefused(DeviceError):
    """There, and said no to this one request. The next may be fine."""


class TagGone(DeviceRefused):
    """The tag left the field before the request was done; it may be back in a moment."""


class TagLocked(DeviceRefused):
    """The tag will not change what it holds: locked, or protected by a password."""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What a device says of itself, for the technician and the log: `FEIG ID ISC.MR102`, `3.3.0`, `/dev/pad`.

    *stack* is how many tags a pad tells apart at once; None: as many as lie there.
    """

    model: str
    firmware: str
    port: str
    stack: int | None = None


@dataclass(frozen=True, slots=True)
class TagContent:
    """One read of one tag: its user memory from block 0, in tag order, and its DSFID where the pad told it."""

    uid: TagUid
    data: bytes
    dsfid: int | None = None


@dataclass(frozen=True, slots=True)
class GateReading:
    """The security state a tag holds now; None where this pad or tag cannot tell."""

    afi: int | None
    eas: bool | None = None


class TagPad(Protocol):
    """The pad books lie on. Every method raises DeviceLost when the pad stopped answering."""

    def facts(self) -> DeviceFacts: ...

    def inventory(self) -> frozenset[TagUid]:
        """Say what lies in the field.

        A tag laid is in the answer to the next call. A tag lifted is out of it within 0.4 s of calls.
        A UID that does not begin with E0 is not ISO 15693: a card someone laid on the pad.
        """
        ...

    def read(self, uid: TagUid) -> TagContent:
        """Read the user memory of one tag, at least its first 32 bytes where it has them.

        A UID that does not begin with E0 reads as no data. Raises: TagGone; DeviceRefused.
        """
        ...

    def read_all(self, uid: TagUid) -> TagContent:
        """Read all user memory of one tag: long data, extension blocks. Raises: TagGone; DeviceRefused."""
        ...

    def read_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        """Read the AFI back from the tag, and EAS when asked. Raises: TagGone; DeviceRefused."""
        ...

    def write_afi(self, uid: TagUid, afi: int) -> None:
        """Write the AFI, once, without reading back. Raises: TagGone; TagLocked; DeviceRefused."""
        ...

    def write_eas(self, uid: TagUid, *, on: bool) -> None:
        """Switch EAS, once, without reading back. Raises: TagGone; TagLocked; DeviceRefused."""
        ...

    def write_blocks(self, uid: TagUid, first: int, data: bytes) -> None:
        """Write whole blocks of user memory from block *first*. Raises: TagGone; TagLocked; DeviceRefused."""
        ...

    def close(self) -> None:
        """Let go of the port. Never raises; may be called twice."""
        ...


@runtime_checkable
class TagWorkshop(TagPad, Protocol):
    """A pad new tags can be prepared on, by a technician. Every method raises what `write_blocks` raises."""

    def block_size(self, uid: TagUid) -> int:
        """Say how many bytes a block of this tag has."""
        ...

    def write_dsfid(self, uid: TagUid, dsfid: int) -> None:
        """Write how the tag's data are laid out, once, without reading back."""
        ...

    def lock_blocks(self, uid: TagUid, first: int, count: int) -> None:
        """Lock blocks for ever: nobody can write them again."""
        ...


PRINTED = "barcode"
"""The scheme of a card known by the barcode printed on it."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """What a card said of itself: its UID, the number read from it, and whether it proved that cryptographically.

    `number` is None for a card that carries none we can read: then the UID is all there is. What is not `proven` is
    *claimed*: anybody could have copied it. `asked`: it was asked for a proof and can give none. `counter`: how many
    taps the card has made, where its proof counts only once; it must be higher than at the last.
    """

    scheme: str
    uid: str
    number: CardNumber | None = None
    proven: bool = False
    asked: bool = False
    counter: int | None = field(default=None, compare=False)  # the same card, whatever it counts

    @property
    def printed(self) -> bool:
        """Whether it is a barcode on paper: a photograph of it is as good."""
        return self.scheme == PRINTED

    def __repr__(self) -> str:
        """Say the scheme only: identities reach logs, card numbers must not."""
        return f"CardIdentity({self.scheme})"


class CardFault(StrEnum):
    """Why a card that lies there could not be read, told apart by what the person should do."""

    TORN = "torn"  # lifted too early: hold it still
    UNREADABLE = "unreadable"  # mute, broken or of another kind: another card, or staff
    NOT_PROVEN = "not-proven"  # it should hold a key and does not: a copy, or no longer good: staff
    SEVERAL = "several"  # more than one card at once: one, please


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card came and was read. *slot* names the card reader it lies on.

    *lay_there*: it lay on it when the card reader came up, so nobody has tapped it just now.
    """

    slot: str
    card: CardIdentity
    lay_there: bool = False


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A card came and could not be read."""

    slot: str
    fault: CardFault


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The card that was on *slot* left it."""

    slot: str


CardChange = CardInserted | CardFailed | CardTaken


class CardReader(Protocol):
    """The device (or devices) patrons tap their e-card on."""

    def facts(self) -> DeviceFacts: ...

    def wait(self, timeout: float) -> CardChange | None:
        """Wait up to *timeout* seconds for the next change; None when nothing changed.

        A card that lay there when the driver was opened is reported too, and marked so.
        Raises: DeviceLost - the service or every configured card reader is gone.
        """
        ...

    def close(self) -> None:
        """Let go. Never raises; may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class Scan:
    """One barcode as the scanner sent it: its text, and the kind the scanner told (AIM: `C0`), "" where it does not."""

    text: str
    kind: str = ""

    def __repr__(self) -> str:
        """Say how long it is only: a printed card names its holder."""
        return f"Scan({len(self.text)} letters)"


class BarcodeScanner(Protocol):
    """The device that reads printed cards and books. It is on a port of its own: what it says is never typed into a
    page.
    """

    def facts(self) -> DeviceFacts: ...

    def wait(self, timeout: float) -> Scan | None:
        """Wait up to *timeout* seconds for the next scan; None when nothing was scanned. Raises: DeviceLost."""
        ...

    def close(self) -> None:
        """Let go. Never raises; may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class HouseSignals:
    """What the house goes through. `percent` and `minutes` of battery are None where nobody can tell."""

    air_raid: bool = False
    on_battery: bool = False
    percent: int | None = None
    minutes: int | None = None

    def beside(self, other: "HouseSignals") -> "HouseSignals":
        """Join what two sources say: either is enough for an alarm, and the lower battery counts."""
        return HouseSignals(
            self.air_raid or other.air_raid,
            self.on_battery or other.on_battery,
            _lower(self.percent, other.percent),
            _lower(self.minutes, other.minutes),
        )


def _lower(one: int | None, other: int | None) -> int | None:
    return min((known for known in (one, other) if known is not None), default=None)


class SignalSource(Protocol):
    """Something that knows of sirens or of the power: a file, a battery, a UPS, a service in the network."""

    def poll(self) -> HouseSignals:
        """Say what is so now. Raises: DeviceLost - it cannot be asked; what it said last no longer counts."""
        ...


class LineStyle(StrEnum):
    NORMAL = "normal"
    STRONG = "strong"
    LARGE = "large"
    QUIET = "quiet"
    CODE = "code"  # the text as a QR code


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of a slip; the printer wraps it at its own width."""

    text: str
    style: LineStyle = LineStyle.NORMAL
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """What a printer prints: lines, then it cuts. Rendering words into lines is `kiosk.receipts`' job."""

    lines: tuple[SlipLine, ...]
    title: str = ""


class PaperState(StrEnum):
    """How a printer is: how much paper it has, or what else keeps it from printing."""

    GOOD = "good"
    LOW = "low"
    OUT = "out"
    COVER_OPEN = "cover-open"
    JAMMED = "jammed"  # the cutter
    FAULT = "fault"
    HOT = "hot"
    UNKNOWN = "unknown"

    @property
    def prints(self) -> bool:
        """Whether the next slip would come out, as far as anybody can tell."""
        return self in (PaperState.GOOD, PaperState.LOW, PaperState.UNKNOWN)


class ReceiptPrinter(Protocol):
    """The receipt printer. Every method raises DeviceLost when it is gone."""

    def facts(self) -> DeviceFacts: ...

    def paper(self) -> PaperState:
        """Say how it is now; UNKNOWN for a printer that never answers."""
        ...

    def print(self, slip: Slip) -> None:
        """Print one slip and cut. Raises: DeviceRefused - no paper, cover open; nothing was printed."""
        ...

    def close(self) -> None: ...
