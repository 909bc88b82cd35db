"""Running checks one after the other and saying what came of each. A check that breaks does not end the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk.conformance.bench import DeviceBench, Impossible, Unmet
from kiosk.devices import DeviceError

AnyBench = DeviceBench[Any, Any]


class Outcome(StrEnum):
    MET = "met"
    UNMET = "unmet"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One promise of the contract. *claim* says it in words; *means* what it is for a library when it is not kept."""

    name: str
    claim: str
    means: str
    make: Callable[[Any], str | None]
    """Gets the bench of its kind of device; may return how it went. Raises: Unmet; Impossible; DeviceError."""


def check(make: Callable[[Any], str | None], claim: str, means: str) -> Check:
    """Make a check of a function; its name is the function's."""
    return Check(make.__name__.strip("_"), claim, means, make)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a check; *says* is why, for one that is not met or was not made."""

    check: Check
    outcome: Outcome
    says: str = ""


def make(one: Check, bench: AnyBench) -> Result:
    """Make one check. Raises: nothing but what no check foresaw in itself."""
    try:
        return Result(one, Outcome.MET, one.make(bench) or "")
    except Impossible as why:
        return Result(one, Outcome.SKIPPED, str(why))
    except Unmet as unmet:
        return Result(one, Outcome.UNMET, str(unmet))
    except DeviceError as error:
        bench.close()  # opened anew for the next check
        return Result(one, Outcome.UNMET, f"{type(error).__name__}: {error}")


def run(checks: Iterable[Check], bench: AnyBench) -> Iterator[Result]:
    """Make checks in order; what they changed on tags is put back after each."""
    for one in checks:
        result = make(one, bench)
        missing = put_back(bench)
        yield result if not missing else Result(one, Outcome.UNMET, "; ".join(filter(None, (result.says, *missing))))


def put_back(bench: AnyBench) -> tuple[str, ...]:
    """Put back what a check changed on tags, also one that was broken off; say in words what could not be."""
    try:
        return bench.restore()
    except DeviceError as error:
        return (f"what the check changed could not be put back: {error}",)
