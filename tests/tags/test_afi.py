"""What the gate bit is in each house, and that only a full agreement counts as one."""

import pytest

from kiosk.tags.afi import DEFAULT_PROFILE, GATE_PROFILES, Gate, GateWrite, reads_as
from tests.tags.golden_tags import GOLDEN

HOUSES = {
    "ISO 28560 / DS INF 163": "iso28560",
    "TH Wildau older tags (since 2005)": "thwildau-9e",
    "TH Wildau older tags (until 2005)": "thwildau-92",
    "HSU Hamburg": "hsu-hamburg",
    "3M 501": "3m501",
}
MARKING = [profile for profile in GATE_PROFILES.values() if profile.marks]


@pytest.mark.parametrize("house", GOLDEN["gates"], ids=lambda house: house["model"])
def test_a_house_arms_and_clears_with_its_published_values(house: dict[str, str]) -> None:
    profile = GATE_PROFILES[HOUSES[house["model"]]]

    assert profile.write_for(armed=True) == GateWrite(int(house["in_library"], 16), None)
    assert profile.write_for(armed=False) == GateWrite(int(house["on_loan"], 16), None)


@pytest.mark.parametrize("profile", MARKING, ids=lambda profile: profile.name)
@pytest.mark.parametrize(("armed", "gate"), [(True, Gate.ARMED), (False, Gate.CLEARED)])
def test_what_was_written_reads_as_what_was_wanted(profile, armed: bool, gate: Gate) -> None:
    write = profile.write_for(armed=armed)

    assert reads_as(profile, write.afi, write.eas) is gate


@pytest.mark.parametrize("profile", MARKING, ids=lambda profile: profile.name)
def test_a_tag_that_could_not_be_asked_is_unclear(profile) -> None:
    assert reads_as(profile, None, None) is Gate.UNCLEAR


@pytest.mark.parametrize(("afi", "eas"), [(0x07, False), (0xC2, True), (0x07, None), (None, True), (0x00, True)])
def test_two_marks_that_disagree_are_unclear(afi: int | None, eas: bool | None) -> None:
    assert reads_as(GATE_PROFILES["iso28560+eas"], afi, eas) is Gate.UNCLEAR


@pytest.mark.parametrize("afi", [0x00, 0x9E, 0xDA, 0xFF])
def test_the_mark_of_another_house_is_unclear(afi: int) -> None:
    assert reads_as(DEFAULT_PROFILE, afi, None) is Gate.UNCLEAR


def test_a_house_that_looks_at_the_afi_does_not_care_for_eas() -> None:
    assert reads_as(DEFAULT_PROFILE, 0xC2, eas=True) is Gate.CLEARED


def test_a_house_without_gates_writes_nothing() -> None:
    profile = GATE_PROFILES["none"]

    assert not profile.marks
    assert profile.write_for(armed=True) == profile.write_for(armed=False) == GateWrite(None, None)
    assert reads_as(profile, 0x07, eas=True) is Gate.UNCLEAR
