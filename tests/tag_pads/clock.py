"""What the tests of the FEIG driver watch by: a clock they turn, the codes a pad was asked, the files held open."""

from pathlib import Path

from drivers.tag_pads.feig_frames import Request


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def codes(asked: list[Request]) -> list[int]:
    return [request.code for request in asked]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
