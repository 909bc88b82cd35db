"""Copies come back: armed and committed here first, for they are here; then the other system is told.

Between the two the return is queued, so a power cut, a silent system and a lost answer all come to the same thing.
"""

from dataclasses import dataclass, replace

from kiosk.circulation.model import BranchId, ItemId
from kiosk.library.local import checkin, settle
from kiosk.library.local.answers import Asked, keep_anew
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import BranchRules, Desk
from kiosk.library.port import (
    CheckinAnswer,
    CheckinBegun,
    CheckinNote,
    Copy,
    GateFact,
    LibraryUnreachable,
    NotTaken,
    Returned,
    Settled,
    SettleResult,
    Words,
)
from kiosk.library.remote.desk import RemoteDesk
from kiosk.library.remote.line import Line, Terms, WhenSilent
from kiosk.library.remote.system import ItemSeen, ReturnSaid, SystemSilent
from kiosk.library.remote.telling import Telling


@dataclass(frozen=True, slots=True)
class Returning:
    desk: AtTheDesk
    line: Line
    telling: Telling
    rules: BranchRules
    terms: Terms

    def begin(self, copies: tuple[Copy, ...]) -> tuple[CheckinBegun | NotTaken, ...]:
        """Write returns down. Raises: LibraryUnreachable - the system is silent, and returns are not taken then."""
        self.look_up(copies, needed=self.terms.when_silent is WhenSilent.OFF)
        return self.desk.decide(lambda desk: checkin.begin_stack(desk, copies))

    def look_up(self, copies: tuple[Copy, ...], *, needed: bool) -> dict[str, ItemSeen]:
        """Ask the system about copies, and know their titles from now on. One it does not know stays unknown.

        A silent system leaves them known by their barcodes. Raises: LibraryUnreachable - it is silent, and *needed*.
        """
        seen: dict[str, ItemSeen] = {}
        ours = self.desk.look(lambda desk: [copy for copy in copies if not desk.is_foreign(copy)])
        try:
            for copy in ours:
                seen[copy.item] = self._item(copy.item)
        except SystemSilent as silent:
            if needed:
                raise LibraryUnreachable(f"the library's system is silent: {silent}") from silent
        if ours:
            self.desk.decide(lambda desk: _meet_all(desk, ours, seen))
        return seen

    def _item(self, item: ItemId) -> ItemSeen:
        return self.line.ask(lambda system: system.item(item))

    def finish(self, copies: tuple[Copy, ...], facts: tuple[GateFact, ...]) -> tuple[CheckinAnswer, ...]:
        """Commit returns whose tags have answered, and tell the system at once, if it listens."""
        answers = self.desk.decide(lambda desk: checkin.finish_stack(desk, copies, facts))
        heard = self.tell()
        if not any(answer.copy.key in heard for answer in answers if isinstance(answer, Returned)):
            return answers
        told = tuple(self._told(answer, heard) for answer in answers)
        self.desk.decide(lambda desk: _keep_told(desk, told, heard))
        return told

    def settle(self, facts: tuple[GateFact, ...]) -> tuple[Settled, ...]:
        """Record what became of gate orders; a loan that came to nothing is taken back at the system, too."""
        settled = self.desk.decide(lambda desk: settle.settle(desk, facts))
        if any(one.result is not SettleResult.DONE for one in settled):
            self.tell()
        return settled

    def tell(self) -> dict[str, ReturnSaid]:
        """Tell what waits. What is not heard waits on."""
        try:
            return dict(self.telling.tell_all())
        except SystemSilent:
            return {}

    def _told(self, answer: CheckinAnswer, heard: dict[str, ReturnSaid]) -> CheckinAnswer:
        said = heard.get(answer.copy.key)
        return answer if said is None or not isinstance(answer, Returned) else with_verdict(answer, said, self.rules)


def with_verdict(answer: Returned, said: ReturnSaid, rules: BranchRules) -> Returned:
    """Say of a return what the system made of it: kept for somebody, on its way elsewhere, or not booked."""
    destination = BranchId(said.destination) if said.destination != rules.branch else BranchId("")
    new = {
        CheckinNote.HELD: said.held,
        CheckinNote.OTHER_BRANCH: bool(destination) and not said.held,
        CheckinNote.NOT_BOOKED: not said.taken,
    }
    words = answer.words
    if said.title and (words is None or words.title == answer.copy.item):
        words = Words(said.title)
    return replace(
        answer,
        words=words,
        notes=(*answer.notes, *(note for note, holds in new.items() if holds)),
        destination=rules.name_of(destination or None),
        hold_code=said.hold_code,
    )


def _meet_all(desk: Desk, copies: list[Copy], seen: dict[str, ItemSeen]) -> None:
    assert isinstance(desk, RemoteDesk)
    known = desk.work.items.by_id([copy.item for copy in copies])
    for copy in copies:
        said = seen.get(copy.item)
        if (said is not None and said.known) or (said is None and copy.item not in known):
            desk.meet_copy(copy.item, copy.parts, said)


def _keep_told(desk: Desk, answers: tuple[CheckinAnswer, ...], heard: dict[str, ReturnSaid]) -> None:
    for answer in answers:
        if isinstance(answer, Returned) and answer.copy.key in heard:
            keep_anew(desk.work, Asked.FINISH_CHECKIN, answer.copy.key, answer)
