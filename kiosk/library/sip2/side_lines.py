"""More lines to the same system for questions that do not wait for each other: the copies of a long account.

Each line is used by one thread at a time. The station's own line takes part; a side line that fails gives its question
back and is left alone, so nothing is lost but time.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from kiosk.library.remote.system import SystemSilent
from kiosk.library.sip2.client import Client
from kiosk.library.sip2.message import Message
from kiosk.library.sip2.texts import UnsendableValue

PER_LINE = 4
"""Questions that make another line worth its login."""

_Todo = deque[tuple[int, Message]]


class SideLines:
    """Lines beside *main*, opened by *make* when there is enough to ask, and closed when the visit ends."""

    def __init__(self, main: Client, make: Callable[[], Client], most: int) -> None:
        self._main = main
        self._sides = [make() for _ in range(most)]

    def ask_all(self, requests: Sequence[Message]) -> list[Message | None]:
        """Ask all, and give the answers in order; None for what cannot be written.

        Raises: SystemSilent - the station's own line got no answer.
        """
        answers: dict[int, Message] = {}
        todo: _Todo = deque(enumerate(requests))
        helpers = [
            threading.Thread(target=_help, args=(side, todo, answers), name="library side line", daemon=True)
            for side in self._sides[: len(requests) // PER_LINE]
        ]
        for helper in helpers:
            helper.start()
        try:
            self._work(todo, answers)
        except SystemSilent:
            todo.clear()
            raise
        finally:
            for helper in helpers:
                helper.join()
        self._work(todo, answers)  # what a side line gave back
        return [answers.get(number) for number in range(len(requests))]

    def _work(self, todo: _Todo, answers: dict[int, Message]) -> None:
        while todo:
            try:
                number, request = todo.popleft()
            except IndexError:  # a side line was quicker
                return
            self._main.begin()
            with suppress(UnsendableValue):
                answers[number] = self._main.ask(request)

    def close(self) -> None:
        """Let go of the side lines; they open again when they are needed. Never raises."""
        for side in self._sides:
            side.drop()


def _help(side: Client, todo: _Todo, answers: dict[int, Message]) -> None:
    while True:
        try:
            number, request = todo.popleft()
        except IndexError:
            return
        try:
            answers[number] = side.ask(request)
        except (SystemSilent, UnsendableValue):
            todo.append((number, request))
            return
