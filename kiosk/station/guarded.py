"""A thread that does not die unseen: its end by an error is the end of the program, which is then started anew."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def start_guarded(
    name: str,
    work: Callable[[], None],
    on_death: Callable[[str], None],
    is_over: Callable[[], bool] = lambda: False,
) -> threading.Thread:
    """Run *work* in a thread called *name*, started when this returns; *on_death* hears its name when it fails.

    A failure after *is_over* says so is none: what the thread stood on was closed under it.
    """

    def guarded() -> None:
        try:
            work()
        except Exception:
            if is_over():
                return
            log.exception("the %s thread died", name)
            on_death(name)

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread
