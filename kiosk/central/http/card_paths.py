"""The paths a station asks for proofs of cards by; a centre without card keys has none to give."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, Response, request

from kiosk.central.card_proofs import CardProofs
from kiosk.central.http.bodies import Unacceptable, answer, read
from kiosk.central.identity import StationIdentity
from kiosk.central.metrics import Metrics
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.keys import KeyRole, KeysUnavailable
from kiosk.wire.messages import CardAnswer, CardChallenge, CardCommand, CardSession, SunAddress, SunTap

Done = TypeVar("Done")


def add_cards(
    api: Blueprint,
    signed: Callable[[], StationIdentity],
    now: Callable[[], datetime],
    metrics: Metrics,
    proofs: CardProofs | None,
) -> None:
    """Add them. *signed* says who asks, or refuses."""

    def by_keys(work: Callable[[CardProofs], Done]) -> Done:
        if proofs is None:
            raise Unacceptable(404, "no-card-keys", "this centre has no keys of cards: [card_keys] in central.toml")
        try:
            return work(proofs)
        except NotProven as why:
            metrics.cards.labels("refused").inc()
            raise Unacceptable(422, "not-proven", str(why)) from why
        except KeysUnavailable as why:
            raise Unacceptable(503, "keys-unavailable", str(why)) from why
        except ValueError as why:
            raise Unacceptable(422, "unreadable", str(why)) from why

    @api.post("/cards/challenge")
    def challenge() -> Response:
        station, said = signed(), read(CardChallenge, request)
        raw = bytes.fromhex(said.challenge)
        proof, command = by_keys(lambda at: at.begin(station.id, KeyRole(said.role), said.uid, raw, now()))
        return answer(CardCommand(proof=proof, command=command.hex()), request)

    @api.post("/cards/answer")
    def proven() -> Response:
        station, said = signed(), read(CardAnswer, request)
        keys = by_keys(lambda at: at.finish(station.id, said.proof, bytes.fromhex(said.answer), now()))
        metrics.cards.labels("proven").inc()
        return answer(CardSession(session=keys.to_bytes().hex()), request)

    @api.post("/cards/sun")
    def sun() -> Response:
        signed()
        said = read(SunAddress, request)
        facts = by_keys(lambda at: at.check_sun(said.address))
        metrics.cards.labels("proven").inc()
        return answer(SunTap(uid=(facts.uid or b"").hex(), counter=facts.counter or 0), request)
