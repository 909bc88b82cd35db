"""Every language says everything, in the right plural form, with the same values in it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale

from kiosk.circulation.model import HoldStatus, Refusal
from kiosk.demo_network import StrayKind
from kiosk.library.port import CheckinNote
from kiosk.receipts.token import Fault, Moved
from kiosk.station.view import Change, ParentSlip, ReceiptState, RowState, Touch
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from web_ui.texts import Texts, WordsMissing
from web_ui.touchscreen.voice import TOLD_KINDLY

TEXTS = Texts.load()
ROOT = Path(__file__).parents[2]
HINTS = ("card-torn", "card-unreadable", "card-several", "pin-locked", "pin-abandoned")
DEVICES = ("pad", "card-reader", "library")

FAMILIES = {
    *(f"refusal.{why}.{part}" for why in Refusal for part in ("why", "do")),
    *(f"note.{note}" for note in CheckinNote),
    *(f"row.{state}" for state in RowState if state is not RowState.ASKING),
    *(f"touch.{touch}" for touch in Touch),
    *(f"look.{change}" for change in Change),
    *(f"parents.{how}" for how in ParentSlip if how is not ParentSlip.NONE),
    *(f"refusal.{why}.{part}" for why in TOLD_KINDLY for part in ("child", "child-do")),
    *(f"hint.{hint}.{part}" for hint in HINTS for part in ("title", "do")),
    *(f"missing.{device}" for device in DEVICES),
    *(f"receipt-state.{state}" for state in ReceiptState),
    *(f"hold.{status}" for status in HoldStatus),
    *(f"proof.fault-{fault}" for fault in Fault),
    *(f"proof.moved-{moved.name.lower()}" for moved in Moved),
    *(f"bench.odd.{kind}" for kind in StrayKind),
    *(
        f"bench.fact.{kind}"
        for kind in (*EventType, *DebtKind, "gate-armed", "gate-cleared")
        if kind not in ("gate-set", "visit-ended")
    ),
}
"""Keys that are put together at run time, from words of the trade."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sources() -> str:
    """Everything the station's screens are made of; the centre's pages have words of their own."""
    found = [p for end in ("py", "html", "js") for p in (ROOT / "web_ui").rglob(f"*.{end}")]
    files = [p for p in found if not {"catalogue", "office"} & set(p.parts)]
    return "\n".join(p.read_text(encoding="utf-8") for p in [*files, *(ROOT / "kiosk" / "receipts").glob("*.py")])


def quoted(source: str) -> set[str]:
    """Every quoted word that could be a key; what the bench's scripts quote is a key of the bench."""
    words = set(re.findall(r"""["']([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)["']""", source))
    return words | {f"bench.{word}" for word in words}


def test_the_languages_are_ukrainian_and_english():
    assert set(TEXTS.languages) == {"uk", "en"}


@pytest.mark.parametrize("lang", TEXTS.languages)
@pytest.mark.parametrize("key", sorted(FAMILIES))
def test_every_word_of_the_trade_has_words_in_every_language(lang, key):
    forms = TEXTS.keys(lang)[key]

    assert all(form.strip() for form in forms)


def test_both_languages_have_the_same_keys_and_the_same_plural_keys():
    uk, en = TEXTS.keys("uk"), TEXTS.keys("en")

    assert set(uk) == set(en)
    assert {k for k in uk if len(uk[k]) > 1} == {k for k in en if len(en[k]) > 1}


@pytest.mark.parametrize("key", sorted(TEXTS.keys("uk")))
def test_every_form_of_a_text_uses_the_same_values(key):
    forms = [*TEXTS.keys("uk")[key], *TEXTS.keys("en")[key]]

    assert len({frozenset(placeholders(form)) for form in forms}) == 1


@pytest.mark.parametrize("lang", TEXTS.languages)
def test_no_text_is_empty_or_has_stray_spaces(lang):
    wrong = [key for key, forms in TEXTS.keys(lang).items() for form in forms if not form or form != form.strip()]

    assert wrong == []


def test_every_key_the_screens_name_exists():
    asked = set(re.findall(r"""say\(\s*["']([a-z][a-z0-9.-]*)["']\s*[,)]""", sources()))
    bench = {f"bench.{key}" for key in asked if "." not in key}

    assert len(asked) > 60
    assert {key for key in asked if f"bench.{key}" not in bench} <= set(TEXTS.keys("uk"))
    assert bench - {"bench.brand", "bench.busy", "bench.noscript", "bench.money"} <= set(TEXTS.keys("uk"))


def test_no_text_is_kept_that_nothing_says():
    source = sources()
    built = FAMILIES | {key for key in TEXTS.keys("uk") if re.fullmatch(r"refusal\..+\.(exact|since)", key)}
    dynamic = {key for key in TEXTS.keys("uk") if key.startswith(("bench.device.", "bench.filter-", "bench.gate-"))}
    heads = tuple(re.findall(r"""f?["'](console\.[a-z.-]+\.)(?:["'] ~|\{)""", source))  # put together on the page
    dynamic |= {key for key in TEXTS.keys("uk") if key.startswith(heads)}
    receipts = {key for key in TEXTS.keys("uk") if key.startswith("receipt.")}  # the slip's own vocabulary

    unused = set(TEXTS.keys("uk")) - quoted(source) - built - dynamic - receipts

    assert unused == set()


def test_the_receipt_finds_all_its_words():
    wanted = re.findall(r'"(receipt\.[a-z-]+)"', (ROOT / "kiosk" / "receipts" / "slips.py").read_text(encoding="utf-8"))

    assert wanted
    assert set(wanted) <= set(TEXTS.keys("uk"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 книжок"), (1, "1 книжка"), (2, "2 книжки"), (4, "4 книжки"), (5, "5 книжок"), (11, "11 книжок"),
        (12, "12 книжок"), (14, "14 книжок"), (21, "21 книжка"), (22, "22 книжки"), (25, "25 книжок"),
        (101, "101 книжка"), (111, "111 книжок"), (112, "112 книжок"), (122, "122 книжки"),
    ],
)  # fmt: skip
def test_ukrainian_counts_books_as_people_do(number, words):
    assert TEXTS.say("uk", "receipt.count", number) == words


@pytest.mark.parametrize(("lang", "order"), [("uk", ("one", "few", "many")), ("en", ("one", "other"))])
def test_the_plural_rule_of_each_catalogue_is_the_one_of_cldr(lang, order):
    cldr = Locale.parse(lang).plural_form
    marked = [TEXTS.keys(lang)["receipt.count"].index(_form(lang, n)) for n in range(300)]

    assert [order[form] for form in marked] == [cldr(n) for n in range(300)]


def _form(lang: str, n: int) -> str:
    return TEXTS.say(lang, "receipt.count", n).replace(f"{n} ", "{n} ", 1)


@pytest.mark.parametrize("lang", TEXTS.languages)
def test_a_form_for_one_never_says_one_in_letters_because_twenty_one_takes_it_too(lang):
    numbered = {key: forms for key, forms in TEXTS.keys(lang).items() if any("{n}" in form for form in forms)}

    assert [key for key, forms in numbered.items() if not all("{n}" in form for form in forms)] == []


def test_days_and_money_are_said_in_words():
    due = date(2026, 12, 14)

    assert TEXTS.day("uk", due) == "14 грудня 2026"
    assert TEXTS.near_day("uk", due) == "14 грудня"
    assert TEXTS.week_day("uk", due) == "понеділок, 14 грудня"
    assert TEXTS.week_day("en", due) == "Monday, 14 December"
    assert TEXTS.money("uk", Decimal("12.5")) == "12,50 грн"
    assert TEXTS.money("en", Decimal("1212.5")) == "1,212.50 UAH"


def test_a_missing_text_says_which_key_and_where_to_put_it():
    with pytest.raises(WordsMissing, match=r"'no\.such' in language 'uk': see texts/uk"):
        TEXTS.say("uk", "no.such")


def test_a_missing_value_says_which_one():
    with pytest.raises(WordsMissing, match=r"'row\.due' in language 'en' needs a value for 'day'"):
        TEXTS.say("en", "row.due")


def test_a_plural_text_asked_for_without_a_number_is_a_clear_mistake():
    with pytest.raises(WordsMissing, match=r"a number for 'receipt\.count'"):
        TEXTS.say("uk", "receipt.count")


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(WordsMissing, match=r"no language 'pl'; there are: en, uk"):
        TEXTS.say("pl", "brand")
    with pytest.raises(WordsMissing, match=r"there is no texts/pl/screens\.po"):
        Texts.load(only=["pl"])


@pytest.mark.parametrize("lang", ["uk"])
def test_ukrainian_uses_no_letters_of_its_neighbour(lang):
    wrong = [key for key, forms in TEXTS.keys(lang).items() if re.search("[ыэёъЫЭЁЪ]", " ".join(forms))]

    assert wrong == []
