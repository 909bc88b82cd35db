"""How loud the station is, and when it keeps quiet."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk.settings.sections import Section


def _clock_or_nothing(text: str) -> str:
    if text:
        try:
            time.fromisoformat(text)
        except ValueError:
            raise ValueError(f'expected a time like "21:00", or "", found "{text}"') from None
    return text


Clock = Annotated[str, AfterValidator(_clock_or_nothing)]


class SoundSection(Section):
    """What the station lets hear: a sound when a book is recorded, when one needs a hand, when one is refused."""

    on: bool = True
    """Whether the station makes sounds; the spoken guidance a patron asks for is heard all the same."""
    volume: Annotated[int, Field(ge=0, le=100)] = 60
    """How loud sounds and spoken guidance are, in percent of what the computer is set to."""
    quiet_from: Clock = ""
    """From when on the station makes no sounds, `21:00`; empty for never."""
    quiet_until: Clock = ""
    """Until when; earlier than `quiet_from` means the next morning."""

    def loud_at(self, now: time) -> bool:
        """Say whether sounds are made at *now*, a time of day in the branch."""
        if not self.on:
            return False
        if not (self.quiet_from and self.quiet_until):
            return True
        starts, ends = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        quiet = starts <= now < ends if starts <= ends else now >= starts or now < ends
        return not quiet
