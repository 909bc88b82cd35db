"""One word, one thing: the words of the glossary hold in the code, and the project speaks of itself alone."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("kiosk", "drivers", "web_ui") for path in (ROOT / folder).rglob("*.py"))
BARE = re.compile(r"(?<!card )(?<!card_)(?<!card-)(?<!screen )\breaders?\b", re.IGNORECASE)
FOREIGN = {
    "DictReader",
    "SCardListReaders",
    "SCARD_E_UNKNOWN_READER",
    "SCARD_E_NO_READERS_AVAILABLE",
    "SCARD_E_READER_UNAVAILABLE",
}
"""Names other people gave, as they stand in their libraries."""
FOREIGN_TEXTS = re.compile(r"reader\.conf|3M RFID Reader Model 210 Protocol Specification|" + "|".join(FOREIGN))
MACHINE_PATHS = re.compile(r"(^|[^\w.])/(home|root|work)/")


def words_of(source: str) -> Iterator[tuple[int, str]]:
    """Names, comments and texts of a source, with their lines. CamelCase and snake_case fall into words."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string not in FOREIGN:
            yield token.start[0], re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", token.string)
        elif token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_word_reader_never_stands_alone(path: Path) -> None:
    """It means three things in this trade: the patron, the card reader and the pad."""
    found = [
        f"{path.name}:{line}: {said.strip()[:60]}"
        for line, said in words_of(path.read_text(encoding="utf-8"))
        if BARE.search(FOREIGN_TEXTS.sub("", said))
    ]

    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_names_a_path_of_one_machine(path: Path) -> None:
    assert MACHINE_PATHS.search(path.read_text(encoding="utf-8")) is None
