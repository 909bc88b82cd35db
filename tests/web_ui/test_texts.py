"""Every language says everything, in the right plural form, with the same values in it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from kiosk.circulation.model import HoldStatus, Refusal
from kiosk.demo_network import StrayKind
from kiosk.library.port import CheckinNote
from kiosk.receipts.token import Fault, Moved
from kiosk.settings.sections import Language
from kiosk.station.view import Change, ParentSlip, ReceiptState, RowState, Touch
from kiosk.store.debts import DebtKind
from kiosk.store.journal import EventType
from web_ui.texts import CATALOGUES, PluralRule, Texts, WordsMissing
from web_ui.touchscreen.voice import HELPED_BY_BARCODE, TOLD_KINDLY

TEXTS = Texts.load()
ROOT = Path(__file__).parents[2]
DOMAINS = sorted(path.stem for path in (CATALOGUES / "uk").glob("*.po"))
WORDS = {
    (domain, lang): Texts.load(only=[lang], domains=(domain,)).keys(lang)
    for domain in DOMAINS
    for lang in TEXTS.languages
}
ORDER = {"uk": ("one", "few", "many"), "en": ("one", "other"), "pl": ("one", "few", "many")}
RUSSIANISMS = re.compile(
    r"\b(?:слідуюч\w*|приймати участь|на протязі|любий день|співпада\w*|відміни\w*|получ\w*|кнопк[аи] нажм\w*"
    r"|являєтьс\w*|включно з тим|в якості|по крайній мірі|вірно|невірн\w*|наступним чином|у випадку якщо)\b"
)
"""Words that come through Russian; each has a better Ukrainian one."""
HINTS = (
    "card-torn",
    "card-unreadable",
    "card-not-proven",
    "card-several",
    "pin-locked",
    "pin-abandoned",
    "barcode-strange",
    "barcode-isbn",
)
DEVICES = ("pad", "card-reader", "library")

FAMILIES = {
    *(f"refusal.{why}.{part}" for why in Refusal for part in ("why", "do")),
    *(f"note.{note}" for note in CheckinNote),
    *(f"row.{state}" for state in RowState if state is not RowState.ASKING),
    *(f"touch.{touch}" for touch in Touch),
    *(f"look.{change}" for change in Change),
    *(f"parents.{how}" for how in ParentSlip if how is not ParentSlip.NONE),
    *(f"refusal.{why}.{part}" for why in TOLD_KINDLY for part in ("child", "child-do")),
    *(f"refusal.{why}.scan" for why in HELPED_BY_BARCODE),
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
    beside = [*(ROOT / "kiosk" / "receipts").glob("*.py"), ROOT / "kiosk" / "bootstrap" / "console.py"]
    return "\n".join(p.read_text(encoding="utf-8") for p in [*files, *beside])


def quoted(source: str) -> set[str]:
    """Every quoted word that could be a key; what the bench's scripts quote is a key of the bench."""
    words = set(re.findall(r"""["']([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)["']""", source))
    return words | {f"bench.{word}" for word in words}


def test_the_languages_are_those_the_settings_know():
    assert set(TEXTS.languages) == set(get_args(Language))


@pytest.mark.parametrize("lang", TEXTS.languages)
def test_every_language_has_every_file_of_the_first(lang):
    files = {path.name for path in (CATALOGUES / "uk").glob("*.po")}

    assert {path.name for path in (CATALOGUES / lang).glob("*.po")} == files


@pytest.mark.parametrize("lang", TEXTS.languages)
@pytest.mark.parametrize("key", sorted(FAMILIES))
def test_every_word_of_the_trade_has_words_in_every_language(lang, key):
    forms = TEXTS.keys(lang)[key]

    assert all(form.strip() for form in forms)


@pytest.mark.parametrize(("domain", "lang"), WORDS)
def test_every_language_has_the_same_keys_and_the_same_plural_keys(domain, lang):
    first, here = WORDS[domain, "uk"], WORDS[domain, lang]

    assert set(here) == set(first)
    assert {k for k in here if len(here[k]) > 1} == {k for k in first if len(first[k]) > 1}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_form_of_a_text_uses_the_same_values(domain):
    wanted = {key: {frozenset(placeholders(form)) for form in forms} for key, forms in WORDS[domain, "uk"].items()}
    wrong = [
        (lang, key)
        for lang in TEXTS.languages
        for key, forms in WORDS[domain, lang].items()
        for form in forms
        if {frozenset(placeholders(form))} != wanted[key]
    ]

    assert wrong == []


@pytest.mark.parametrize("lang", TEXTS.languages)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_file_counts_by_the_rule_of_cldr(domain, lang):
    with (CATALOGUES / lang / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file)
    rule, cldr = PluralRule(catalogue.plural_expr), Locale.parse(lang).plural_form

    assert catalogue.locale is not None
    assert catalogue.locale.language == lang
    assert [ORDER[lang][rule(n)] for n in range(1200)] == [cldr(n) for n in range(1200)]


@pytest.mark.parametrize("domain", DOMAINS)
def test_polish_is_polish(domain):
    """Every text of more than a word differs from both other languages, and is written with Polish letters."""
    same = [
        key
        for key, forms in WORDS[domain, "pl"].items()
        if " " in re.sub(r"[{][^}]*[}]", "", forms[0]).strip(" .:·") and forms[0] in WORDS[domain, "en"][key]
    ]
    cyrillic = [key for key, forms in WORDS[domain, "pl"].items() if re.search("[а-яіїєґ]", " ".join(forms).lower())]

    assert same == []
    assert cyrillic == []


@pytest.mark.parametrize(("lang", "quotes"), [("uk", "«»"), ("en", "“”"), ("pl", "„”")])
@pytest.mark.parametrize("domain", DOMAINS)
def test_quotation_marks_and_apostrophes_are_those_of_the_language(domain, lang, quotes):
    opens, closes = quotes
    others = set("\"'`«»“”„") - set(quotes)
    texts = {key: " ".join(forms) for key, forms in WORDS[domain, lang].items()}

    assert {key: text for key, text in texts.items() if others & set(text)} == {}
    assert [key for key, text in texts.items() if text.count(opens) != text.count(closes)] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_ukrainian_has_no_words_of_its_neighbour(domain):
    texts = {key: " ".join(forms).lower() for key, forms in WORDS[domain, "uk"].items()}

    assert {key: text for key, text in texts.items() if RUSSIANISMS.search(text) or re.search("[ыэёъ]", text)} == {}


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
    heads = tuple(re.findall(r"""f?["'](console\.[a-z.-]+[.-])(?:["'] [~+]|\{)""", source))  # put together on the page
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


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 książek"), (1, "1 książka"), (2, "2 książki"), (4, "4 książki"), (5, "5 książek"), (12, "12 książek"),
        (14, "14 książek"), (21, "21 książek"), (22, "22 książki"), (25, "25 książek"), (101, "101 książek"),
        (112, "112 książek"), (122, "122 książki"),
    ],
)  # fmt: skip
def test_polish_counts_books_as_people_do(number, words):
    assert TEXTS.say("pl", "receipt.count", number) == words


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
    assert TEXTS.day("pl", due) == "14 grudnia 2026"
    assert TEXTS.week_day("pl", due) == "poniedziałek, 14 grudnia"
    assert TEXTS.money("pl", Decimal("12.5")) == "12,50 UAH"
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
    with pytest.raises(WordsMissing, match=r"no language 'de'; there are: en, pl, uk"):
        TEXTS.say("de", "brand")
    with pytest.raises(WordsMissing, match=r"there is no texts/de/screens\.po"):
        Texts.load(only=["de"])
