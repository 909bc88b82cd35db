"""Bodies of requests and answers: JSON, perhaps packed, never larger than agreed; complaints in one form."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

import zstandard
from flask import Request, Response
from pydantic import ValidationError

from kiosk.wire.messages import MEDIA_TYPE, MOST_BYTES, Complaint, Message

M = TypeVar("M", bound=Message)
_WORTH_PACKING = 1024


class Unacceptable(Exception):
    """A request nothing is done with: the status, the word and the words of the complaint."""

    def __init__(self, status: int, error: str, says: str) -> None:
        super().__init__(says)
        self.status, self.error, self.says = status, error, says


def read(kind: type[M], request: Request) -> M:
    """Read the body of *request*. Raises: Unacceptable."""
    if request.mimetype != MEDIA_TYPE:
        raise Unacceptable(415, "media-type", f"a body of type {MEDIA_TYPE} is wanted")
    try:
        return kind.model_validate_json(_unpacked(request))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[:3]
        words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in first)
        raise Unacceptable(422, "unreadable", f"this is no {kind.__name__}: {words}") from error


def _unpacked(request: Request) -> bytes:
    body = request.get_data()
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "zstd":
        try:
            body = _some_of(zstandard.ZstdDecompressor(max_window_size=2**23).read_to_iter(body), MOST_BYTES + 1)
        except zstandard.ZstdError as error:
            raise Unacceptable(422, "unreadable", f"the body cannot be unpacked: {error}") from error
    elif encoding != "identity":
        raise Unacceptable(415, "encoding", "bodies are plain or packed with zstd")
    if len(body) > MOST_BYTES:
        raise Unacceptable(413, "too-large", f"a body holds at most {MOST_BYTES} bytes: send less at once")
    return body


def _some_of(pieces: Iterable[bytes], most: int) -> bytes:
    """Take pieces until they are *most* bytes: what comes behind is never unpacked."""
    taken = bytearray()
    for piece in pieces:
        taken += piece
        if len(taken) >= most:
            break
    return bytes(taken)


def answer(message: Message, request: Request) -> Response:
    """Write *message*, packed where the other side says it can unpack."""
    body = message.model_dump_json().encode()
    response = Response(body, mimetype=MEDIA_TYPE)
    if len(body) > _WORTH_PACKING and "zstd" in request.headers.get("Accept-Encoding", ""):
        response.set_data(zstandard.ZstdCompressor(level=3).compress(body))
        response.headers["Content-Encoding"] = "zstd"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def complaint(status: int, error: str, says: str, retry_after: int | None = None) -> Response:
    """Say what was not done and why, the same way every time."""
    told = Complaint(error=error, says=says, now=datetime.now(UTC).isoformat())
    response = Response(told.model_dump_json(), status=status, mimetype=MEDIA_TYPE)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
