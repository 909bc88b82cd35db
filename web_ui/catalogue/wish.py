"""What somebody looks for, as the address of the search page says it: words, conditions, page."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

CONDITIONS = ("branch", "shelf", "age", "material", "language")
LONGEST = 200
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Words and conditions. `path` is where the search lives; addresses keep the order of the page."""

    path: str
    words: str
    page: int
    available: bool
    picked: dict[str, str]

    @classmethod
    def read(cls, path: str, asked: MultiDict[str, str]) -> Self:
        """Read the address; what makes no sense in it is left away."""
        page = asked.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        picked = {facet: asked.get(facet, "")[:LONGEST] for facet in CONDITIONS}
        return cls(
            path=path,
            words=" ".join(asked.get("q", "").split())[:LONGEST],
            page=min(max(1, number), MOST_PAGES),
            available=asked.get("available") == "yes",
            picked={facet: value for facet, value in picked.items() if value},
        )

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        now = (("available", "yes"),) if self.available else ()
        return (*now, *self.picked.items())

    def chosen(self, facet: str) -> str:
        return self.picked.get(facet, "")

    def without(self, facet: str) -> str:
        """Say the address with one condition less, from the first page on."""
        return self._address(self.words, tuple(one for one in self.conditions if one[0] != facet))

    def bare(self) -> str:
        """Say the address with the words alone."""
        return self._address(self.words, ())

    def address(self, q: str | None = None, page: int | None = None) -> str:
        """Say the address with other words, or of another page of the same."""
        numbered = () if page is None or page == 1 else (("page", str(page)),)
        return self._address(self.words if q is None else q, (*self.conditions, *numbered))

    def _address(self, words: str, rest: tuple[tuple[str, str], ...]) -> str:
        return f"{self.path}?{urlencode([('q', words), *rest])}"
