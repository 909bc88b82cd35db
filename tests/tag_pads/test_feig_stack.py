"""Who lies on the pad, who came, who left."""

import pytest

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Code, Request
from drivers.tag_pads.feig_line import SLOW_GAP
from drivers.tag_pads.feig_memory import Outcome
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from drivers.tag_pads.feig_status import Status
from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.devices import DeviceRefused, TagGone, TagUid
from tests.tag_pads.books import NOVEL, ON_LOAN, STACK, book
from tests.tag_pads.clock import Clock, codes

PATRON_CARD = TagUid("04A1B2C3D4E5F6")


def test_reading_32_bytes_is_one_command(simulated: SimulatedFeigPad, feig: FeigPad, asked: list[Request]):
    simulated.lay(book())

    feig.read(NOVEL)

    assert codes(asked) == [Code.TAG]


def test_standard_frames_are_used_where_the_pad_speaks_them(feig: FeigPad, asked: list[Request]):
    feig.inventory()

    assert not any(request.advanced for request in asked)


def test_an_idle_poll_is_one_command_and_drops_no_field(feig: FeigPad, clock: Clock, asked: list[Request]):
    for _ in range(5):
        clock.now += 1
        feig.inventory()

    assert codes(asked) == [Code.TAG] * 5


def test_nobody_is_missed_before_the_sweep_and_everybody_after(
    simulated: SimulatedFeigPad, feig: FeigPad, clock: Clock
):
    simulated.lay(book())
    feig.inventory()
    simulated.lift(NOVEL)

    early = feig.inventory()
    clock.now += 0.31
    late = feig.inventory()

    assert (early, late) == ({NOVEL}, frozenset())


def test_newcomers_are_read_before_the_field_drops(
    simulated: SimulatedFeigPad, feig: FeigPad, clock: Clock, asked: list[Request]
):
    simulated.lay(book())
    feig.inventory()
    clock.now += 0.29
    simulated.lay(book(STACK[0]))
    feig.inventory()
    asked.clear()

    clock.now += 0.02
    feig.inventory()

    assert codes(asked) == [Code.TAG]


def test_a_book_being_laid_every_moment_does_not_hide_one_that_left(
    simulated: SimulatedFeigPad, feig: FeigPad, clock: Clock
):
    simulated.lay(book())
    feig.inventory()
    simulated.lift(NOVEL)

    for uid in STACK[:5]:
        clock.now += 0.08
        simulated.lay(book(uid))
        seen = feig.inventory()

    assert NOVEL not in seen


def test_a_tag_that_was_gone_when_asked_is_looked_for_at_once(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    feig.inventory()
    simulated.tear(NOVEL)

    with pytest.raises(TagGone):
        feig.read(NOVEL)

    assert feig.inventory() == frozenset()


def test_tags_kept_quiet_by_an_earlier_visit_are_seen_by_the_next(simulated: SimulatedFeigPad):
    simulated.lay(book())
    first = FeigPad(FeigSettings(simulated.port))
    first.inventory()
    first.close()

    second = FeigPad(FeigSettings(simulated.port))

    assert second.inventory() == {NOVEL}
    second.close()


def test_a_pad_that_takes_no_configuration_is_swept_every_time(simulated: SimulatedFeigPad):
    simulated.firmware._configure = lambda *_: Outcome(Status.LOGIN_NEEDED)
    feig = FeigPad(FeigSettings(simulated.port))
    simulated.lay(book())

    seen = [feig.inventory(), feig.inventory()]
    simulated.lift(NOVEL)
    seen.append(feig.inventory())

    assert seen == [{NOVEL}, {NOVEL}, frozenset()]
    assert simulated.firmware.memory.interface.gap == SLOW_GAP
    feig.close()


def test_nothing_is_ever_written_to_the_pads_eeprom(simulated: SimulatedFeigPad, feig: FeigPad):
    before = dict(simulated.firmware.memory.eeprom)

    feig.inventory()

    assert simulated.firmware.memory.eeprom == before
    assert simulated.firmware.memory.records != before


def test_a_card_laid_on_the_pad_is_seen_and_holds_nothing(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    simulated.lay(SimulatedTag.of(PATRON_CARD))
    simulated.lay(SimulatedTag.of("08112233445566778899"))

    seen = feig.inventory()

    assert seen == {NOVEL, PATRON_CARD, TagUid("08112233445566778899")}
    assert feig.read(PATRON_CARD).data == b""
    with pytest.raises(DeviceRefused, match="take it off"):
        feig.write_afi(PATRON_CARD, ON_LOAN)
