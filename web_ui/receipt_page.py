"""The page a receipt's QR code leads to: what was returned, lent and renewed, where and when. Nothing of the patron.

Served by stations and by the centre alike; whoever builds it hands in what proves a token. No script, no form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from kiosk.receipts.token import BadToken, Fault, Moved, Proven, Stub, plain_token
from web_ui.catalogue.headers import protect
from web_ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proven receipt in the words of the place it is looked at: titles where they are known, else numbers."""

    proven: Proven
    branch: str
    station: str
    copies: tuple[tuple[Moved, tuple[str, ...]], ...]
    zone: str


ProveReceipt = Callable[[str], Receipt]
"""Says what a token proves. Raises: BadToken."""


def moved_copies(stub: Stub, titles: Mapping[str, str]) -> tuple[tuple[Moved, tuple[str, ...]], ...]:
    """Name the copies of a receipt; those it gives as hashes only are counted, and have no name."""
    return tuple(
        (moved, tuple("" if stub.hashed else titles.get(item) or item for item in some))
        for moved, some in stub.items.items()
    )


def receipt_page(prove: ProveReceipt, texts: Texts) -> Blueprint:
    """Build `/r/<token>`; the languages are the browser's."""
    pages = Blueprint(
        "receipt",
        __name__,
        template_folder="receipts/templates",
        static_folder="receipts/static",
        static_url_path="/receipt-page",
    )
    pages.after_request(protect)

    @pages.get("/r/<token>")
    @pages.get("/R/<token>")
    def show(token: str) -> Response:
        language = request.accept_languages.best_match(texts.languages) or texts.languages[0]
        receipt, fault = _looked_at(prove, token)
        page = render_template(
            "receipts/receipt.html",
            receipt=receipt,
            fault=fault,
            when=None if receipt is None else receipt.proven.stub.at.astimezone(ZoneInfo(receipt.zone)),
            language=language,
            say=lambda key, n=None, **values: texts.say(language, key, n, **values),
            day=lambda day: texts.day(language, day),
        )
        answer = make_response(page, 200 if fault is None else 404)
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return pages


def _looked_at(prove: ProveReceipt, token: str) -> tuple[Receipt | None, Fault | None]:
    try:
        return prove(plain_token(token)), None
    except BadToken as bad:
        return None, bad.fault
