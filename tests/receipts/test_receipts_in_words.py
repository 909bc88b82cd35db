"""Receipts in the words the touchscreen has: every language says everything, on the narrowest paper."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kiosk.receipts import Receipt, ReceiptLine, ReturnedLine, TroubleLine, plain_text, render
from web_ui.texts import Texts

TEXTS = Texts.load()
EVERYTHING = {
    "lent": (ReceiptLine("Кобзар", "Тарас Шевченко", date(2026, 3, 30)),),
    "renewed": (ReceiptLine("Ґедзь", "", date(2026, 4, 1)),) * 2,
    "returned": (ReturnedLine("Енеїда", "", 5, Decimal("1.50"), "Дитяча № 2", held=True, gate_owed=True),) * 5,
    "refused": (TroubleLine("Атлас", ("…",)),),
    "trouble": (TroubleLine("Словник", ("…",)),),
}


def receipt(language: str) -> Receipt:
    printed_at = datetime(2026, 3, 9, 17, 5, tzinfo=UTC)
    return Receipt(language, "Центральна бібліотека", "зал", printed_at, "C1-000123", **EVERYTHING)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", TEXTS.languages)
def test_every_language_has_the_words_for_everything_that_can_happen(language: str) -> None:
    text = plain_text(render(receipt(language), TEXTS), columns=32)

    assert "{" not in text
    assert "receipt." not in text
    assert max(map(len, text.splitlines())) <= 32


def test_ukrainian_counts_books_and_days_as_people_do() -> None:
    text = plain_text(render(receipt("uk"), TEXTS))

    assert "Видано: 1 книжка\n" in text
    assert "Продовжено: 2 книжки\n" in text
    assert "Повернуто: 5 книжок\n" in text
    assert "Запізнення 5 днів\n" in text
    assert "17:05" in text
