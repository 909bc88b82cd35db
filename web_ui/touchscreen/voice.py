"""What the screens say: reasons, verdicts and notes as sentences of one language.

Chooses words for values; draws nothing and decides nothing about lending.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.circulation.model import Reason, Refusal
from kiosk.library.port import CheckinNote
from kiosk.station.view import Row, RowState
from web_ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something did not go as wished, and what to do here and now; either may be empty."""

    why: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """The texts in one language.

    A `discreet` voice never says an amount of money: children, other people's eyes. One for a `child` speaks as to one.
    `leave_at` is where a book that is not lent is left here; `scans`: a barcode can help where a tag cannot be read.
    """

    texts: Texts
    lang: str
    discreet: bool = False
    child: bool = False
    leave_at: str = ""
    scans: bool = False

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        return self.texts.say(self.lang, key, n, **values)

    def money(self, amount: Decimal) -> str:
        return self.texts.money(self.lang, amount)

    def near_day(self, day: date) -> str:
        return self.texts.near_day(self.lang, day)

    def week_day(self, day: date) -> str:
        return self.texts.week_day(self.lang, day)

    def explain(self, reason: Reason) -> Explanation:
        """Say why, as exactly as the facts of the reason and discretion allow, and what to do."""
        stem = f"refusal.{reason.refusal}"
        if self.child and reason.refusal in TOLD_KINDLY:
            number = reason.number if reason.refusal in _EXACT_FOR_A_CHILD else None
            return Explanation(why=self.say(f"{stem}.child", number), do=self.say(f"{stem}.child-do"))
        scan = self.scans and reason.refusal in HELPED_BY_BARCODE
        return Explanation(why=self._why(reason), do=self.say(f"{stem}.scan" if scan else f"{stem}.do"))

    def verdict(self, row: Row) -> str:
        """Say in a few words where this copy is on its way."""
        if row.state is RowState.ASKING:
            return self.say("row.asking-return" if row.on_loan else "row.asking-borrow")
        if row.state is RowState.WAITING and row.parts_seen < row.parts:
            return self.say("row.waiting-parts")
        if row.state is RowState.WAITING and row.scanned:
            return self.say("row.waiting-tag")
        return self.say(f"row.{row.state}")

    def name(self, row: Row) -> str:
        """Say what the copy is called, or what it is as long as nobody knows."""
        if row.scanned and not row.title:
            strange = any(reason.refusal in STRANGE for reason in row.reasons)
            return self.say("row.untitled-barcode" if strange else "row.untitled-scanned")
        return row.title or self.say("row.untitled")

    def explanations(self, row: Row) -> tuple[Explanation, ...]:
        """Everything a person should know about this copy beyond its verdict."""
        return (
            *(self.explain(reason) for reason in row.reasons),
            *_unexplained(self, row),
            *_on_the_pad(self, row),
            *_left_here(self, row),
            *(Explanation(self._note(CheckinNote(note), row)) for note in row.notes),
        )

    def _why(self, reason: Reason) -> str:
        stem = f"refusal.{reason.refusal}"
        match reason:
            case Reason(refusal=Refusal.OVERDUE, day=date() as day):
                return self.say(f"{stem}.since", day=self.texts.day(self.lang, day))
            case Reason(refusal=Refusal.FEES, amount=Decimal() as amount) if not self.discreet:
                return self.say(f"{stem}.exact", amount=self.money(amount))
            case Reason(refusal=refusal, number=int() as number) if refusal in _EXACT_BY_NUMBER:
                return self.say(f"{stem}.exact", number)
            case Reason(refusal=refusal, day=date() as day) if refusal in _EXACT_BY_DAY:
                return self.say(f"{stem}.exact", day=self.texts.day(self.lang, day))
            case Reason(refusal=Refusal.FOREIGN_TAG | Refusal.LIBRARY_REFUSES, text=str() as text):
                return self.say(f"{stem}.exact", text=text)
        return self.say(f"{stem}.why")

    def _note(self, note: CheckinNote, row: Row) -> str:
        if note is CheckinNote.LATE and row.late_days:
            return self.say("note.late-days", row.late_days)
        if note is CheckinNote.FEE and row.fee and not self.discreet:
            return self.say("note.fee-amount", amount=self.money(row.fee))
        if note is CheckinNote.OTHER_BRANCH and row.destination:
            return self.say("note.other-branch-named", branch=row.destination)
        if note is CheckinNote.HELD and row.destination:
            return self.say("note.held-elsewhere", branch=row.destination)
        return self.say(f"note.{note}")


HELPED_BY_BARCODE = frozenset({Refusal.DAMAGED_TAG, Refusal.BLANK_TAG})
"""Refusals a scanner can help with: texts `.scan`."""
STRANGE = frozenset({Refusal.BARCODE_STRANGE, Refusal.BARCODE_ISBN})
"""What was scanned is no copy at all."""
TOLD_KINDLY = frozenset({
    Refusal.FEES, Refusal.OVERDUE, Refusal.TOO_YOUNG, Refusal.LOAN_LIMIT, Refusal.TYPE_LIMIT, Refusal.TYPE_NOT_LENT,
    Refusal.NOT_FOR_LOAN, Refusal.HELD_FOR_ANOTHER, Refusal.ON_LOAN_TO_ANOTHER, Refusal.ITEM_UNKNOWN,
})  # fmt: skip
"""Refusals a child hears in other words than a grown-up: texts `.child` and `.child-do`."""
_EXACT_FOR_A_CHILD = frozenset({Refusal.TOO_YOUNG})
_EXACT_BY_NUMBER = frozenset({
    Refusal.OVERDUE, Refusal.LOAN_LIMIT, Refusal.TYPE_LIMIT, Refusal.TOO_YOUNG,
    Refusal.RENEWAL_LIMIT, Refusal.HOLD_LIMIT, Refusal.PARTS_MISSING, Refusal.CLAIM_LIMIT,
})  # fmt: skip
_EXACT_BY_DAY = frozenset({Refusal.CARD_EXPIRED, Refusal.RENEWAL_NO_GAIN, Refusal.ALREADY_YOURS})


STAYS_HERE = frozenset({
    Refusal.HELD_FOR_ANOTHER, Refusal.NOT_FOR_LOAN, Refusal.TOO_YOUNG, Refusal.LOAN_LIMIT, Refusal.TYPE_LIMIT,
    Refusal.TYPE_NOT_LENT, Refusal.FEES, Refusal.OVERDUE, Refusal.CLAIM_LIMIT,
})  # fmt: skip
"""Refusals after which a book of the house is left in it: it is nobody's, and need not go through anybody's hands."""


def _left_here(voice: Voice, row: Row) -> tuple[Explanation, ...]:
    """Name the place for a book that is not lent. One that needs a person says so itself."""
    why = {reason.refusal for reason in row.reasons}
    if row.state is not RowState.REFUSED or not why or not why <= STAYS_HERE or not voice.leave_at:
        return ()
    return (Explanation("", voice.say("row.leave-at", place=voice.leave_at)),)


def _on_the_pad(voice: Voice, row: Row) -> tuple[Explanation, ...]:
    """Why a copy named by its barcode should be laid down, too."""
    if not row.lay_down:
        return ()
    return (Explanation(voice.say("row.lay-down" if row.state is RowState.WAITING else "row.lay-down-too")),)


def _unexplained(voice: Voice, row: Row) -> tuple[Explanation, ...]:
    """A word on states that carry no reason of their own but must not be left bare."""
    if row.reasons or row.notes:
        return ()
    if row.state is RowState.PUT_BACK:
        return (Explanation(voice.say("row.put-back-why")),)
    if row.state is RowState.STAFF:
        return (Explanation(voice.say("row.staff-why")),)
    return ()
