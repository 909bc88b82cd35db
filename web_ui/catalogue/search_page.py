"""The results of a search, with conditions that say how many there are. Finding is `kiosk.central.catalogue`'s."""

from math import ceil

from flask import Blueprint, request, url_for
from kiosk.catalogue.port import Found, Query
from kiosk.central.catalogue import search as find
from werkzeug.wrappers import Response

from kiosk.central.circulation.holdings import free_at
from web_ui.catalogue.house import House
from web_ui.catalogue.speech import Speech
from web_ui.catalogue.wish import CONDITIONS, Wish

ON_A_PAGE = 20
SHELVES = ("local-history", "contemporary-ukrainian")
MOST_VALUES = 16

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
            free=free_at(house.centre, [hit.id for hit in found.titles]),
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
        shown = sorted(counts, key=lambda one: -(one[1] or 0))[:MOST_VALUES]
        if chosen and chosen not in dict(shown):
            shown.append((chosen, dict(counts).get(chosen)))
        if shown:
            offered.append((facet, shown))
    return offered


def _words_of(speech: Speech, facet: str, value: str) -> str:
    """Name the value of a condition; one nobody has words for by itself."""
    match facet:
        case "branch":
            return speech.branch(value)
        case "language":
            return speech.language_of(value)
        case "available":
            return speech.say("facet.available")
    key = f"{facet}.{value}"
    return speech.say(key) if key in speech.texts.keys(speech.lang) else value
