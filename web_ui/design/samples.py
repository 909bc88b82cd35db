"""Every screen in every interesting state, as views: the living page shows them, the tests check them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kiosk.circulation.model import HoldStatus, LoanId, PartKind, Reason, Refusal, TitleId
from kiosk.library.port import CheckinNote
from kiosk.station.view import (
    AccountPanel,
    ClosedView,
    DoneView,
    Frame,
    HoldNews,
    HoldRow,
    IdentifyingView,
    LoanRow,
    Look,
    NoticeView,
    OutOfOrderView,
    ParentSlip,
    PinView,
    ReceiptState,
    ReceiptWay,
    ReturnsView,
    Row,
    RowState,
    ServiceView,
    SessionView,
    SetPart,
    ShelterView,
    StackFirstView,
    StartingView,
    StationView,
    WelcomeView,
)

DUE = date(2026, 12, 14)
FRAME = Frame(visit=7, language="uk")

BOOKS = (
    ("Тіні забутих предків", "Михайло Коцюбинський"),
    ("Ґудзик", "Ірен Роздобудько"),
    ("Кобзар", "Тарас Шевченко"),
    ("Планета Полин", "Оксана Забужко"),
    ("Захар Беркут", "Іван Франко"),
    ("Лісова пісня", "Леся Українка"),
    ("Тореадори з Васюківки", "Всеволод Нестайко"),
    ("Harry Potter and the Philosopher’s Stone", "J. K. Rowling"),
    ("Енеїда", "Іван Котляревський"),
    ("Ворошиловград", "Сергій Жадан"),
)

FACTS = {
    Refusal.FEES: Reason(Refusal.FEES, amount=Decimal("42.50")),
    Refusal.OVERDUE: Reason(Refusal.OVERDUE, number=3),
    Refusal.LOAN_LIMIT: Reason(Refusal.LOAN_LIMIT, number=10),
    Refusal.CLAIM_LIMIT: Reason(Refusal.CLAIM_LIMIT, number=3),
    Refusal.TYPE_LIMIT: Reason(Refusal.TYPE_LIMIT, number=2, text="disc"),
    Refusal.TOO_YOUNG: Reason(Refusal.TOO_YOUNG, number=16),
    Refusal.CARD_EXPIRED: Reason(Refusal.CARD_EXPIRED, day=date(2025, 8, 31)),
    Refusal.RENEWAL_LIMIT: Reason(Refusal.RENEWAL_LIMIT, number=2),
    Refusal.RENEWAL_NO_GAIN: Reason(Refusal.RENEWAL_NO_GAIN, day=DUE),
    Refusal.ALREADY_YOURS: Reason(Refusal.ALREADY_YOURS, day=DUE),
    Refusal.FOREIGN_TAG: Reason(Refusal.FOREIGN_TAG, text="UA-30-00012"),
    Refusal.PARTS_MISSING: Reason(Refusal.PARTS_MISSING, number=1),
    Refusal.HOLD_LIMIT: Reason(Refusal.HOLD_LIMIT, number=5),
}
"""Reasons with the facts the rules give them; the other refusals carry none."""


def reason(refusal: Refusal) -> Reason:
    return FACTS.get(refusal, Reason(refusal))


def row(number: int, state: RowState, **more: Any) -> Row:
    title, author = BOOKS[number % len(BOOKS)]
    due = DUE if state in {RowState.LENT, RowState.YOURS} else None
    return replace(Row(key=f"b{number}", state=state, title=title, author=author, due=due), **more)


def session(*rows: Row, **more: Any) -> SessionView:
    empty = SessionView(
        FRAME, name="Оленка К.", rows=rows, lent=0, busy=False, on_account=False, account=None, blocks=()
    )
    lent = sum(r.state is RowState.LENT for r in rows)
    return replace(empty, lent=lent, **more)


def passport(*missing: int) -> tuple[SetPart, ...]:
    parts = (("Книжка", PartKind.BOOK), ("Диск 1", PartKind.DISC), ("Диск 2", PartKind.DISC), ("Ноти", PartKind.SCORE))
    return tuple(SetPart(n, *part, here=n not in missing) for n, part in enumerate(parts, start=1))


def account(count: int = 4) -> AccountPanel:
    loans = [
        LoanRow(LoanId(f"loan-{n}"), *BOOKS[n % len(BOOKS)], due=DUE, overdue=False, renewed=False, reasons=())
        for n in range(count)
    ]
    loans[1] = replace(loans[1], overdue=True, due=date(2026, 11, 2), reasons=(reason(Refusal.HELD_FOR_ANOTHER),))
    loans[2] = replace(loans[2], renewed=True)
    loans[3] = replace(loans[3], renewing=True)
    holds = (
        HoldRow("Катананхе", "Софія Андрухович", HoldStatus.READY, 1, "Центральна бібліотека", TitleId("t1")),
        HoldRow("Драбина", "Євгенія Кузнєцова", HoldStatus.WAITING, 3, "Філія № 5", TitleId("t2")),
    )
    return AccountPanel(tuple(loans), holds, Decimal("12.50"), max_loans=10)


def mixed_session() -> SessionView:
    return session(
        row(0, RowState.OPENING),
        row(1, RowState.REFUSED, reasons=(reason(Refusal.HELD_FOR_ANOTHER),)),
        row(2, RowState.LENT),
        row(3, RowState.LENT),
        row(4, RowState.PUT_BACK),
        row(5, RowState.YOURS, can_return=True, can_renew=LoanId("loan-5")),
        row(7, RowState.LENT),
        busy=True,
    )


def returned_rows() -> tuple[Row, ...]:
    return (
        row(0, RowState.CLOSING),
        row(1, RowState.RETURNED, notes=(CheckinNote.HELD,)),
        row(2, RowState.RETURNED, notes=(CheckinNote.LATE, CheckinNote.FEE), late_days=5, fee=Decimal("7.50")),
        row(3, RowState.RETURNED, notes=(CheckinNote.OTHER_BRANCH,), destination="Філія № 5"),
        row(4, RowState.RETURNED),
        row(5, RowState.STAFF, notes=(CheckinNote.GATE_OWED,)),
        row(6, RowState.RETURNED, notes=(CheckinNote.NOT_ON_LOAN,)),
        row(7, RowState.RETURNED, title="", author="", notes=(CheckinNote.UNKNOWN_ITEM,)),
        row(8, RowState.RETURNED, parts=4, parts_seen=3, set=passport(4), notes=(CheckinNote.INCOMPLETE,)),
        row(9, RowState.RETURNED, notes=(CheckinNote.COMPLETED,)),
    )


def done(**more: Any) -> DoneView:
    quiet = DoneView(
        FRAME,
        lent=0,
        due=None,
        returned=0,
        renewed=0,
        trouble=(),
        take_card=False,
        receipt=ReceiptState.NONE,
        ends_in=8,
    )
    return replace(quiet, **more)


TROUBLE = (
    row(1, RowState.STAFF),
    row(2, RowState.REFUSED, reasons=(reason(Refusal.DAMAGED_TAG),)),
    row(3, RowState.PUT_BACK),
)


def screens() -> Iterator[tuple[str, StationView]]:
    """Name and view of every screen worth looking at."""
    yield "starting", StartingView(FRAME)
    yield "service", ServiceView(FRAME)
    yield "out-of-order", OutOfOrderView(FRAME, missing=("pad", "card-reader", "library"))
    yield "welcome", WelcomeView(FRAME)
    yield "welcome-on-battery", WelcomeView(replace(FRAME, lends=False, on_battery=True, battery_minutes=42))
    yield "welcome-after-hours", WelcomeView(replace(FRAME, lends=False, after_hours=True))
    yield "closed", ClosedView(FRAME, datetime(2026, 11, 30, 10, 0, tzinfo=UTC))
    yield "closed-battery", ClosedView(FRAME, battery_low=True)
    yield "shelter", ShelterView(FRAME, since=60)
    yield "welcome-card-left", WelcomeView(FRAME, lift_card=True)
    yield "welcome-returns-only", WelcomeView(replace(FRAME, lends=False, prints=False))
    yield "welcome-lends-only", WelcomeView(replace(FRAME, returns=False))
    yield "welcome-scanner", WelcomeView(replace(FRAME, scans=True, scans_cards=True))
    yield "welcome-help", WelcomeView(replace(FRAME, helping=True))
    yield "identifying", IdentifyingView(FRAME, books=3)
    yield "pin", PinView(FRAME, typed=2, length=4, tries_left=None, checking=False, books=5)
    yield "pin-wrong", PinView(FRAME, typed=0, length=4, tries_left=2, checking=False)
    yield "pin-checking", PinView(FRAME, typed=4, length=4, tries_left=None, checking=True)
    yield from session_screens()
    yield from other_screens()


def session_screens() -> Iterator[tuple[str, StationView]]:
    yield "session-empty", session()
    yield "session-claimed-card", replace(mixed_session(), name="", account_open=False)
    yield "session", mixed_session()
    yield "session-leaving", replace(mixed_session(), frame=replace(FRAME, leaving_in=8.4))
    yield "session-help-called", replace(mixed_session(), frame=replace(FRAME, helping=True, called=True))
    yield "session-large-text", replace(mixed_session(), frame=replace(FRAME, look=Look(text=150, contrast=True)))
    waits = row(0, RowState.REFUSED, reasons=(reason(Refusal.HELD_FOR_ANOTHER),), place=2)
    offered = row(1, RowState.REFUSED, reasons=(reason(Refusal.ON_LOAN_TO_ANOTHER),), can_hold=True, can_return=True)
    news = HoldNews(TitleId("t1"), BOOKS[0][0], place=2, branch="Центральна бібліотека")
    yield "session-hold-placed", session(waits, offered, hold_news=news)
    full = HoldNews(TitleId("t1"), BOOKS[0][0], reasons=(reason(Refusal.HOLD_LIMIT),))
    yield "session-hold-refused", session(offered, hold_news=full)
    yield "session-forty", session(*(row(n, RowState.LENT) for n in range(40)))
    yield "session-finishing", session(row(0, RowState.OPENING), row(1, RowState.LENT), busy=True, finishing=True)
    yield "session-blocked", session(blocks=(reason(Refusal.FEES), reason(Refusal.OVERDUE)))
    child = replace(FRAME, child=True)
    yield "session-child", replace(mixed_session(), frame=child, name="Марко")
    for how in (ParentSlip.PRINTED, ParentSlip.TELL):
        yield f"session-child-{how}", session(frame=child, name="Марко", parent_slip=how)
    yield "session-parts", session(row(0, RowState.WAITING, parts_seen=2, parts=3, set=passport(3)), busy=True)
    why = Reason(Refusal.PARTS_MISSING, number=2)
    lacking = row(1, RowState.REFUSED, parts_seen=2, parts=4, set=passport(2, 4), reasons=(why,), can_return=True)
    yield "session-parts-missing", session(lacking)
    yield "session-account", session(on_account=True, account=account())
    yield "session-account-loading", session(on_account=True)
    yield (
        "session-child-account",
        session(frame=child, name="Марко", on_account=True, account=replace(account(), fees=None)),
    )
    refused = [row(n, RowState.REFUSED, reasons=(reason(why),)) for n, why in enumerate(Refusal)]
    yield "session-every-refusal", session(*refused)
    yield "session-child-every-refusal", session(*refused, frame=child, name="Марко")
    unread = row(3, RowState.REFUSED, title="", author="", reasons=(reason(Refusal.DAMAGED_TAG),))
    strange = Row("s", RowState.REFUSED, scanned=True, reasons=(reason(Refusal.BARCODE_ISBN),))
    waiting = Row("w", RowState.WAITING, scanned=True)
    scanned = session(waiting, strange, unread, row(2, RowState.LENT), busy=True)
    yield "session-scanned", replace(scanned, frame=replace(FRAME, scans=True))
    yield "session-every-state", session(*(row(n, state) for n, state in enumerate(RowState)))


def other_screens() -> Iterator[tuple[str, StationView]]:
    asking = (row(0, RowState.ASKING, on_loan=True), row(1, RowState.ASKING, on_loan=True), row(2, RowState.ASKING))
    yield "stack-first", StackFirstView(FRAME, asking, on_loan=2, in_stock=1)
    yield "stack-first-in-stock", StackFirstView(FRAME, asking[2:], on_loan=0, in_stock=1)
    yield "stack-first-reading", StackFirstView(FRAME, (row(0, RowState.READING),), on_loan=0, in_stock=0)
    yield "returns-empty", ReturnsView(FRAME, (), returned=0, busy=False)
    yield "returns", ReturnsView(FRAME, returned_rows(), returned=6, busy=True)
    yield "returns-finishing", ReturnsView(FRAME, returned_rows(), returned=6, busy=True, finishing=True)
    every = tuple(ReceiptWay)
    yield "done", done(lent=5, due=DUE, take_card=True, receipt=ReceiptState.OFFERED, ways=every)
    yield (
        "done-trouble",
        done(lent=5, due=DUE, returned=2, renewed=1, trouble=TROUBLE, receipt=ReceiptState.OFFERED, ways=every),
    )
    yield (
        "done-child",
        done(
            frame=replace(FRAME, child=True),
            lent=3,
            due=DUE,
            returned=2,
            stamps=5,
            receipt=ReceiptState.OFFERED,
            ways=every,
        ),
    )
    over = (
        ReceiptState.PRINTING,
        ReceiptState.PRINTED,
        ReceiptState.DECLINED,
        ReceiptState.MAILING,
        ReceiptState.MAILED,
    )
    for state in over:
        yield f"done-{state}", done(returned=3, receipt=state)
    for state in (ReceiptState.FAILED, ReceiptState.NOT_MAILED):
        yield f"done-{state}", done(returned=3, receipt=state, ways=every)
    yield (
        "done-qr",
        done(returned=3, receipt=ReceiptState.SHOWN, code="HTTPS://KATALOG.EXAMPLE/R/" + "ABCDEFGH234567" * 14),
    )
    yield "done-nothing", done()
    yield "notice-refused", NoticeView(FRAME, reasons=(reason(Refusal.CARD_EXPIRED),))
    for hint in ("card-torn", "card-unreadable", "card-not-proven", "card-several", "pin-abandoned"):
        yield f"notice-{hint}", NoticeView(FRAME, hint=hint)
    yield "notice-barcode", NoticeView(FRAME, hint="barcode-isbn")
    yield "notice-pin-locked", NoticeView(FRAME, hint="pin-locked", minutes=15)
