"""The line to the centre: signed requests out, messages in, and what an answer that is none means.

A captive portal answers everything with a page and 200; only JSON of the right shape counts as the centre. Called
from several threads; every call ends within its time-out.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import zstandard
from pydantic import ValidationError

from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.errors import CentreSilent, CursorGone, Poisoned, Refused, SeenTwice, SyncError, Unproven
from kiosk.wire.messages import (
    MEDIA_TYPE,
    CardAnswer,
    CardChallenge,
    CardCommand,
    CardSession,
    Complaint,
    Enrolled,
    EnrolRequest,
    Heartbeat,
    HeartbeatAnswer,
    Kind,
    Message,
    Page,
    Received,
    SnapshotManifest,
    SunAddress,
    SunTap,
    Unreadable,
    Upload,
)

PATIENCE = 10.0
"""Seconds for an ordinary answer."""
LONG_POLL = 25.0
"""Seconds the centre may keep a question for changes open before it answers that there are none."""
MAKING_A_SNAPSHOT = 180.0
AT_A_TAP = 1.5
"""Seconds for an answer somebody with a card waits for; without one the card is a claim."""
_SMALL = 512
"""Bytes below which nothing is gained by compressing."""
_KINDS = frozenset(kind.value for kind in Kind)

M = TypeVar("M", bound=Message)
Sign = Callable[[httpx.Request, datetime], None]
"""Adds the signature headers to a request made at a moment."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the centre is, and a CA to trust beside the usual ones ("" for none)."""

    url: str
    ca_file: str = ""


class Line:
    """One station's line. Raises the errors of `kiosk.sync.errors`, and no others."""

    def __init__(self, place: Place, clock: CentreClock, sign: Sign | None = None) -> None:
        """Without *sign*, only `time` and `enrol` are of use."""
        verify = ssl.create_default_context()
        if place.ca_file:
            verify.load_verify_locations(place.ca_file)
        self._http = httpx.Client(
            base_url=place.url.rstrip("/"),
            headers={"Accept": MEDIA_TYPE, "Accept-Encoding": "zstd"},
            timeout=PATIENCE,
            verify=verify,
            follow_redirects=False,
        )
        self._clock = clock
        self._sign = sign

    def close(self) -> None:
        self._http.close()

    # --- what may be asked -----------------------------------------------------------------------------

    def time(self) -> None:
        """Ask what time it is, and measure."""
        asked = self._clock.asked()
        said = _json(self._send("GET", "/v1/time", signed=False))
        self._measure(asked, said)

    def enrol(self, request: EnrolRequest) -> Enrolled:
        return _read(Enrolled, _json(self._send("POST", "/v1/enrol", request, signed=False)))

    def events(self, upload: Upload) -> Received:
        return _read(Received, _json(self._send("POST", "/v1/events", upload)))

    def unreadable(self, alone: Unreadable) -> Received:
        return _read(Received, _json(self._send("POST", "/v1/events/unreadable", alone)))

    def changes(self, cursor: str, limit: int, wait: float = LONG_POLL) -> Page:
        """Ask for what is newer than *cursor*; the centre may keep the question open for *wait* seconds."""
        asked = f"cursor={quote(cursor, safe=':')}&limit={limit}&wait={wait:g}"  # signed, so written in one way only
        said = _json(self._send("GET", f"/v1/changes?{asked}", patience=wait + PATIENCE))
        said["changes"] = [change for change in said.get("changes", ()) if change and change[0] in _KINDS]
        return _read(Page, said)

    def snapshot(self) -> SnapshotManifest:
        said = _json(self._send("POST", "/v1/snapshots", patience=MAKING_A_SNAPSHOT))
        return _read(SnapshotManifest, said)

    def heartbeat(self, how: Heartbeat) -> HeartbeatAnswer:
        asked = self._clock.asked()
        said = _json(self._send("POST", "/v1/heartbeat", how))
        self._measure(asked, said)
        return _read(HeartbeatAnswer, said)

    def card_challenge(self, challenge: CardChallenge) -> CardCommand:
        return _read(CardCommand, _json(self._send("POST", "/v1/cards/challenge", challenge, patience=AT_A_TAP)))

    def card_answer(self, answer: CardAnswer) -> CardSession:
        return _read(CardSession, _json(self._send("POST", "/v1/cards/answer", answer, patience=AT_A_TAP)))

    def sun(self, address: SunAddress) -> SunTap:
        return _read(SunTap, _json(self._send("POST", "/v1/cards/sun", address, patience=AT_A_TAP)))

    def cover(self, name: str) -> bytes | None:
        """Ask for a small picture; None where the centre has none of that name."""
        with _translated():
            answer = self._http.send(self._request("GET", f"/v1/covers/{quote(name, safe='')}"))
        if answer.status_code == 404 and _is_json(answer):
            return None
        if answer.status_code != 200:
            _complain(answer)
        return answer.content

    @contextmanager
    def part(self, snapshot: str, number: int, offset: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Open the bytes of a part from *offset* on. Says where they really begin: a centre may not know ranges."""
        ranged = {"Range": f"bytes={offset}-"} if offset else {}
        request = self._request("GET", f"/v1/snapshots/{snapshot}/{number}", extra=ranged)
        with _translated():
            answer = self._http.send(request, stream=True)
            try:
                if answer.status_code not in (200, 206):
                    answer.read()
                    _complain(answer)
                yield (offset if answer.status_code == 206 else 0), answer.iter_raw()
            finally:
                answer.close()

    # --- how it is asked -------------------------------------------------------------------------------

    def _send(
        self, method: str, path: str, body: Message | None = None, *, signed: bool = True, patience: float = PATIENCE
    ) -> httpx.Response:
        answer = self._once(method, path, body, signed=signed, patience=patience)
        if answer.status_code == 401 and (complaint := _complaint(answer)) and complaint.error == "clock":
            self._clock.forget()
            self.time()  # our clock is off: theirs is asked, then once more
            answer = self._once(method, path, body, signed=signed, patience=patience)
        if answer.status_code != 200:
            _complain(answer)
        return answer

    def _once(self, method: str, path: str, body: Message | None, *, signed: bool, patience: float) -> httpx.Response:
        with _translated():
            request = self._request(method, path, body, signed=signed, patience=patience)
            asked = self._clock.asked()
            answer = self._http.send(request)
            self._note_date(asked, answer)
            return answer

    def _request(
        self,
        method: str,
        path: str,
        body: Message | None = None,
        *,
        signed: bool = True,
        patience: float = PATIENCE,
        extra: dict[str, str] | None = None,
    ) -> httpx.Request:
        headers, content = dict(extra or {}), b""
        if body is not None:
            headers["Content-Type"] = MEDIA_TYPE
            content = body.model_dump_json().encode()
            if len(content) > _SMALL:
                headers["Content-Encoding"] = "zstd"
                content = zstandard.ZstdCompressor(level=3).compress(content)
        timeout = httpx.Timeout(min(PATIENCE, patience), read=patience)
        request = self._http.build_request(method, path, headers=headers, content=content or None, timeout=timeout)
        if signed and self._sign is not None:
            self._sign(request, self._clock.now())
        return request

    def _note_date(self, asked: float, answer: httpx.Response) -> None:
        """Measure by the Date header, to a second, where nothing better is known. Only a centre's answer counts."""
        if not _is_json(answer):
            return
        try:
            self._clock.heard(asked, parsedate_to_datetime(answer.headers["Date"]), coarse=1.0)
        except (KeyError, ValueError):
            return

    def _measure(self, asked: float, said: dict[str, Any]) -> None:
        try:
            self._clock.heard(asked, datetime.fromisoformat(str(said["now"])))
        except (KeyError, ValueError) as error:
            raise CentreSilent("what answers does not say what time it is") from error


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise CentreSilent(f"the centre does not answer: {error or type(error).__name__}") from error
    except (httpx.InvalidURL, httpx.StreamError, zstandard.ZstdError) as error:
        raise CentreSilent(f"the line to the centre is disturbed: {error}") from error


def _is_json(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("Content-Type", "").partition(";")[0].strip() == MEDIA_TYPE)


def _json(answer: httpx.Response) -> dict[str, Any]:
    if not _is_json(answer):
        raise CentreSilent("something answers that is not the centre: a page to log in at, perhaps")
    try:
        said = answer.json()
    except ValueError as error:
        raise CentreSilent("the answer was cut short") from error
    if not isinstance(said, dict):
        raise CentreSilent("something answers that is not the centre")
    return said


def _read(kind: type[M], said: dict[str, Any]) -> M:
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise CentreSilent(f"the answer is no {kind.__name__} of a centre: {words}") from error


def _complaint(answer: httpx.Response) -> Complaint | None:
    if not _is_json(answer):
        return None
    try:
        return Complaint.model_validate(answer.json())
    except ValueError:
        return None


def _complain(answer: httpx.Response) -> None:
    """Raise what an answer that is no success means."""
    complaint = _complaint(answer)
    says = f"{answer.status_code}: {complaint.says}" if complaint else f"{answer.status_code}, and not in our words"
    raise _error(answer, complaint, f"the centre answered {says}")


def _error(answer: httpx.Response, complaint: Complaint | None, words: str) -> SyncError:
    status = answer.status_code
    if complaint is not None and complaint.error == "not-proven":
        return Unproven(complaint.says)
    if complaint is not None and complaint.error == "part-gone":
        return CursorGone(words)
    if status == 500:
        return Poisoned(words)  # whatever fails there puts it in its own words, or none
    if complaint is None or status in (429, 502, 503, 504):
        return CentreSilent(words, _retry_after(answer), reached=complaint is not None)
    if status in (401, 403) and complaint.error not in ("clock", "replay"):
        return Refused(words, complaint.error)
    found: dict[int, type[SyncError]] = {400: Poisoned, 409: SeenTwice, 410: CursorGone, 413: Poisoned, 422: Poisoned}
    return found[status](words) if status in found else CentreSilent(words, reached=True)


def _retry_after(answer: httpx.Response) -> float:
    try:
        return min(max(float(answer.headers.get("Retry-After", "0")), 0.0), 600.0)
    except ValueError:
        return 0.0
