"""The network cable of the demo: carries every byte while it is in, and nothing at all while it is out."""

import socket
from collections.abc import Iterator
from contextlib import closing
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from kiosk.bootstrap.demo_wire import BUFFER, NetworkCable

PATIENCE = 10.0


class Echo(BaseRequestHandler):
    def handle(self) -> None:
        while said := self.request.recv(BUFFER):
            self.request.sendall(said)


@pytest.fixture
def cable() -> Iterator[NetworkCable]:
    """A cable to somebody who says everything back."""
    with ThreadingTCPServer(("127.0.0.1", 0), Echo) as far:
        far.daemon_threads = True
        Thread(target=far.serve_forever, daemon=True).start()
        with NetworkCable(far.server_address[1]) as cable:
            yield cable
        far.shutdown()


def dial(cable: NetworkCable) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(cable.url.rsplit(":", 1)[1])), timeout=PATIENCE)


def said_back(line: socket.socket, said: bytes) -> bytes:
    line.sendall(said)
    heard = b""
    while len(heard) < len(said) and (more := line.recv(BUFFER)):
        heard += more
    return heard


def test_a_cable_carries_every_byte_both_ways(cable: NetworkCable) -> None:
    large = bytes(range(256)) * 4000

    with closing(dial(cable)) as line:
        Thread(target=line.sendall, args=(large,), daemon=True).start()
        heard = b""
        while len(heard) < len(large) and (more := line.recv(BUFFER)):
            heard += more

    assert heard == large


def test_pulling_the_cable_breaks_what_was_under_way_and_lets_nobody_through(cable: NetworkCable) -> None:
    with closing(dial(cable)) as line:
        before = said_back(line, b"is anybody there?")
        cable.pull()
        after = line.recv(BUFFER)

    assert (before, after) == (b"is anybody there?", b"")
    with pytest.raises(ConnectionRefusedError):
        dial(cable)


def test_a_cable_put_back_is_found_at_the_same_address(cable: NetworkCable) -> None:
    address = cable.url
    with closing(dial(cable)) as line:
        said_back(line, b"before")
        cable.pull()

    cable.plug()

    assert cable.url == address
    with closing(dial(cable)) as line:
        assert said_back(line, b"after") == b"after"


def test_a_side_that_has_said_all_is_still_answered(cable: NetworkCable) -> None:
    with closing(dial(cable)) as line:
        line.sendall(b"last words")
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while more := line.recv(BUFFER):
            heard += more

    assert heard == b"last words"
