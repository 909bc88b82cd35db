"""What is wrong with a config file, in words a technician can act on. Finds nothing itself (`load`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: the file and the key, what was expected, and the right word if one is near."""

    file: str
    key: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        hint = f"; did you mean `{self.suggestion}`?" if self.suggestion else ""
        return f"{where}: {self.message}{hint}"


class SettingsError(Exception):
    """The settings cannot be used. `problems` holds all there are; the message has a line for each."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{subject}: {count} in the settings{lines}")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word somebody most likely meant; None when nothing is near."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)
