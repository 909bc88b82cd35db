"""What a FEIG pad is asked for when it is opened, in RAM only: the shortest gap, only newcomers, quick rounds.

A pad that refuses any of it is used as it is. Source: FEIG H01113-4e and H20800-16e, chapter "Configuration
parameters (CFG)".
"""

from contextlib import suppress

from drivers.tag_pads.feig_config import (
    ANTICOLLISION,
    INTERFACE,
    RECORD_LENGTH,
    TRANSPONDERS,
    AnticollisionRecord,
    InterfaceRecord,
    TransponderRecord,
)
from drivers.tag_pads.feig_frames import Code
from drivers.tag_pads.feig_line import SLOW_GAP, FeigLine
from drivers.tag_pads.feig_status import Status
from drivers.tag_pads.pad_line import NoReplyError

FASTEST_GAP_MS = 1
LATEST_ANSWER = 2.0
"""Seconds: no command on a stack takes longer; the pad is asked to give up then."""


def make_ready(line: FeigLine) -> tuple[bool, bool]:
    """Learn and set what this visit needs. Return whether the pad keeps reported tags quiet (ONT), and whether its
    rounds have one slot.

    One slot finds an empty pad or a single book in half the time of sixteen; a larger stack costs a little more.
    """
    _hurry(line)
    remembers = _report_only_new(line)
    slots = use_slots(line, 1)
    line.ask(Code.FIELD_RESET)
    return remembers, slots == 1


def use_slots(line: FeigLine, slots: int) -> int | None:
    """Ask for rounds of so many slots, 1 or 16; return how many there are now, None when the pad does not tell."""
    record = _read(line, TRANSPONDERS)
    if record is None:
        return None
    told = TransponderRecord(record)
    return slots if _write(line, TRANSPONDERS, told.with_slots(slots).record) else told.slots


def _hurry(line: FeigLine) -> None:
    """Obey the pad's gap and response time, then ask for the shortest gap it takes."""
    record = _read(line, INTERFACE)
    if record is None:
        return
    told = InterfaceRecord(record)
    line.gap = line.slow_gap = max(told.gap, SLOW_GAP)
    line.response_time = told.response_time
    wanted = told.asking_for(gap_ms=FASTEST_GAP_MS, response_time=min(told.response_time, LATEST_ANSWER))
    if not _write(line, INTERFACE, wanted.record):
        return
    line.gap, line.response_time = wanted.gap, wanted.response_time
    with suppress(NoReplyError):
        line.ping()  # unanswered at the new pace, the line has gone back to the old one


def _report_only_new(line: FeigLine) -> bool:
    record = _read(line, ANTICOLLISION)
    return record is not None and _write(line, ANTICOLLISION, AnticollisionRecord(record).reporting_only_new().record)


def _read(line: FeigLine, number: int) -> bytes | None:
    reply = line.ask(Code.READ_CONFIG, bytes([number]))
    return reply.body if reply.status == Status.OK and len(reply.body) == RECORD_LENGTH else None


def _write(line: FeigLine, number: int, record: bytes) -> bool:
    return line.ask(Code.WRITE_CONFIG, bytes([number]) + record).status == Status.OK
