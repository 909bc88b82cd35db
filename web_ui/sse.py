"""Server-sent events: the wire format, and the loop that keeps one browser up to date.

A stream sends whole states, never differences, so a browser that was away is right again after one message
(HTML Living Standard, section 9.2 "Server-sent events"). Each stream holds one thread of the server.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from flask import Response, abort, request

HEARTBEAT = 2.0
"""Seconds of silence after which a stream says that it lives; the browser trusts it for a few of these."""
RECONNECT_MS = 500

_LINE_END = re.compile(r"\r\n|\r|\n")


class Message(Protocol):
    """Something a stream can send: a number the next message will exceed, and its text."""

    @property
    def version(self) -> int: ...

    @property
    def text(self) -> str: ...


M = TypeVar("M", bound=Message)
Wait = Callable[[int, float], M | None]
"""Wait up to some seconds for a message newer than a number; None when there was none."""


def frame(text: str, event: str = "", number: int | None = None) -> str:
    """Write one event. Any line end inside *text* arrives as a line feed."""
    head = (f"event: {event}\n" if event else "") + (f"id: {number}\n" if number is not None else "")
    return head + "".join(f"data: {line}\n" for line in _LINE_END.split(text)) + "\n"


def messages(first: M, wait: Wait[M], gone: Callable[[], bool], boot: str) -> Iterator[str]:
    """Say which start this is and what is true now, then every newer truth, and a beat when nothing changes.

    A beat is an event and not only a comment, so that the page can hear silence. Ends when the browser is *gone*,
    or when *wait* comes back early with nothing: the board is closed, and the browser will knock again.
    """
    yield f"retry: {RECONNECT_MS}\n" + frame(boot, event="boot")
    yield frame(first.text, number=first.version)
    seen = first.version
    while not gone():
        began = time.monotonic()
        if (news := wait(seen, HEARTBEAT)) is None:
            if time.monotonic() - began < HEARTBEAT / 2:
                return
            yield ": still here\n" + frame(str(seen), event="beat")
        else:
            seen = news.version
            yield frame(news.text, number=seen)


class Streams:
    """How many streams may run at once, so that browsers that listen never keep a touch from being heard."""

    def __init__(self, at_most: int) -> None:
        self._places = threading.BoundedSemaphore(at_most)

    def open(self, frames: Iterator[str]) -> Response:
        """Answer the present request with *frames*; 503 when every place is taken."""
        if not self._places.acquire(blocking=False):
            abort(503, "Too many pages listen to this station: close some.")
        response = Response(frames, mimetype="text/event-stream")
        response.call_on_close(self._places.release)
        response.headers["X-Accel-Buffering"] = "no"
        return response


def browser_gone() -> Callable[[], bool]:
    """A question about the present request: has its browser hung up? (waitress, channel_request_lookahead)."""
    asked: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    return asked if asked is not None else lambda: False
