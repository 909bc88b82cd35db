"""Slips to look at: one of every kind, with long titles, wide letters and everything that can happen to a copy."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.devices import Slip
from kiosk.receipts.slips import (
    ParentNote,
    Phrases,
    Receipt,
    ReceiptLine,
    ReturnedLine,
    ShelfNote,
    TroubleLine,
    render,
    render_parent_note,
    render_shelf_note,
)
from kiosk.receipts.template import Template
from kiosk.receipts.token import Moved, Stub, seal

AT = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)
DUE = date(2026, 12, 10)
TITLE = "Тигролови"
SAMPLE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""A key everybody knows: what it signs proves nothing anywhere."""
BORROWED = (
    ReceiptLine("Тигролови", "Іван Багряний", DUE),
    ReceiptLine("Ґедзь і ґанок: оповідки з Полісся про людей, бджіл і їхні хати", "Їжакевич Є. Ю.", DUE),
    ReceiptLine("Klee Wyck", "Emily Carr", DUE),
)
BACK = (
    ReturnedLine("Місто", "Валер’ян Підмогильний"),
    ReturnedLine("Лісова пісня", "Леся Українка", late_days=5, fee=Decimal("2.50")),
    ReturnedLine("Кобзар", "Тарас Шевченко", destination="Філія № 5"),
    ReturnedLine("Катананхе", "Софія Андрухович", held=True),
    ReturnedLine("Драбина", "Євгенія Кузнєцова", gate_owed=True),
)
TOKEN = seal(
    Stub("1a2b3c-7", AT, {Moved.LENT: ("0012000001", "0012000002", "0012000003"), Moved.RETURNED: ("0012000009",)}),
    SAMPLE_KEY,
)

Sample = Callable[[str, str, Phrases, Template], Slip]
"""Makes a slip of a language and a branch's name."""


def _borrowed(language: str, branch: str, phrases: Phrases, template: Template) -> Slip:
    receipt = Receipt(language, branch, "hall", AT, "1a2b3c-7", lent=BORROWED, token=TOKEN)
    return render(receipt, phrases, template)


def _everything(language: str, branch: str, phrases: Phrases, template: Template) -> Slip:
    why = phrases.say(language, "receipt.gate-owed")
    receipt = Receipt(
        language, branch, "hall", AT, "1a2b3c-8", BORROWED[:1], BACK, BORROWED[1:2],
        trouble=(TroubleLine("Солодка Даруся", (why,)),), token=TOKEN,
    )  # fmt: skip
    return render(receipt, phrases, template)


def _child(language: str, branch: str, phrases: Phrases, template: Template) -> Slip:
    receipt = Receipt(
        language, branch, "hall", AT, "1a2b3c-9", lent=BORROWED[:2], returned=BACK[:1], stamps=3, token=TOKEN
    )
    return render(receipt, phrases, template)


def _parents(language: str, branch: str, phrases: Phrases, template: Template) -> Slip:
    note = ParentNote(language, branch, AT, template.phone or "(0412) 47-27-61", Decimal("12.50"), BORROWED[:2])
    return render_parent_note(note, phrases)


def _hold(language: str, branch: str, phrases: Phrases, _: Template) -> Slip:
    return render_shelf_note(ShelfNote(language, branch, AT, TITLE, "0012000001", held=True, code="4821"), phrases)


def _transfer(language: str, branch: str, phrases: Phrases, _: Template) -> Slip:
    return render_shelf_note(ShelfNote(language, branch, AT, TITLE, "0012000001", "Філія № 5"), phrases)


SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        "borrowed": _borrowed,
        "everything": _everything,
        "child": _child,
        "parents": _parents,
        "hold": _hold,
        "transfer": _transfer,
    }
)
