"""The press: makes the slip of a visit from its books. Knows the place and the time, no printer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.circulation.model import Reason
from kiosk.devices import Slip
from kiosk.library.port import CheckinNote, WantedReceipt
from kiosk.receipts import (
    ParentNote,
    Phrases,
    Receipt,
    ReceiptLine,
    ReturnedLine,
    ShelfNote,
    Template,
    TroubleLine,
    render,
    render_parent_note,
    render_shelf_note,
)
from kiosk.receipts.token import Moved, Stub, seal
from kiosk.station.books import Book, Books
from kiosk.station.effects import MailReceipt, PrintParentSlip, PrintReceipt, PrintShelfSlip
from kiosk.station.endings import TROUBLE
from kiosk.station.view import RowState


@dataclass(frozen=True, slots=True)
class Press:
    """*now* gives civil time at the branch; *run* makes slip numbers unlike those of another program start.

    *explain* puts a reason into words of a language, without amounts: a slip is left lying about.
    """

    branch: str
    station: str
    run: str
    now: Callable[[], datetime]
    phrases: Phrases
    explain: Callable[[str, Reason], str]
    language: str = "uk"
    phone: str = ""
    template: Template = field(default_factory=Template)
    key: Ed25519PrivateKey | None = None

    def slip(self, effect: PrintReceipt) -> Slip:
        return render(self.receipt(effect), self.phrases, self.template)

    def code(self, effect: PrintReceipt) -> str:
        """What the QR code of a receipt holds; "" without a key, or when the visit is too long for one."""
        token = self.token(effect)
        return self.template.page + token if token else ""

    def token(self, effect: PrintReceipt) -> str:
        """The receipt signed by this station; "" without a key, or when the visit is too long for one."""
        if self.key is None:
            return ""
        books = effect.books
        moved = {
            Moved.RETURNED: _items(_in(books, RowState.RETURNED)),
            Moved.LENT: _items(_in(books, RowState.LENT)),
            Moved.RENEWED: tuple(str(line.item) for line in effect.renewed),
        }
        try:
            return seal(Stub(self.number(effect), self.now(), moved), self.key)
        except ValueError:
            return ""

    def wanted(self, effect: MailReceipt) -> WantedReceipt:
        """What the ledger keeps of a receipt wanted by e-mail."""
        receipt = effect.receipt
        lent = (book for book in _in(receipt.books, RowState.LENT) if book.item and book.due)
        returned = (book for book in _in(receipt.books, RowState.RETURNED) if book.item)
        return WantedReceipt(
            patron=effect.patron,
            language=receipt.language,
            number=self.number(receipt),
            token=self.token(receipt),
            lent=tuple((book.item, book.due) for book in lent if book.item and book.due),
            renewed=tuple((line.item, line.due) for line in receipt.renewed),
            returned=tuple((book.item, book.late_days, book.fee) for book in returned if book.item),
        )

    def number(self, effect: PrintReceipt) -> str:
        return f"{self.run[:6]}-{effect.visit}"

    def receipt(self, effect: PrintReceipt) -> Receipt:
        books = effect.books
        return Receipt(
            language=effect.language,
            branch=self.branch,
            station=self.station,
            printed_at=self.now(),
            number=self.number(effect),
            token=self.token(effect),
            lent=tuple(
                ReceiptLine(title(book), author(book), book.due)
                for book in _in(books, RowState.LENT)
                if book.due is not None
            ),
            returned=tuple(_returned(book) for book in _in(books, RowState.RETURNED)),
            renewed=tuple(ReceiptLine(line.title, line.author, line.due) for line in effect.renewed),
            refused=tuple(self._trouble(effect.language, book) for book in _in(books, RowState.REFUSED)),
            trouble=tuple(self._trouble(effect.language, book) for book in _in(books, *TROUBLE)),
            stamps=effect.stamps,
        )

    def shelf_slip(self, effect: PrintShelfSlip) -> Slip:
        """Make the slip for staff; in the language of the house, whatever the patron speaks."""
        note = ShelfNote(
            language=self.language,
            branch=self.branch,
            printed_at=self.now(),
            title=effect.title,
            item=effect.item,
            destination=effect.destination,
            held=effect.held,
            code=effect.hold_code,
        )
        return render_shelf_note(note, self.phrases)

    def parent_slip(self, effect: PrintParentSlip) -> Slip:
        """Make the slip a child takes home; in the language of the house."""
        note = ParentNote(
            language=self.language,
            branch=self.branch,
            printed_at=self.now(),
            phone=self.phone,
            fees=sum((reason.amount for reason in effect.blocks if reason.amount), Decimal(0)),
            late=tuple(ReceiptLine(line.title, line.author, line.due) for line in effect.late),
        )
        return render_parent_note(note, self.phrases)

    def _trouble(self, language: str, book: Book) -> TroubleLine:
        return TroubleLine(title(book), tuple(self.explain(language, reason) for reason in book.reasons))


def _in(books: Books, *states: RowState) -> Books:
    return tuple(book for book in books if book.state in states)


def _items(books: Books) -> tuple[str, ...]:
    return tuple(str(book.item) for book in books if book.item)


def title(book: Book) -> str:
    return book.words.title if book.words else book.item or ""


def author(book: Book) -> str:
    return book.words.author if book.words else ""


def _returned(book: Book) -> ReturnedLine:
    held, owed = (note.value in book.notes for note in (CheckinNote.HELD, CheckinNote.GATE_OWED))
    return ReturnedLine(title(book), author(book), book.late_days, book.fee, book.destination, held, owed)
