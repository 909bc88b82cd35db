"""The checks find what they are for: a pad that breaks one promise fails the check of that promise, in words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.conformance.bench import Bench
from kiosk.conformance.pad_checks import PAD_CHECKS
from kiosk.conformance.running import Outcome, Result, put_back, run
from kiosk.devices import DeviceFacts, DeviceLost, DeviceRefused, GateReading, TagContent, TagGone, TagLocked, TagUid

FORGOTTEN = "one tag told for 2 s, while no tag lay there"
BY_NAME = {check.name: check for check in PAD_CHECKS}


@dataclass
class Table:
    """Where tags lie; outlives the pads opened on it."""

    lying: dict[TagUid, bytes] = field(default_factory=dict)
    afi: dict[TagUid, int] = field(default_factory=dict)
    locked: set[TagUid] = field(default_factory=set)
    plugged: bool = True
    opened: int = 0


class FakePad:
    """Keeps the contract. What a test replaces, it breaks."""

    def __init__(self, table: Table) -> None:
        if table.opened or not table.plugged:
            raise DeviceLost("the port is taken, or nothing is plugged in")
        self.table = table
        table.opened += 1
        self._open = True

    def facts(self) -> DeviceFacts:
        return DeviceFacts("a pad in memory", "1", "memory")

    def close(self) -> None:
        self.table.opened -= self._open
        self._open = False

    def _here(self, uid: TagUid) -> bytes:
        if not self.table.plugged:
            raise DeviceLost("the plug was pulled")
        if uid not in self.table.lying:
            raise TagGone("it is not there")
        return self.table.lying[uid]

    def inventory(self) -> frozenset[TagUid]:
        if not self.table.plugged:
            raise DeviceLost("the plug was pulled")
        return frozenset(self.table.lying)

    def read(self, uid: TagUid) -> TagContent:
        return TagContent(uid, self._here(uid)[:32] if uid.startswith("E0") else b"", 0x3E)

    def read_all(self, uid: TagUid) -> TagContent:
        return TagContent(uid, self._here(uid) if uid.startswith("E0") else b"", 0x3E)

    def read_gate(self, uid: TagUid, *, eas: bool = False) -> GateReading:
        self._here(uid)
        return GateReading(self.table.afi.get(uid, 0x07))

    def write_afi(self, uid: TagUid, afi: int) -> None:
        if not uid.startswith("E0"):
            raise DeviceRefused("a card")
        self._here(uid)
        if uid in self.table.locked:
            raise TagLocked("locked")
        self.table.afi[uid] = afi

    def write_eas(self, uid: TagUid, *, on: bool) -> None:
        raise DeviceRefused("no EAS")

    def write_blocks(self, uid: TagUid, first: int, data: bytes) -> None:
        memory = self._here(uid)
        self.table.lying[uid] = memory[: first * 4] + data + memory[first * 4 + len(data) :]


class FakeHands:
    def __init__(self, table: Table) -> None:
        self._table = table

    def lay(self, count: int) -> bool:
        self._table.lying = {TagUid(f"E0040100{number:08X}"): bytes(range(64)) for number in range(count)}
        return True

    def lay_locked(self) -> bool:
        self.lay(1)
        self._table.locked = set(self._table.lying)
        return True

    def pull_plug(self) -> bool:
        self._table.plugged = False
        return True

    def put_plug(self) -> bool:
        self._table.plugged = True
        return True


class QuickClock:
    """Every look at it is a tenth of a second later."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 0.1
        return self.now


def made(name: str, broken: type[FakePad] = FakePad, hands: type[FakeHands] = FakeHands) -> tuple[Result, Table]:
    table = Table()
    bench = Bench(lambda: broken(table), hands(table), clock=QuickClock())
    (result,) = run([BY_NAME[name]], bench)
    bench.close()
    return result, table


def breaking(**methods: Callable[..., Any]) -> type[FakePad]:
    return type("BrokenPad", (FakePad,), methods)


def forgets(self: FakePad, uid: TagUid, afi: int) -> None:
    self._here(uid)


def always(answer: object) -> Callable[..., Any]:
    return lambda *_args, **_options: answer


def counting(self: FakePad) -> frozenset[TagUid]:
    """Tells a tag every other time."""
    self.turn = not getattr(self, "turn", False)
    return frozenset(self.table.lying) if self.turn else frozenset()


def garbled(self: FakePad, uid: TagUid) -> TagContent:
    self.turn = getattr(self, "turn", 0) + 1
    return TagContent(uid, bytes([self.turn]) * 64)


def locked_without_telling(self: FakePad, uid: TagUid, afi: int) -> None:
    if uid in self.table.locked:
        raise TagGone("it is not there")
    FakePad.write_afi(self, uid, afi)


def spoils(self: FakePad, uid: TagUid, afi: int) -> None:
    self.table.lying[uid] = bytes(64)


def spoils_all(self: FakePad, uid: TagUid, first: int, data: bytes) -> None:
    self.table.lying[uid] = bytes(64)


def one_of_them(self: FakePad) -> frozenset[TagUid]:
    return frozenset(list(self.table.lying)[:1])


def sharing(self: FakePad, table: Table) -> None:
    self.table, self._open = table, True


def clinging(self: FakePad) -> frozenset[TagUid]:
    self.seen = getattr(self, "seen", frozenset()) | frozenset(self.table.lying)
    return self.seen


def unbothered(self: FakePad) -> frozenset[TagUid]:
    return frozenset(self.table.lying)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_a_pad_that_keeps_the_contract_fails_nothing(name: str):
    result, _ = made(name)

    assert (result.outcome is not Outcome.UNMET, result.says if result.outcome is Outcome.UNMET else "") == (True, "")


@pytest.mark.parametrize(
    ("name", "broken", "says"),
    [
        ("says_what_it_is", breaking(facts=always(DeviceFacts("", "", ""))), "only DeviceFacts"),
        ("empty_is_empty", breaking(inventory=always(frozenset({TagUid("E004")}))), FORGOTTEN),
        ("is_told_and_stays", breaking(inventory=counting), "not told every time"),
        ("uids_have_one_form", breaking(inventory=always(frozenset({TagUid("00000001000104E0")}))), "byte order"),
        ("reads_the_item", breaking(read=lambda _, uid: TagContent(uid, bytes(8))), "gave 8 bytes"),
        ("reads_the_item", breaking(read=lambda _, uid: TagContent(uid, b"x" * 32)), "different bytes"),
        ("reads_alike", breaking(read_all=garbled), "gave different bytes"),
        ("absent_is_gone", breaking(read=lambda _, uid: TagContent(uid, b"")), "was not refused"),
        ("card_reads_as_nothing", breaking(read=lambda _, uid: TagContent(uid, b"name")), "read as data"),
        ("afi_is_written", breaking(write_afi=forgets), "AFI C2 was written and 07 is read"),
        ("afi_leaves_the_rest", breaking(write_afi=spoils), "changed the memory"),
        ("blocks_are_written", breaking(write_blocks=spoils_all), "changed the tag"),
        ("locked_is_told", breaking(write_afi=locked_without_telling), "refused as TagGone"),
        ("lifted_is_missed", breaking(inventory=clinging), FORGOTTEN),
        ("a_stack_is_told", breaking(inventory=one_of_them), "while 3 tags lay there"),
        ("one_owner", breaking(__init__=sharing), "a second driver opened"),
        ("unplugged_is_lost", breaking(inventory=unbothered), "as if it were there"),
    ],
)  # fmt: skip
def test_a_broken_promise_is_found_and_told(name: str, broken: type[FakePad], says: str):
    result, _ = made(name, broken)

    assert result.outcome is Outcome.UNMET
    assert says in result.says
    assert result.check.means


def test_a_pad_that_is_lost_in_a_check_is_opened_anew_for_the_next():
    table = Table()

    def lost(self: FakePad) -> frozenset[TagUid]:
        raise DeviceLost("it fell silent")

    pads = iter([breaking(inventory=lost), FakePad])
    bench = Bench(lambda: next(pads)(table), FakeHands(table), clock=QuickClock())

    results = list(run([BY_NAME["empty_is_empty"], BY_NAME["empty_is_empty"]], bench))

    assert [result.outcome for result in results] == [Outcome.UNMET, Outcome.MET]
    assert "DeviceLost: it fell silent" in results[0].says


def test_a_gate_bit_a_check_left_changed_is_put_back():
    def only_reads_once(self: FakePad, uid: TagUid, *, eas: bool = False) -> GateReading:
        self.reads = getattr(self, "reads", 0) + 1
        if self.reads == 2:
            raise TagGone("for a moment")
        return FakePad.read_gate(self, uid)

    result, table = made("afi_is_written", breaking(read_gate=only_reads_once))

    assert result.outcome is Outcome.UNMET
    assert set(table.afi.values()) == {0x07}


def test_a_gate_bit_that_cannot_be_put_back_is_told_with_what_to_do():
    class OneWay(FakePad):
        def write_afi(self, uid: TagUid, afi: int) -> None:
            if afi == 0xC2:
                super().write_afi(uid, afi)

    result, _ = made("afi_is_written", OneWay)

    assert result.outcome is Outcome.UNMET
    assert "was AFI 07 and holds AFI C2 now" in result.says
    assert "kiosk tag" in result.says


def test_what_a_check_changed_is_put_back_when_somebody_breaks_it_off():
    class BrokenOff(FakePad):
        def write_afi(self, uid: TagUid, afi: int) -> None:
            super().write_afi(uid, afi)
            if afi == 0xC2:
                raise KeyboardInterrupt

    table = Table()
    bench = Bench(lambda: BrokenOff(table), FakeHands(table), clock=QuickClock())
    with pytest.raises(KeyboardInterrupt):
        list(run([BY_NAME["afi_is_written"]], bench))

    assert put_back(bench) == ()
    assert set(table.afi.values()) == {0x07}


class NobodyThere(FakeHands):
    def lay(self, count: int) -> bool:
        return False


def test_what_needs_hands_is_skipped_when_nobody_is_there():
    assert made("afi_is_written", hands=NobodyThere)[0].outcome is Outcome.SKIPPED
    assert made("absent_is_gone", hands=NobodyThere)[0].outcome is Outcome.MET
