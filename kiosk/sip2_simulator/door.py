"""The TCP port of the simulated library: one thread per connection, TLS if there is a certificate, and its faults."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from kiosk.sip2_simulator.conversation import Account, Answer, Conversation
from kiosk.sip2_simulator.delivery import Delivery
from kiosk.sip2_simulator.faults import FAULTS, Fault, FaultPlan, Rule
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import Manner

Told = Callable[[bytes, bytes, Rule | None], None]
"""Is told of every message: what came, what went back (b"" for nothing), and the fault that struck it."""


class Door:
    """Listens while it is open. The library behind it outlives it."""

    def __init__(
        self,
        library: SimulatedLibrary,
        manner: Manner,
        *,
        accounts: Mapping[str, Account],
        plan: FaultPlan,
        address: tuple[str, int] = ("127.0.0.1", 0),
        tls: ssl.SSLContext | None = None,
        told: Told = lambda _came, _went, _rule: None,
    ) -> None:
        self._library = library
        self._manner = manner
        self._accounts = accounts
        self._plan = plan
        self._tls = tls
        self._told = told
        self.address = address
        self._server: socketserver.ThreadingTCPServer | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.RLock()
        self._stopping = threading.Event()

    def open(self) -> None:
        """Listen; open already, do nothing. Raises: OSError, the port is taken."""
        with self._lock:
            if self._server is not None:
                return
            self._stopping.clear()
            self._server = _listening(self.address, self._serve)
            self.address = (self.address[0], self._server.server_address[1])
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Listen no more and close every connection. Closed already, do nothing."""
        self._stop_listening()
        self._hang_up(tuple(self._open))

    def restart(self) -> None:
        """Listen anew on the same port, then close the old connections: who is cut off finds the door open again."""
        there = tuple(self._open)
        self._stop_listening()
        self.open()
        self._hang_up(there)

    def _stop_listening(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        self._stopping.set()
        if server is not None:
            server.shutdown()
            server.server_close()

    @staticmethod
    def _hang_up(connections: tuple[socket.socket, ...]) -> None:
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: socket.socket) -> None:
        """Talk over one connection until either side has had enough."""
        self._open.add(connection)
        try:
            with self._wrapped(connection) as line:
                self._talk(line)
        except (OSError, ValueError):
            pass  # the station has gone, or what it sends is no TLS: real systems say nothing either
        finally:
            self._open.discard(connection)
            connection.close()

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        return connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)

    def _talk(self, connection: socket.socket) -> None:
        conversation = Conversation(
            self._library, self._manner, self._accounts, offline=lambda: self._plan.holds(Fault.OFFLINE)
        )
        delivery = Delivery(connection, self._stopping)
        if greeting := conversation.greeting():
            delivery.send(greeting, None)
        connection.settimeout(conversation.manner.session.idle_s or None)
        while chunk := connection.recv(65536):
            for line in conversation.lines(chunk):
                if not self._answered(conversation, delivery, line):
                    delivery.close()
                    return

    def _answered(self, conversation: Conversation, delivery: Delivery, line: bytes) -> bool:
        """Answer a line. Return False when the connection is to be closed."""
        rule = self._plan.draw(line[:2].decode("latin-1"))
        if rule is not None and rule.fault in _NOTHING_IS_DONE:
            self._told(line, b"", rule)
            if rule.fault is Fault.RESTART:
                self.restart()
            return rule.fault in {Fault.SILENT, Fault.LOST_BEFORE}
        if rule is not None and rule.fault is Fault.STALLED:
            self._stopping.wait(float(rule.value))
        answer: Answer = conversation.answer(line, rule)
        self._told(line, answer.raw, rule)
        stays = not answer.hang_up
        if answer.raw:
            stays = delivery.send(answer.raw, rule, conversation.manner.wire.first_segment) and stays
        return stays


_NOTHING_IS_DONE = frozenset({Fault.SILENT, Fault.LOST_BEFORE, Fault.CLOSED_BEFORE, Fault.RESTART})
assert not any(FAULTS[fault].deed for fault in _NOTHING_IS_DONE)


def _listening(address: tuple[str, int], serve: Callable[[socket.socket], None]) -> socketserver.ThreadingTCPServer:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            serve(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False
        request_queue_size = 32

    return Server(address, Handler)
