"""A receipt wanted by e-mail: one row of the journal. The centre knows the address and sends it."""

from kiosk.library.local.desk import Desk
from kiosk.library.port import WantedReceipt
from kiosk.store.journal import EventType


def want_receipt(desk: Desk, receipt: WantedReceipt) -> None:
    """Journal what the mail is to say, without words: numbers of copies, days and amounts."""
    facts = {
        "patron": receipt.patron,
        "language": receipt.language,
        "number": receipt.number,
        "token": receipt.token,
        "lent": [[item, due.isoformat()] for item, due in receipt.lent],
        "renewed": [[item, due.isoformat()] for item, due in receipt.renewed],
        "returned": [[item, late, str(fee)] for item, late, fee in receipt.returned],
    }
    desk.work.journal.record(EventType.RECEIPT_WANTED, facts)
