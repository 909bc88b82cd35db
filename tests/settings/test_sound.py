"""When the station makes sounds."""

from datetime import time

import pytest
from pydantic import ValidationError

from kiosk.settings.sound import SoundSection

NIGHT = SoundSection(quiet_from="21:00", quiet_until="08:00")
NOON = SoundSection(quiet_from="12:00", quiet_until="13:00")


@pytest.mark.parametrize(
    ("section", "now", "loud"),
    [
        (SoundSection(), "03:00", True),
        (SoundSection(on=False), "12:00", False),
        (NIGHT, "20:59", True),
        (NIGHT, "21:00", False),
        (NIGHT, "03:00", False),
        (NIGHT, "08:00", True),
        (NOON, "11:59", True),
        (NOON, "12:30", False),
        (NOON, "13:00", True),
    ],
)
def test_sounds_keep_the_quiet_hours(section: SoundSection, now: str, loud: bool) -> None:
    assert section.loud_at(time.fromisoformat(now)) is loud


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match='expected a time like "21:00"'):
        SoundSection(quiet_from="late")
