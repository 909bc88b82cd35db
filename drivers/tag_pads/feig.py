"""The pad of FEIG ELECTRONIC: OBID i-scan and classic-pro, on a serial line. Also sold as Siemens RF290R
and by library suppliers.

    inventory                 i-scan, classic-pro (CPR.M02 and CPR.02: 4 tags at most)
    read, AFI, write blocks   i-scan, classic-pro
    EAS                       i-scan only, NXP tags only

Asks, and says what the answers mean to the station. Frames, timing and retries are in `feig_line.py`. It
changes the pad's configuration in RAM only: a pad switched off and on is as it was.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from drivers.serial_port import PARITIES
from drivers.tag_pads.feig_frames import ANY_ADDRESS, LONGEST_STANDARD, Code, CustomCode, Reply, TagCode
from drivers.tag_pads.feig_line import log, open_line
from drivers.tag_pads.feig_readiness import make_ready, use_slots
from drivers.tag_pads.feig_replies import (
    describe_pad,
    parse_blocks,
    parse_inventory,
    parse_system,
    turn_blocks,
)
from drivers.tag_pads.feig_requests import addressed, custom
from drivers.tag_pads.feig_status import Status, TagError, refusal, tag_error
from drivers.tag_pads.pad_line import TRIES, NoReplyError
from drivers.tag_pads.tag_facts import FIRST_BLOCKS, TagSize, expect_whole_blocks, has_eas, is_iso15693, no_eas
from kiosk.devices import DeviceFacts, DeviceRefused, GateReading, TagContent, TagGone, TagUid

SWEEP_EVERY = 0.3
LEFT_WITHIN = 0.36
"""Seconds: a tag lifted is noticed within this, as far as one sweep is shorter."""
NEWCOMERS_FIRST = 0.1
"""Seconds the pad is left to those who read what was just laid."""

WAIT_STEPS = 1
"""How long an empty pad is asked to wait for a tag, in steps of 100 ms (H20800-16e, 0xB0 0x01, MODE bit 6)."""

_MORE = 0x80
_WAIT_FOR_TAG = 0x40
_MOST_PAGES = 64
_READ_OVERHEAD = 10  # frame and counters around the blocks of a reply
_WRITE_OVERHEAD = 20
_MOST_WRITTEN = 128
_SHORTER_TAG = {
    TagError.UNSUPPORTED,
    TagError.NOT_RECOGNISED,
    TagError.OPTION,
    TagError.UNKNOWN,
    TagError.NO_SUCH_BLOCK,
}
_CANNOT_WAIT = {Status.LENGTH, Status.RANGE, Status.UNKNOWN_COMMAND}
_HEARD_BADLY = {Status.BAD_DATA, Status.COLLISION, Status.RF_COMMUNICATION}


@dataclass(frozen=True, slots=True)
class FeigSettings:
    """How the pad is connected. FEIG's factory setting is 38400 baud, even parity, any address."""

    port: str
    baud: int = 38400
    parity: Literal["N", "E", "O"] = "E"
    address: int = ANY_ADDRESS

    def __post_init__(self) -> None:
        """Raises: ValueError - a value no pad can have."""
        if self.parity not in PARITIES:
            raise ValueError(f"parity {self.parity!r}: expected N (none), E (even) or O (odd)")
        if self.baud <= 0:
            raise ValueError(f"baud {self.baud}: expected a speed such as 38400")
        if not 0 <= self.address <= ANY_ADDRESS:
            raise ValueError(f"address {self.address}: expected 0 to 254, or 255 for any")


class FeigPad:
    """A FEIG pad; the contract is `kiosk.devices.TagPad`. Opening finds its frames, speed and limits."""

    def __init__(self, settings: FeigSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._line, version = open_line(settings.port, settings.baud, settings.parity, settings.address)
        self._known: dict[TagUid, int | None] = {}
        self._sizes: dict[TagUid, TagSize] = {}
        self._waits = True
        self._swept_at = self._sweep_at = clock()
        try:
            description = self._line.ask(Code.PAD_DESCRIPTION, b"\0")
            self._pad = describe_pad(version, description.body if description.status == Status.OK else b"")
            self._remembers, self._one_slot = make_ready(self._line)
        except BaseException:
            self._line.close()
            raise

    def facts(self) -> DeviceFacts:
        return DeviceFacts(self._pad.model, self._pad.firmware, self._line.port.path)

    def close(self) -> None:
        self._line.close()

    # what lies in the field

    def inventory(self) -> frozenset[TagUid]:
        """Ask for newcomers; every so often reset the field and ask for everything, since the pad never
        tells who left. While nothing lies there the pad itself waits for a tag, a tenth of a second at a time: it
        answers sooner than the next question would reach it, and an idle line stays quiet.

        When an answer is lost, the tags it named keep quiet: so what follows a lost answer is a sweep.
        """
        if not self._remembers or (self._known and self._clock() >= self._sweep_at):
            return self._sweep()
        try:
            found = self._look(wait=self._waits and not self._known)
        except NoReplyError as missing:
            log.warning("%s: %s", self._line.port.path, missing)
            self._take_turns(missing)
            return self._sweep()
        if found.keys() - self._known.keys():
            self._greet(self._clock())
        self._known |= found
        return frozenset(self._known)

    def _take_turns(self, missing: NoReplyError) -> None:
        """Give up rounds of one slot, quick for an empty pad and a single book, on a pad that they confuse."""
        if self._one_slot and isinstance(missing, _HeardBadlyError):
            self._one_slot = use_slots(self._line, 16) != 16

    def _greet(self, now: float) -> None:
        """Put the sweep off: newcomers are read first. Those who stay do not wait for long to be missed."""
        if not self._known:
            self._swept_at, self._sweep_at = now, now + SWEEP_EVERY
        self._sweep_at = max(self._sweep_at, min(now + NEWCOMERS_FIRST, self._swept_at + LEFT_WITHIN))

    def _sweep(self) -> frozenset[TagUid]:
        """Drop the field, so that every tag answers again, and take that as the truth."""
        failure: NoReplyError | None = None
        for _ in range(TRIES):
            begun = self._clock()
            try:
                self._succeed("reset the field", self._line.exchange(Code.FIELD_RESET))
                self._known = self._look()
            except NoReplyError as missing:
                failure = missing
                log.warning("%s: %s", self._line.port.path, missing)
                continue
            lasted = self._clock() - begun
            self._swept_at = begun
            self._sweep_at = begun + max(lasted, min(SWEEP_EVERY, LEFT_WITHIN - lasted))
            self._sizes = {uid: size for uid, size in self._sizes.items() if uid in self._known}
            return frozenset(self._known)
        if isinstance(failure, _HeardBadlyError):
            raise DeviceRefused(str(failure)) from failure
        raise self._line.lost() from failure

    def _look(self, *, wait: bool = False) -> dict[TagUid, int | None]:
        """Ask who answers, page by page. Raises: NoReplyError - then nothing is known of who was told to keep quiet."""
        found: dict[TagUid, int | None] = {}
        for page in range(_MOST_PAGES):
            mode = bytes([_MORE]) if page else bytes([_WAIT_FOR_TAG, WAIT_STEPS]) if wait else b"\0"
            reply = self._line.exchange(Code.TAG, bytes([TagCode.INVENTORY]) + mode)
            if reply.status == Status.NO_TAG:
                return found
            if wait and reply.status in _CANNOT_WAIT:
                self._waits = False
                return self._look()
            if reply.status in _HEARD_BADLY:
                raise _HeardBadlyError(str(refusal(reply, "find the tags")))
            if reply.status not in {Status.OK, Status.MORE}:
                raise refusal(reply, "find the tags")
            found |= parse_inventory(reply)
            if reply.status == Status.OK:
                break
        return found

    # what a tag holds

    def read(self, uid: TagUid) -> TagContent:
        if not is_iso15693(uid):
            return TagContent(uid, b"")
        reply = self._line.ask(Code.TAG, addressed(TagCode.READ_BLOCKS, uid, bytes([0, FIRST_BLOCKS])))
        if tag_error(reply) in _SHORTER_TAG or reply.status in {Status.RANGE, Status.ADDRESS}:
            size = self._size_of(uid)
            return self._content(uid, self._read_blocks(uid, min(size.blocks, FIRST_BLOCKS), size))
        self._succeed(f"read tag {uid}", reply, uid)
        return self._content(uid, parse_blocks(reply)[1])

    def read_all(self, uid: TagUid) -> TagContent:
        if not is_iso15693(uid):
            return TagContent(uid, b"")
        size = self._size_of(uid)
        return self._content(uid, self._read_blocks(uid, size.blocks, size))

    def _content(self, uid: TagUid, memory: bytes) -> TagContent:
        return TagContent(uid, memory, self._known.get(uid))

    def _read_blocks(self, uid: TagUid, count: int, size: TagSize) -> bytes:
        """Read blocks from 0 in as few commands as pad and tag allow."""
        most = self._most_blocks(size)
        memory = b""
        first = 0
        while first < count:
            asked = bytes([first, min(most, count - first)])
            reply = self._line.ask(Code.TAG, addressed(TagCode.READ_BLOCKS, uid, asked))
            if asked[1] > 1 and tag_error(reply) in _SHORTER_TAG:
                most = 1  # a tag without "read multiple blocks"
                continue
            self._succeed(f"read tag {uid}", reply, uid)
            memory += parse_blocks(reply)[1]
            first += asked[1]
        return memory

    def _most_blocks(self, size: TagSize) -> int:
        longest = self._pad.tx_buffer if self._line.advanced else min(self._pad.tx_buffer, LONGEST_STANDARD)
        fitting = (longest - _READ_OVERHEAD) // (size.block_size + 1)
        return min(fitting, self._pad.most_read // size.block_size) if self._pad.most_read else fitting

    def _size_of(self, uid: TagUid) -> TagSize:
        if uid not in self._sizes:
            self._sizes[uid] = parse_system(self._describe(uid))[1]
        return self._sizes[uid]

    def _describe(self, uid: TagUid) -> Reply:
        reply = self._line.ask(Code.TAG, addressed(TagCode.SYSTEM_DESCRIPTION, uid))
        return self._succeed(f"ask tag {uid} what it is", reply, uid)

    def write_blocks(self, uid: TagUid, first: int, data: bytes) -> None:
        size = self._size_of(uid).block_size
        expect_whole_blocks(uid, data, size)
        room = min(self._pad.rx_buffer, LONGEST_STANDARD) - _WRITE_OVERHEAD
        step = min(room, _MOST_WRITTEN) // size * size
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            head = bytes([first + at // size, len(piece) // size, size])
            body = addressed(TagCode.WRITE_BLOCKS, uid, head + turn_blocks(piece, size))
            self._succeed(f"write tag {uid}", self._line.ask(Code.TAG, body), uid)

    # the workshop

    def block_size(self, uid: TagUid) -> int:
        return self._size_of(uid).block_size

    def write_dsfid(self, uid: TagUid, dsfid: int) -> None:
        reply = self._line.ask(Code.TAG, addressed(TagCode.WRITE_DSFID, uid, bytes([dsfid])))
        self._succeed(f"write DSFID 0x{dsfid:02X} to tag {uid}", reply, uid)
        self._known[uid] = dsfid

    def lock_blocks(self, uid: TagUid, first: int, count: int) -> None:
        """One block a command: not every tag locks several, and what was locked before is told by its number."""
        for block in range(first, first + count):
            reply = self._line.ask(Code.TAG, addressed(TagCode.LOCK_BLOCKS, uid, bytes([block, 1])))
            self._succeed(f"lock block {block} of tag {uid}", reply, uid)

    # the gate

    def read_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        afi, size = parse_system(self._describe(uid))
        self._sizes[uid] = size
        return GateReading(afi, self._read_eas(uid) if eas else None)

    def _read_eas(self, uid: TagUid) -> bool | None:
        """Ask for the EAS alarm: a tag with EAS off is silent. It answered a moment ago, so it is there."""
        if not has_eas(uid):
            return None
        reply = self._line.ask(Code.CUSTOM, custom(CustomCode.EAS_ALARM, uid))
        if reply.status in {Status.OK, Status.NO_TAG}:
            return reply.status == Status.OK
        if reply.status in {Status.UNKNOWN_COMMAND, Status.WRONG_TYPE, Status.TAG_ERROR}:
            return None
        raise refusal(reply, f"read the EAS bit of tag {uid}")

    def write_afi(self, uid: TagUid, afi: int) -> None:
        reply = self._line.ask(Code.TAG, addressed(TagCode.WRITE_AFI, uid, bytes([afi])))
        self._succeed(f"write AFI 0x{afi:02X} to tag {uid}", reply, uid)

    def write_eas(self, uid: TagUid, *, on: bool) -> None:
        if not has_eas(uid):
            raise no_eas(uid)
        code = CustomCode.SET_EAS if on else CustomCode.RESET_EAS
        self._succeed(f"switch the EAS bit of tag {uid}", self._line.ask(Code.CUSTOM, custom(code, uid)), uid)

    def _succeed(self, attempt: str, reply: Reply, uid: TagUid | None = None) -> Reply:
        """Return a reply that is OK, raise what it means otherwise. A tag that went is looked for at once."""
        if reply.status == Status.OK:
            return reply
        error = refusal(reply, attempt)
        if isinstance(error, TagGone) and uid is not None:
            self._sweep_at = self._clock()
        raise error


class _HeardBadlyError(NoReplyError):
    """The pad answered, but could not tell who is there: collisions, a tag half out of the field."""
