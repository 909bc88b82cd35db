"""What stations ask of the centre over HTTP: the paths of docs/protocol.md, and nothing a browser would want."""

import io
import logging

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import HTTPException

from kiosk.central import fleet, incarnations, snapshots
from kiosk.central.card_proofs import CardProofs
from kiosk.central.catalogue.small_covers import small_cover
from kiosk.central.centre import Centre
from kiosk.central.enrolment import enrol
from kiosk.central.errors import CentreUnavailable, EnrolmentRefused
from kiosk.central.feed import Cursor, CursorGone, page
from kiosk.central.http.bodies import Unacceptable, answer, complaint, read
from kiosk.central.http.card_paths import add_cards
from kiosk.central.http.door import sender
from kiosk.central.http.limits import Limits
from kiosk.central.identity import StationIdentity
from kiosk.central.ingest import Inconsistent, set_aside, take_in
from kiosk.central.metrics import Metrics
from kiosk.central.newsroom import Newsroom
from kiosk.central.policies import Policies
from kiosk.wire.messages import Enrolled, EnrolRequest, Heartbeat, HeartbeatAnswer, Page, Unreadable, Upload

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
COME_BACK = 5
"""Seconds after which somebody for whom there was no seat asks again."""


def station_api(
    centre: Centre,
    policies: Policies,
    newsroom: Newsroom,
    metrics: Metrics,
    limits: Limits | None = None,
    cards: CardProofs | None = None,
) -> Blueprint:
    """Build the paths below /v1 of one network's centre. *cards*: who answers for the keys of cards, if it has some."""
    api = Blueprint("api", __name__, url_prefix="/v1")
    allowed = limits or Limits()
    _add_errors(api)
    _add_open_paths(api, centre, allowed)
    _add_journal(api, centre, policies, metrics, allowed)
    _add_feed(api, centre, newsroom, metrics, allowed)
    _add_snapshots(api, centre, allowed)
    _add_covers(api, centre, allowed)
    _add_heartbeat(api, centre, allowed)
    add_cards(api, lambda: _signed(centre, allowed), centre.now, metrics, cards)
    return api


def _add_errors(api: Blueprint) -> None:
    @api.errorhandler(Unacceptable)
    def unacceptable(error: Unacceptable) -> Response:
        return complaint(error.status, error.error, error.says, COME_BACK if error.status == 429 else None)

    @api.errorhandler(CentreUnavailable)
    def unavailable(_error: CentreUnavailable) -> Response:
        return complaint(503, "unavailable", "the database does not answer: nothing was changed, ask again", COME_BACK)

    @api.errorhandler(Inconsistent)
    def inconsistent(error: Inconsistent) -> Response:
        logger.error("%s", error)
        return complaint(409, "inconsistent", str(error))

    @api.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return complaint(error.code or 500, "http", error.description or error.name)

    @api.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        """Whatever fails here fails for one request; the station takes it apart until one event stands alone."""
        logger.error("a request failed", exc_info=error)
        return complaint(500, "broken", "the centre failed on this request: send less of it, then the part alone")


def _signed(centre: Centre, limits: Limits) -> StationIdentity:
    station = sender(centre, request)
    limits.take(station.id)
    return station


def _add_open_paths(api: Blueprint, centre: Centre, limits: Limits) -> None:
    @api.get("/time")
    def time() -> Response:
        said = centre.look(lambda work: incarnations.present(work, centre.network))
        return answer(HeartbeatAnswer(now=centre.now().isoformat(), incarnation=said), request)

    @api.post("/enrol")
    def let_in() -> Response:
        limits.take_code(request.remote_addr or "")
        try:
            station = enrol(centre, read(EnrolRequest, request))
        except EnrolmentRefused as error:
            return complaint(403, error.error, str(error))
        said = Enrolled(
            network=centre.network,
            station=station.id,
            branch=station.branch,
            incarnation=centre.look(lambda work: incarnations.present(work, centre.network)),
            now=centre.now().isoformat(),
        )
        return answer(said, request)


def _add_journal(api: Blueprint, centre: Centre, policies: Policies, metrics: Metrics, limits: Limits) -> None:
    @api.post("/events")
    def events() -> Response:
        station = _signed(centre, limits)
        received = take_in(centre, policies, station, read(Upload, request))
        for _, verdict in received.verdicts:
            metrics.events.labels(verdict.value).inc()
        return answer(received, request)

    @api.post("/events/unreadable")
    def unreadable() -> Response:
        station = _signed(centre, limits)
        metrics.events.labels("unreadable").inc()
        return answer(set_aside(centre, station, read(Unreadable, request)), request)


def _add_feed(api: Blueprint, centre: Centre, newsroom: Newsroom, metrics: Metrics, limits: Limits) -> None:
    @api.get("/changes")
    def changes() -> Response:
        station = _signed(centre, limits)
        cursor = request.args.get("cursor", "")
        limit = _number("limit", 500.0)
        try:
            told = page(centre, station, cursor, int(limit))
            if not told.changes and (wait := min(_number("wait", 0.0), LONGEST_WAIT)) > 0:
                with metrics.waiting.track_inprogress():
                    came = _wait(newsroom, told, wait)
                told = page(centre, station, cursor, int(limit)) if came else told
        except CursorGone as error:
            return complaint(410, "cursor-gone", str(error))
        return answer(told, request)


def _wait(newsroom: Newsroom, told: Page, seconds: float) -> bool:
    place = Cursor.parse(told.cursor, told.incarnation)
    return newsroom.wait((place.xid, place.id), seconds)


def _number(name: str, otherwise: float) -> float:
    try:
        said = float(request.args.get(name, otherwise))
    except ValueError as error:
        raise Unacceptable(422, "unreadable", f"{name} is no number") from error
    if not 0 <= said <= 1_000_000:
        raise Unacceptable(422, "unreadable", f"{name} is out of all measure")
    return said


def _add_snapshots(api: Blueprint, centre: Centre, limits: Limits) -> None:
    @api.post("/snapshots")
    def manifest() -> Response:
        return answer(snapshots.manifest(centre, _signed(centre, limits)), request)

    @api.get("/snapshots/<snapshot>/<int:number>")
    def part(snapshot: str, number: int) -> Response:
        station = _signed(centre, limits)
        try:
            content = snapshots.part(centre, station, snapshot, number)
        except snapshots.PartGone as error:
            return complaint(404, "part-gone", str(error))
        return send_file(
            io.BytesIO(content), mimetype="application/zstd", conditional=True, etag=f"{snapshot}-{number}"
        )


def _add_covers(api: Blueprint, centre: Centre, limits: Limits) -> None:
    @api.get("/covers/<name>")
    def cover(name: str) -> Response:
        _signed(centre, limits)
        picture = small_cover(centre, name)
        if picture is None:
            return complaint(404, "no-cover", "there is no cover of that name")
        return send_file(io.BytesIO(picture), mimetype="image/webp", etag=name)


def _add_heartbeat(api: Blueprint, centre: Centre, limits: Limits) -> None:
    @api.post("/heartbeat")
    def heartbeat() -> Response:
        station = _signed(centre, limits)
        said, now = read(Heartbeat, request), centre.now()
        centre.carry_out(lambda work: fleet.note(work, centre.network, station.id, said, now))
        incarnation = centre.look(lambda work: incarnations.present(work, centre.network))
        return answer(HeartbeatAnswer(now=centre.now().isoformat(), incarnation=incarnation), request)
