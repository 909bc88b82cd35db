"""What a receipt says, and what it must never say."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices import LineStyle, Slip, SlipLine
from kiosk.receipts import (
    Receipt,
    ReceiptLine,
    ReturnedLine,
    ShelfNote,
    TroubleLine,
    plain_text,
    render,
    render_shelf_note,
    wrapped,
)

WORDS = {
    "receipt.title": "ЛітТера",
    "receipt.at": "{branch}, {station}",
    "receipt.lent": "Видано",
    "receipt.returned": "Повернуто",
    "receipt.renewed": "Продовжено",
    "receipt.not-lent": "Не видано",
    "receipt.trouble": "Потрібен бібліотекар",
    "receipt.due": "повернути до {day}",
    "receipt.late": "запізнення, днів: {n}",
    "receipt.fee": "до сплати {amount}",
    "receipt.held": "на нього вже чекають",
    "receipt.held-elsewhere": "на нього чекають: {branch}",
    "receipt.shelf-hold": "полиця броні",
    "receipt.shelf-transfer": "пересилання",
    "receipt.shelf-to": "куди: {branch}",
    "receipt.shelf-code": "для …{code}",
    "receipt.shelf-waits": "чекають",
    "receipt.shelf-item": "примірник {item}",
    "receipt.shelf-unknown": "назви немає",
    "receipt.other-branch": "поїде до: {branch}",
    "receipt.gate-owed": "захист перевірить бібліотекар",
    "receipt.count": "{n} прим.",
    "receipt.thanks": "Дякуємо, що читаєте!",
}


class UkrainianPhrases:
    """The words of one language, as the touchscreen's texts would give them; a missing key is an error."""

    def say(self, lang: str, key: str, n: int | None = None, **values: object) -> str:
        assert lang == "uk"
        return WORDS[key].format(n=n, **values)

    def day(self, lang: str, day: date) -> str:
        return f"{day:%d.%m.%Y}"

    def money(self, lang: str, amount: Decimal) -> str:
        return f"{amount:.2f} грн"


EMPTY = Receipt(
    language="uk",
    branch="Центральна бібліотека",
    station="станція 1",
    printed_at=datetime(2026, 3, 9, 17, 5, tzinfo=UTC),
    number="C1-000123",
)
KOBZAR = ReceiptLine("Кобзар", "Тарас Шевченко", date(2026, 3, 30))


def text_of(receipt: Receipt, columns: int = 42) -> str:
    return plain_text(render(receipt, UkrainianPhrases()), columns)


def test_a_receipt_says_where_when_and_which_it_is() -> None:
    text = text_of(EMPTY)

    assert "Центральна бібліотека, станція 1" in text
    assert "09.03.2026, 17:05" in text
    assert "№ C1-000123" in text
    assert text.rstrip().endswith("Дякуємо, що читаєте!")


def test_every_book_lent_stands_with_its_day() -> None:
    receipt = dataclasses.replace(EMPTY, lent=(KOBZAR, ReceiptLine("Ґедзь", "", date(2026, 4, 1))))

    text = text_of(receipt)

    assert "Видано: 2 прим.\n1. Кобзар\nТарас Шевченко\nповернути до 30.03.2026\n" in text
    assert "2. Ґедзь\nповернути до 01.04.2026\n" in text


def test_a_return_says_what_came_of_it() -> None:
    late = ReturnedLine(
        "Енеїда",
        "Іван Котляревський",
        late_days=3,
        fee=Decimal("1.50"),
        held=True,
        destination="Дитяча № 2",
        gate_owed=True,
    )

    text = text_of(dataclasses.replace(EMPTY, returned=(late, ReturnedLine("Кобзар", ""))))

    assert "запізнення, днів: 3\nдо сплати 1.50 грн\nна нього чекають: Дитяча № 2\n" in text
    assert "на нього чекають: Дитяча № 2\nзахист перевірить бібліотекар\n" in text
    assert "2. Кобзар\n\n" in text


def test_a_book_that_was_not_lent_says_why_and_trouble_sends_to_a_librarian() -> None:
    receipt = dataclasses.replace(
        EMPTY,
        refused=(TroubleLine("Атлас", ("лише в читальній залі",)),),
        trouble=(TroubleLine("Словник", ("мітка не відповіла", "віддайте бібліотекареві")),),
    )

    text = text_of(receipt)

    assert "Не видано: 1 прим.\n1. Атлас\nлише в читальній залі\n" in text
    assert "Потрібен бібліотекар: 1 прим.\n1. Словник\nмітка не відповіла\nвіддайте бібліотекареві\n" in text


def test_only_what_happened_has_a_heading() -> None:
    text = text_of(dataclasses.replace(EMPTY, renewed=(KOBZAR,)))

    assert "Продовжено" in text
    assert "Видано" not in text
    assert "Повернуто" not in text
    assert "бібліотекар:" not in text


def test_a_receipt_has_no_place_for_a_person() -> None:
    """A receipt is left on the counter: the type itself must not be able to carry a name or a card number."""
    fields = {field.name for kind in (Receipt, ReceiptLine, ReturnedLine) for field in dataclasses.fields(kind)}

    assert not {name for name in fields if any(word in name for word in ("patron", "card", "name", "email"))}


def test_the_slip_is_titled_by_its_number_and_headings_are_strong() -> None:
    slip = render(dataclasses.replace(EMPTY, lent=(KOBZAR,)), UkrainianPhrases())

    assert slip.title == "C1-000123"
    assert slip.lines[0] == SlipLine("ЛітТера", LineStyle.LARGE, centred=True)
    assert SlipLine("Видано: 1 прим.", LineStyle.STRONG) in slip.lines


def test_a_centred_line_stands_in_the_middle_and_trails_no_spaces() -> None:
    slip = Slip((SlipLine("ґава", centred=True), SlipLine("")))

    assert plain_text(slip, columns=10) == "   ґава\n\n"


def test_control_characters_of_a_record_never_reach_the_paper() -> None:
    assert wrapped("Коб\x1b@зар\x10\x04", 40) == ["Коб @зар"]


def test_a_letter_written_as_letter_and_mark_counts_as_one() -> None:
    assert wrapped("и\u0306и\u0306и\u0306", 3) == ["ййй"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "M"])), st.integers(1, 60))
def test_wrapping_loses_no_letter_and_keeps_the_width(text: str, columns: int) -> None:
    lines = wrapped(text, columns)

    assert max(map(len, lines)) <= columns
    assert "".join("".join(lines).split()) == "".join("".join(wrapped(text, 10_000)).split())


def test_a_line_of_no_columns_is_an_error() -> None:
    with pytest.raises(ValueError, match="width"):
        wrapped("книга", 0)


KEPT = ShelfNote("uk", "Музична", datetime(2026, 3, 9, 17, 5, tzinfo=UTC), "Кобзар", "0012000001")


def shelf_text(note: ShelfNote) -> str:
    return plain_text(render_shelf_note(note, UkrainianPhrases()), 42)


def test_a_copy_for_the_hold_shelf_says_for_whom_and_names_nobody() -> None:
    text = shelf_text(dataclasses.replace(KEPT, held=True, code="0017"))

    assert [line.strip() for line in text.splitlines()] == [
        "полиця броні",
        "для …0017",
        "",
        "Кобзар",
        "примірник 0012000001",
        "Музична, 09.03.2026, 17:05",
    ]


def test_a_copy_that_travels_says_where_to_also_when_somebody_waits_for_it_there() -> None:
    text = shelf_text(dataclasses.replace(KEPT, destination="Дитяча № 2"))
    held = shelf_text(dataclasses.replace(KEPT, destination="Дитяча № 2", held=True, code="0017"))

    assert [line.strip() for line in text.splitlines()][:2] == ["пересилання", "куди: Дитяча № 2"]
    assert "чекають" not in text
    assert "для …0017" in held


def test_a_copy_whose_title_or_patron_is_not_known_here_still_goes_to_its_shelf() -> None:
    text = shelf_text(dataclasses.replace(KEPT, title="", held=True))

    assert "чекають" in text
    assert "назви немає" in text
