"""The results of a search, with conditions that say how many there are. Finding is `kiosk.central.catalogue`'s."""

from math import ceil

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from kiosk.catalogue.port import Found, Query
from kiosk.central.catalogue import search as find
from kiosk.circulation.model import BranchId
from web_ui.catalogue.house import House
from web_ui.catalogue.speech import Speech
from web_ui.catalogue.wish import CONDITIONS, Wish

ON_A_PAGE = 20
SHELVES = ("local-history", "contemporary-ukrainian")
MOST_VALUES = 16
NO_LIMIT = "0+"

Facets = list[tuple[str, list[tuple[str, int | None]]]]


def add_search_page(pages: Blueprint, house: House) -> None:
    @pages.get("/search")
    def search() -> Response:
        wish = Wish.read(url_for("catalogue.search"), request.args)
        speech = house.speech()
        found = find(house.centre, _query(wish))
        return house.public(
            "search.html",
            wish=wish,
            asked=wish.words,
            found=found,
            free={hit.id: tuple(BranchId(one.branch) for one in hit.places if one.free) for hit in found.titles},
            facets=_facets(found, wish),
            words_of=lambda facet, value: _words_of(speech, facet, value),
            page=wish.page,
            last=max(1, ceil(found.total / ON_A_PAGE)),
        )


def _query(wish: Wish) -> Query:
    shelf = wish.chosen("shelf")
    return Query(
        text=wish.words,
        branch=wish.chosen("branch") or None,
        available=True if wish.available else None,
        language=wish.chosen("language") or None,
        age=wish.chosen("age") or None,
        material=wish.chosen("material") or None,
        local_history=True if shelf == "local-history" else None,
        contemporary_ukrainian=True if shelf == "contemporary-ukrainian" else None,
        offset=(wish.page - 1) * ON_A_PAGE,
        limit=ON_A_PAGE,
    )


def _facets(found: Found, wish: Wish) -> Facets:
    """Offer the values there are, most first; the one chosen stays in sight though nothing has it."""
    offered: Facets = []
    for facet in CONDITIONS:
        counts: list[tuple[str, int | None]] = (
            [(one, None) for one in SHELVES] if facet == "shelf" else [*found.facets.get(facet, {}).items()]
        )
        chosen = wish.chosen(facet)
        by_age = facet == "age"
        shown = sorted(counts, key=lambda one: _years(one[0]) if by_age else -(one[1] or 0))[:MOST_VALUES]
        if chosen and chosen not in dict(shown):
            shown.append((chosen, dict(counts).get(chosen)))
        if shown:
            offered.append((facet, shown))
    return offered


def _years(limit: str) -> int:
    """Read an age limit, `6+`, for its place in the list."""
    number = limit.removesuffix("+")
    return int(number) if number.isascii() and number.isdigit() else 0


def _words_of(speech: Speech, facet: str, value: str) -> str:
    """Name the value of a condition; one nobody has words for by itself."""
    match facet:
        case "age" if value == NO_LIMIT:
            return speech.say("age.any")
        case "branch":
            return speech.branch(value)
        case "language":
            return speech.language_of(value)
        case "available":
            return speech.say("facet.available")
    key = f"{facet}.{value}"
    return speech.say(key) if key in speech.texts.keys(speech.lang) else value
