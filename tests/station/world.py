"""A station in a small world: the real `step`, with a library and a pad in memory and a clock that is told."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.circulation.model import ItemId, Reason, Refusal
from kiosk.devices import DeviceFacts, TagUid
from kiosk.library.port import GateFact, GateOutcome, LibraryUnreachable
from kiosk.station import effects as do
from kiosk.station import events as on
from kiosk.station.chores import LibraryQuestions
from kiosk.station.deadlines import next_deadline
from kiosk.station.pieces import Piece
from kiosk.station.printing import Press
from kiosk.station.setup import Setup
from kiosk.station.states import State, started
from kiosk.station.step import step
from kiosk.station.view import StationView, Touch
from kiosk.station.views import view_of
from kiosk.station.workers import Question
from tests.fakes import FakeLibrary, FakeTag
from web_ui.texts import Texts

FACTS = DeviceFacts("test", "1", "nowhere")


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def press_of_tests() -> Press:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    words = Texts.load(only=("uk",))
    return Press("Центральна", "hall", "abcdef12", lambda: noon, words, lambda _, reason: reason.refusal, key=KEY)


class World:
    """Events go in, effects are carried out at once or held back (`hold`), in the order they were asked for."""

    def __init__(self, library: FakeLibrary | None = None, setup: Setup | None = None) -> None:
        self.library = library or FakeLibrary()
        self.now = 100.0
        self.state: State = started(setup or Setup(run="r"), self.now)
        self.field: dict[TagUid, FakeTag] = {}
        self.away: dict[TagUid, FakeTag] = {}
        self.waiting: deque[do.Effect] = deque()
        self.printed: list[do.PrintReceipt] = []
        self.shelf_slips: list[do.PrintShelfSlip] = []
        self.parent_slips: list[do.PrintParentSlip] = []
        self.press = press_of_tests()
        self.paper = True
        self.calls = 0
        self.hold = False
        for kind in on.DeviceKind:
            self.tell(on.DeviceUp(kind, FACTS))
        self.pass_time(1.0)
        self.sweep()

    @property
    def view(self) -> StationView:
        return view_of(self.state, self.now)

    def tell(self, event: on.Event) -> None:
        self.state, effects = step(self.state, event, self.now)
        self.waiting.extend(effects)
        if not self.hold:
            self.work()

    def work(self) -> None:
        """Carry out everything that was asked for."""
        while self.waiting:
            self.work_once()

    def work_once(self) -> None:
        for event in self._carry_out(self.waiting.popleft()):
            self.tell(event)

    def touch(self, touch: Touch, value: str = "") -> None:
        self.tell(on.Touched(touch, value, self.state.visit))

    def sweep(self) -> None:
        self.tell(on.StackChanged(frozenset(self.field)))

    def lay(self, *tags: FakeTag) -> None:
        for tag in tags:
            self.field[tag.uid] = self.away.pop(tag.uid, tag)
        self.sweep()

    def lift(self, *uids: TagUid) -> None:
        for uid in uids or tuple(self.field):
            self.away[uid] = self.field.pop(uid)
        self.sweep()

    def snatch(self, uid: TagUid) -> None:
        """Take a tag away without the pad having noticed yet."""
        self.away[uid] = self.field.pop(uid)

    def pass_time(self, seconds: float) -> None:
        """Let time go by, serving every deadline when it comes."""
        until = self.now + seconds
        while (deadline := next_deadline(self.state)) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            self.tell(on.DeadlinePassed())
        self.now = until

    def tag_of(self, item: str) -> FakeTag:
        return next(tag for tag in (*self.field.values(), *self.away.values()) if tag.item == item)

    def loans(self) -> set[ItemId]:
        return set(self.library.on_loan)

    def _carry_out(self, effect: do.Effect) -> list[on.Event]:
        match effect:
            case do.ReadTags(tags):
                return [self._read(tags)]
            case do.SetGates(orders):
                return [on.GateAnswered(self._set_gate(GateFact(order, GateOutcome.GONE))) for order in orders]
            case do.PrintReceipt():
                self.printed.append(effect)
                return [on.ReceiptPrinted(effect.visit)]
            case do.SealReceipt():
                return [on.ReceiptSealed(effect.visit, self.press.code(effect.receipt))]
            case do.MailReceipt():
                return self._ask(LibraryQuestions(self.library).want_receipt(effect, self.press))
            case do.CallStaff():
                self.calls += 1
                return []
            case do.PrintParentSlip():
                self.parent_slips.append(effect)
                return [on.ParentSlipEnded(effect.visit, printed=self.paper)]
            case do.PrintShelfSlip():
                self.shelf_slips.append(effect)
                return []
            case _:
                question = LibraryQuestions(self.library).about(effect)
                assert question is not None
                return self._ask(question)

    def _ask(self, question: Question) -> list[on.Event]:
        try:
            return list(question.ask())
        except LibraryUnreachable as silent:
            return [question.unanswered(str(silent))]

    def _read(self, tags: tuple[TagUid, ...]) -> on.TagsRead:
        here = [self.field[uid] for uid in tags if uid in self.field]
        return on.TagsRead(tuple(map(_piece_of, here)), tuple(uid for uid in tags if uid not in self.field))

    def _set_gate(self, fact: GateFact) -> GateFact:
        tag = self.field.get(fact.order.tag)
        if tag is None:
            return fact
        tag = self.field[tag.uid] = tag.with_gate(armed=fact.order.armed)
        done = tag.armed == fact.order.armed
        return replace(fact, outcome=GateOutcome.DONE if done else GateOutcome.LOCKED, afi=0x07 if tag.armed else 0xC2)


def _piece_of(tag: FakeTag) -> Piece:
    """What a tag says; one of no item says nothing anybody can read."""
    if not tag.item:
        return Piece(tag.uid, fault=Reason(Refusal.DAMAGED_TAG))
    return Piece(tag.uid, ItemId(tag.item), tag.owner, tag.parts, tag.part)
