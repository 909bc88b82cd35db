"""What may go wrong between a station and a library system, as data, and a plan of when it does.

lost-after on 11 next 2       the next two replies to a checkout are lost, the loans are made
slow 5 chance 0.2             one message in five is answered five seconds late, chosen by the plan's seed
offline                       from now on, until it is taken back
"""

import random
import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum


class FaultError(ValueError):
    """No such fault, or its words do not fit; the message says what there is."""


class Fault(StrEnum):
    """Everything that can be switched on. The words of each: `FAULTS`."""

    LOST_AFTER = "lost-after"
    LOST_BEFORE = "lost-before"
    CLOSED_AFTER = "closed-after"
    CLOSED_BEFORE = "closed-before"
    CUT = "cut"
    SPLIT = "split"
    GLUED = "glued"
    LATE = "late"
    BAD_CHECKSUM = "bad-checksum"
    BAD_SEQUENCE = "bad-sequence"
    NOISE = "noise"
    GARBAGE = "garbage"
    TEXT = "text"
    RESEND = "resend"
    SLOW = "slow"
    STALLED = "stalled"
    MISSING = "missing"
    LOGIN_REFUSED = "login-refused"
    SILENT = "silent"
    OFFLINE = "offline"
    REFUSED = "refused"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault in words. `value` is what it takes if nobody says, "" for one that takes none.

    `lasting` faults hold until they are taken back; the others hit the next message. `deed`: the request is done.
    """

    words: str
    value: str = ""
    lasting: bool = False
    deed: bool = True


FAULTS: dict[Fault, Kind] = {
    Fault.LOST_AFTER: Kind("the deed is done, its reply never comes"),
    Fault.LOST_BEFORE: Kind("the request is lost: nothing is done, nothing comes", deed=False),
    Fault.CLOSED_AFTER: Kind("the deed is done and the connection closed instead of a reply"),
    Fault.CLOSED_BEFORE: Kind("the connection is closed and nothing is done", deed=False),
    Fault.CUT: Kind("the deed is done; the connection closes in the middle of the reply"),
    Fault.SPLIT: Kind("the reply comes in segments of so many bytes", value="1"),
    Fault.GLUED: Kind("the reply comes with the one before it in one segment"),
    Fault.LATE: Kind("the deed is done; the reply comes right before the next one"),
    Fault.BAD_CHECKSUM: Kind("the checksum of the reply is wrong"),
    Fault.BAD_SEQUENCE: Kind("the reply carries another sequence number"),
    Fault.NOISE: Kind("a line of noise comes before the reply"),
    Fault.GARBAGE: Kind("the deed is done; a line of noise comes instead of the reply"),
    Fault.TEXT: Kind("nothing is done; an error message in plain words comes, which is no SIP2", deed=False),
    Fault.RESEND: Kind("nothing is done; the system asks to hear it again (96)", deed=False),
    Fault.SLOW: Kind("the reply comes so many seconds late", value="3"),
    Fault.STALLED: Kind("the request lies so many seconds before it is carried out, whoever still waits", value="3"),
    Fault.MISSING: Kind("the reply lacks these fields", value="AQ,BX,BL,CQ"),
    Fault.LOGIN_REFUSED: Kind("the login is refused (940)", deed=False),
    Fault.SILENT: Kind("nothing is heard and nothing answered", lasting=True, deed=False),
    Fault.OFFLINE: Kind("the system says in 98 that it is off-line", lasting=True),
    Fault.REFUSED: Kind("no connection is accepted, and those there are closed", lasting=True, deed=False),
    Fault.RESTART: Kind("the system closes every connection and starts again; it forgets nothing", deed=False),
}


@dataclass(slots=True)
class Rule:
    """When a fault strikes: the next *left* messages (None: every one) of these ids (none: any), with this chance."""

    fault: Fault
    value: str = ""
    ids: frozenset[str] = frozenset()
    left: int | None = 1
    chance: float = 1.0

    def __str__(self) -> str:
        """Say the rule as `read_rule` reads it."""
        words = [self.fault, self.value, *(("on", ",".join(sorted(self.ids))) if self.ids else ())]
        times = "always" if self.left is None else f"next {self.left}"
        return " ".join(word for word in (*words, times, f"chance {self.chance:g}" if self.chance < 1 else "") if word)


def read_rule(text: str) -> Rule:
    """Read `NAME [VALUE] [on ID,...] [next N|always] [chance P]`. Raises: FaultError."""
    words = text.split()
    try:
        fault = Fault(words.pop(0))
    except (ValueError, IndexError):
        raise FaultError(f"{text!r} is no fault; there are: {', '.join(Fault)}") from None
    kind = FAULTS[fault]
    rule = Rule(fault, kind.value, left=None if kind.lasting else 1)
    if words and words[0] not in _CLAUSES and kind.value:
        rule.value = words.pop(0)
    while words:
        word = words.pop(0)
        try:
            _CLAUSES[word](rule, words)
        except (KeyError, IndexError, ValueError) as err:
            raise FaultError(f"{text!r}: after the name come [on 11,09] [next N | always] [chance 0.5]") from err
    _check(rule)
    return rule


def _on(rule: Rule, words: list[str]) -> None:
    rule.ids = frozenset(words.pop(0).split(","))


def _next(rule: Rule, words: list[str]) -> None:
    rule.left = int(words.pop(0))


def _always(rule: Rule, _words: list[str]) -> None:
    rule.left = None


def _chance(rule: Rule, words: list[str]) -> None:
    rule.chance, rule.left = float(words.pop(0)), None


_CLAUSES = {"on": _on, "next": _next, "always": _always, "chance": _chance}


def _check(rule: Rule) -> None:
    if rule.left is not None and rule.left < 1:
        raise FaultError(f"next {rule.left}: a fault strikes once at least")
    if not 0 < rule.chance <= 1:
        raise FaultError(f"chance {rule.chance:g}: a chance is above 0, and 1 at most")
    numbers = {Fault.SLOW: r"\d+(\.\d+)?", Fault.STALLED: r"\d+(\.\d+)?", Fault.SPLIT: r"[1-9]\d*"}
    if rule.fault in numbers and not re.fullmatch(numbers[rule.fault], rule.value):
        raise FaultError(f"{rule.fault} takes a number, not {rule.value!r}")


@dataclass(slots=True)
class FaultPlan:
    """The rules that hold now, asked from every connection's thread. The first that fits a message is used on it.

    `seed` makes what is left to chance the same every time.
    """

    seed: int = 0
    _rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Begin where the seed says."""
        self._dice = random.Random(self.seed)  # noqa: S311 - a test is to see the same again, nobody is to guess it

    def add(self, rule: Rule) -> None:
        with self._lock:
            self._rules.append(rule)

    def clear(self, fault: Fault | None = None) -> None:
        """Take back a fault, or all of them."""
        with self._lock:
            self._rules = [rule for rule in self._rules if fault is not None and rule.fault is not fault]

    def rules(self) -> tuple[str, ...]:
        """Say what holds now."""
        with self._lock:
            return tuple(map(str, self._rules))

    def holds(self, fault: Fault) -> bool:
        """Tell whether a lasting fault is switched on."""
        with self._lock:
            return any(rule.fault is fault for rule in self._rules)

    def draw(self, message: str) -> Rule | None:
        """Say what strikes this message, None for nothing, and count it."""
        with self._lock:
            for rule in self._rules:
                if rule.fault in _STATES or (rule.ids and message not in rule.ids):
                    continue
                if rule.fault is Fault.LOGIN_REFUSED and message != "93":
                    continue
                if rule.chance < 1 and self._dice.random() >= rule.chance:
                    continue
                self._use(rule)
                return rule
            return None

    def _use(self, rule: Rule) -> None:
        if rule.left is None:
            return
        rule.left -= 1
        if not rule.left:
            self._rules.remove(rule)


_STATES = frozenset({Fault.OFFLINE, Fault.REFUSED})
