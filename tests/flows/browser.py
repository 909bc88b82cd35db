"""A browser in front of the station, as far as the flows need one: a page, its stream of screens, its touches."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from kiosk.station.view import Touch
from web_ui.guard import TOKEN_HEADER

PATIENCE = 10.0


class Browser:
    """One opened page. It shows what its stream sent last; touches carry the visit of that screen."""

    def __init__(self, url: str) -> None:
        self._netloc = urlsplit(url).netloc
        self.screen = self._load("/")
        self._token = _found(r'name="touch-token" content="([^"]+)"', self.screen)
        self._line = HTTPConnection(self._netloc, timeout=PATIENCE)
        self._line.request("GET", "/events")
        self._stream = self._line.getresponse()

    @property
    def kind(self) -> str:
        """The name of the screen: welcome, session, ..."""
        return _found(r'data-kind="([^"]+)"', self.screen)

    @property
    def visit(self) -> int:
        return int(_found(r'data-visit="(\d+)"', self.screen))

    def shows(self, kind: str, *words: str) -> str:
        """Read the stream until it shows this screen with all these words."""
        while not (self.kind == kind and all(word in self.screen for word in words)):
            name, text = _event(self._stream)
            self.screen = text if name == "" else self.screen
        return self.screen

    def touch(self, touch: Touch, value: str = "", visit: int | None = None) -> int:
        """Touch what is shown; answer with the status of the server."""
        sent = {"touch": touch, "value": value, "visit": self.visit if visit is None else visit}
        headers = {"Content-Type": "application/json", "Origin": f"http://{self._netloc}", TOKEN_HEADER: self._token}
        line = HTTPConnection(self._netloc, timeout=PATIENCE)
        try:
            line.request("POST", "/touch", json.dumps(sent), headers)
            return line.getresponse().status
        finally:
            line.close()

    def close(self) -> None:
        self._stream.close()
        self._line.close()

    def _load(self, path: str) -> str:
        line = HTTPConnection(self._netloc, timeout=PATIENCE)
        try:
            line.request("GET", path)
            return line.getresponse().read().decode()
        finally:
            line.close()


@contextmanager
def browsing(url: str) -> Iterator[Browser]:
    browser = Browser(url)
    try:
        yield browser
    finally:
        browser.close()


def _event(stream: HTTPResponse) -> tuple[str, str]:
    """Read one event: its name, empty for a screen, and its text."""
    name, text = "", list[str]()
    while (line := stream.readline().decode()) != "\n" or not text:
        assert line, "the stream has ended"
        field, _, value = line.rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            text.append(value)
    return name, "\n".join(text)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, f"no {pattern} on the page"
    return found[1]
