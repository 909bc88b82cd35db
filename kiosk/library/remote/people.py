"""Whose card it is and whether the PIN is right, as the other system says; who stands at the screen now."""

from contextlib import suppress
from dataclasses import dataclass, replace

from kiosk.circulation.model import BranchId, CardNumber, Patron, PatronId, Reason, Refusal
from kiosk.devices import CardIdentity
from kiosk.library.local.at_the_desk import AtTheDesk
from kiosk.library.local.desk import BranchRules, Desk, PinNeed
from kiosk.library.local.pin_checks import counted, judged, pin_verifier
from kiosk.library.local.proofs import named, weigh
from kiosk.library.port import Identified, LibraryUnreachable, PinLocked, PinRight, PinWrong, Unwelcome
from kiosk.library.remote.line import Line, Terms, WhenSilent
from kiosk.library.remote.system import PatronSeen, SystemSilent, Who
from kiosk.store.guests import GUEST
from kiosk.store.identifiers import new_id
from kiosk.store.patrons import Card, Pin

CHILD_UNDER = 14
"""Years of age. Whoever is younger is shown no debts (Civil Code of Ukraine, art. 31: a minor under 14)."""
_NOT_SERVED = frozenset({Refusal.CARD_LOST, Refusal.CARD_BLOCKED, Refusal.CARD_EXPIRED, Refusal.CARD_UNKNOWN})
_NO_VERIFIER = ""


@dataclass(slots=True)
class Doorkeeper:
    """Knows who stands at the screen. PINs are kept in memory, for the length of the visit and no longer."""

    desk: AtTheDesk
    line: Line
    rules: BranchRules
    terms: Terms
    _inside: tuple[PatronId, Who] | None = None

    def who(self, patron: PatronId) -> Who:
        """Name a patron to the system: with the PIN they typed in this visit, if they did."""
        if self._inside is not None and self._inside[0] == patron:
            return self._inside[1]
        return Who(self._card(patron))

    def _card(self, patron: PatronId) -> CardNumber:
        known = self.desk.look(lambda desk: desk.work.patrons.by_id(patron))
        assert known is not None, "a patron is met before anything is asked of them"
        return known.card

    def identify(self, card: CardIdentity) -> Identified | Unwelcome:
        """Ask whose card it is. Raises: LibraryUnreachable."""
        self._inside = None
        if (unwelcome := weigh(self.desk, card)) is not None:
            return unwelcome
        card = named(self.desk, card)
        if card.number is None:
            return Unwelcome((Reason(Refusal.CARD_UNKNOWN),))
        number = card.number
        try:
            seen = self.line.ask(lambda system: system.patron(Who(number)))
        except SystemSilent as silent:
            return self._identify_unheard(card, number, silent)
        if not seen.known:
            return Unwelcome((Reason(Refusal.CARD_UNKNOWN),))
        if not_served := tuple(one for one in seen.blocks if one.refusal in _NOT_SERVED):
            return Unwelcome(not_served)
        patron = self.desk.decide(lambda desk: meet(desk, number, seen))
        self._inside = (patron, Who(seen.card))
        return self._identified(patron, card, seen)

    def _identified(self, patron: PatronId, card: CardIdentity, seen: PatronSeen) -> Identified:
        given, family = split_name(seen.name)
        return Identified(
            patron,
            given,
            family,
            child=self._is_child(seen),
            pin_needed=self._needs_pin(card),
            language=seen.language,
            blocks=seen.blocks,
            age_group="child" if self._is_child(seen) else "adult",
        )

    def _is_child(self, seen: PatronSeen) -> bool:
        if seen.born is None:
            return False
        today = self.desk.look(lambda desk: desk.today)
        had_birthday = (today.month, today.day) >= (seen.born.month, seen.born.day)
        return today.year - seen.born.year - (not had_birthday) < CHILD_UNDER

    def _needs_pin(self, card: CardIdentity) -> bool:
        needed = self.rules.pin.needed
        return needed is PinNeed.ALWAYS or card.printed or (needed is PinNeed.UNPROVEN and not card.proven)

    def _identify_unheard(self, card: CardIdentity, number: CardNumber, silent: SystemSilent) -> Identified | Unwelcome:
        """Serve a card while nobody can say whose it is: only where the branch lends all the same, and only a card
        that proves itself or one whose PIN was right here before.
        """
        if self.terms.when_silent is not WhenSilent.BOTH:
            raise LibraryUnreachable(f"the library's system is silent: {silent}") from silent
        known = self.desk.look(lambda desk: desk.work.patrons.card(number, card.uid))
        pin = None if known is None else self.desk.look(lambda desk: desk.work.patrons.pin(known.patron))
        if self._needs_pin(card) and (pin is None or pin.verifier == _NO_VERIFIER):
            raise LibraryUnreachable(f"the library's system is silent, and this PIN was never typed here: {silent}")
        seen = PatronSeen(number, known=True)
        patron = known.patron if known is not None else self.desk.decide(lambda desk: meet(desk, number, seen))
        self._inside = (patron, Who(self._card(patron)))
        return self._identified(patron, card, seen)

    def check_pin(self, patron: PatronId, pin: str) -> PinRight | PinWrong | PinLocked:
        """Have the system verify a PIN; the tries are counted here, before it is asked. Raises: LibraryUnreachable."""
        before = self.desk.decide(lambda desk: self._count_try(desk, patron))
        if isinstance(before, PinLocked):
            return before
        who = replace(self.who(patron), pin=pin)
        try:
            right = self.line.ask(lambda system: system.patron(who)).pin_right is True
        except SystemSilent as silent:
            return self._check_unheard(patron, pin, before, silent)
        if not right:
            return self._wrong(before)
        self._open(patron, who)
        return PinRight()

    def _check_unheard(
        self, patron: PatronId, pin: str, tried: Pin, silent: SystemSilent
    ) -> PinRight | PinWrong | PinLocked:
        """Verify by what was right here before. Where that cannot be, the try was none."""
        if self.terms.when_silent is not WhenSilent.BOTH or tried.verifier == _NO_VERIFIER:
            untried = replace(tried, failures=max(0, tried.failures - 1), locked_until=None)
            self.desk.decide(lambda desk: desk.work.patrons.keep_pin(patron, untried))
            raise LibraryUnreachable(f"the library's system is silent: {silent}") from silent
        at = self.desk.look(lambda desk: desk.work.moment.at)
        verdict = judged(tried, pin, self.rules.pin, at)
        if not isinstance(verdict, Pin):
            return verdict
        self.desk.decide(lambda desk: desk.work.patrons.keep_pin(patron, verdict))
        return PinRight()

    def _count_try(self, desk: Desk, patron: PatronId) -> Pin | PinLocked:
        known = desk.work.patrons.pin(patron)
        if known is None:
            known = Pin(_NO_VERIFIER)
            desk.work.guests.start_pin(patron, known)
        tried = counted(known, self.rules.pin, desk.work.moment.at)
        if isinstance(tried, Pin):
            desk.work.patrons.keep_pin(patron, tried)
        return tried

    def _wrong(self, tried: Pin) -> PinWrong | PinLocked:
        if tried.locked_until is not None:
            return PinLocked(self.rules.pin.lock_minutes)
        return PinWrong(max(0, self.rules.pin.tries - tried.failures))

    def goodbye(self) -> None:
        """Forget who stood here, and say so to a system that wants to hear it."""
        inside, self._inside = self._inside, None
        if inside is not None and not self.line.is_silent:
            with suppress(SystemSilent):  # it ends a session by itself
                self.line.ask(lambda system: system.goodbye(inside[1]))

    def _open(self, patron: PatronId, who: Who) -> None:
        """Let them in. What the PIN is worth is kept only where the branch lends while the system is silent."""
        assert who.pin is not None, "a PIN was typed"
        lends_unheard = self.terms.when_silent is WhenSilent.BOTH
        kept = Pin(pin_verifier(who.pin, self.rules.pin.pepper) if lends_unheard else _NO_VERIFIER)
        self.desk.decide(lambda desk: desk.work.patrons.keep_pin(patron, kept))
        self._inside = (patron, who)


def meet(desk: Desk, number: CardNumber, seen: PatronSeen) -> PatronId:
    """Know a patron by the card they showed and by the one the system calls them by. Their name is not kept."""
    work = desk.work
    known = work.patrons.card(seen.card, "") or work.patrons.card(number, "")
    patron = PatronId(new_id(work.moment.at)) if known is None else known.patron
    guest = Patron(patron, seen.card, "", "", GUEST, BranchId(""))
    for one in dict.fromkeys((seen.card, number)):
        work.guests.meet_patron(guest, Card(patron, one))
    return patron


def split_name(name: str) -> tuple[str, str]:
    """Split a name as systems write it into given and family name: `Коваль, Олена` or `Олена Коваль`."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma:
        return given, family
    given, _, family = name.strip().rpartition(" ")
    return (given.strip(), family) if given else (family, "")
