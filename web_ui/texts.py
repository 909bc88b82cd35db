"""The words of screens and slips, by language: the files `texts/<lang>/<domain>.po` in memory, with dates and money.

Knows languages, plural forms and calendars; knows no screen. A key that is missing is a mistake of the program
and raises; a test proves that every language says everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Self, TypeVar

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

CATALOGUES = Path(__file__).parent / "texts"
STATION = ("screens", "house", "refusals", "receipts", "proof", "bench", "console", "speech", "records")
"""What a station says, a file each; the pages of the centre have words of their own."""


Said = TypeVar("Said", str, tuple[str, ...])


class WordsMissing(LookupError):
    """No such key in this language; the message names both."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language: a key is either one text, or one text per plural form in the order of the rule."""

    code: str
    locale: Locale
    texts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    form_of: "PluralRule"

    def text(self, key: str, n: int | None) -> str:
        """Find the text of *key*, in the plural form for *n* where it has forms. Raises: WordsMissing."""
        forms = self.plurals.get(key)
        if forms is not None and n is not None:
            return forms[self.form_of(n)]
        if (text := self.texts.get(key)) is not None:
            return text
        wanted = "a number for" if forms else "no words for"
        raise WordsMissing(f"{wanted} {key!r} in language {self.code!r}: see texts/{self.code}")


class PluralRule:
    """Which plural form a whole number takes: the `Plural-Forms` line of a catalogue as a function."""

    def __init__(self, expression: str) -> None:
        self._choose = c2py(expression)

    def __call__(self, n: int) -> int:
        return int(self._choose(abs(n)))


class Texts:
    """Everything the station can say. Loaded once at start; read by many threads, changed by none."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = dict(languages)

    @classmethod
    def load(
        cls, folder: Path = CATALOGUES, only: Iterable[str] | None = None, domains: Sequence[str] = STATION
    ) -> Self:
        """Read the words of *only* these languages (default: all there are), of these *domains*, a file each.

        Raises: WordsMissing - a language was asked for that lacks one of the files; ValueError - two files say one key.
        """
        codes = sorted(p.parent.name for p in folder.glob(f"*/{domains[0]}.po")) if only is None else list(only)
        return cls({code: _read(folder, code, domains) for code in codes})

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._languages)

    def say(self, lang: str, key: str, n: int | None = None, **values: object) -> str:
        """Say the text *key* in *lang*; *n* chooses the plural form and fills `{n}`.

        Raises: WordsMissing - no such key, or a value its words need was not given.
        """
        text = self._language(lang).text(key, n)
        if "{" not in text:
            return text
        try:
            return text.format(n=n, **values)
        except KeyError as err:
            raise WordsMissing(f"{key!r} in language {lang!r} needs a value for {err}") from err

    def keys(self, lang: str) -> Mapping[str, tuple[str, ...]]:
        """Say all keys of *lang* with their texts: one, or one per plural form."""
        language = self._language(lang)
        return {**{key: (text,) for key, text in language.texts.items()}, **language.plurals}

    def day(self, lang: str, day: date) -> str:
        """A date with its year, for paper and for dates long ago: `14 грудня 2026`."""
        return _dated(day, "d MMMM y", self._language(lang).locale)

    def near_day(self, lang: str, day: date) -> str:
        """A date in the weeks to come, for a row: `14 грудня`."""
        return _dated(day, "d MMMM", self._language(lang).locale)

    def week_day(self, lang: str, day: date) -> str:
        """A date one plans by, with the day of the week: `понеділок, 14 грудня`."""
        return _dated(day, "EEEE, d MMMM", self._language(lang).locale)

    def language_name(self, lang: str, code: str) -> str:
        """Say what the language *code* is called in *lang*: `польська`; the code itself where nobody knows."""
        known = self._language(lang).locale.languages.get(code)
        return known or code

    def money(self, lang: str, amount: Decimal) -> str:
        """An amount of hryvnias: `12,50 грн`."""
        number = format_decimal(amount, format="#,##0.00", locale=self._language(lang).locale)
        return self.say(lang, "money", amount=number)

    def _language(self, lang: str) -> Language:
        try:
            return self._languages[lang]
        except KeyError:
            known = ", ".join(self._languages) or "none"
            raise WordsMissing(f"no language {lang!r}; there are: {known}") from None


@lru_cache(maxsize=512)
def _dated(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)


def _read(folder: Path, code: str, domains: Sequence[str]) -> Language:
    files = [_file(folder, code, domain) for domain in domains]
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for file in files:
        _add(texts, {str(m.id): str(m.string) for m in file if m.id and not m.pluralizable}, code)
        _add(plurals, _plurals(file), code)
    return Language(
        code=code,
        locale=files[0].locale or Locale.parse(code),
        texts=texts,
        plurals=plurals,
        form_of=PluralRule(files[0].plural_expr),
    )


def _file(folder: Path, code: str, domain: str) -> Catalog:
    path = folder / code / f"{domain}.po"
    if not path.is_file():
        raise WordsMissing(f"no words in language {code!r}: there is no texts/{code}/{domain}.po")
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _add(known: dict[str, Said], more: dict[str, Said], code: str) -> None:
    if twice := sorted(set(known) & set(more)):
        raise ValueError(f"texts/{code} says {twice[0]!r} in two files: keep one")
    known.update(more)


def _plurals(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {str(m.id[0]): tuple(m.string or ()) for m in catalogue if m.pluralizable}
