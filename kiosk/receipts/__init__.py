"""Slips of a visit: what they say, how a branch dresses them, and the signed token that proves one."""

from kiosk.receipts.slips import (
    STANDARD_COLUMNS,
    ParentNote,
    Phrases,
    Receipt,
    ReceiptLine,
    ReturnedLine,
    ShelfNote,
    TroubleLine,
    plain_text,
    printable,
    render,
    render_parent_note,
    render_shelf_note,
    wrapped,
)
from kiosk.receipts.template import Part, Template

__all__ = [
    "STANDARD_COLUMNS",
    "ParentNote",
    "Part",
    "Phrases",
    "Receipt",
    "ReceiptLine",
    "ReturnedLine",
    "ShelfNote",
    "Template",
    "TroubleLine",
    "plain_text",
    "printable",
    "render",
    "render_parent_note",
    "render_shelf_note",
    "wrapped",
]
