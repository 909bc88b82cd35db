"""What goes wrong between the FEIG driver and its pad: pieces, noise, damage, silence, plugs."""

import logging
import os

import pytest
import serial

from drivers.tag_pads.feig import FeigPad, FeigSettings
from drivers.tag_pads.feig_frames import Code, Request
from drivers.tag_pads.feig_simulator import SimulatedFeigPad
from kiosk.devices import DeviceLost
from tests.tag_pads.books import MEMORY, NOVEL, ON_LOAN, STACK, book
from tests.tag_pads.clock import codes, open_files


@pytest.mark.parametrize("chunk", [1, 3])
def test_an_answer_may_arrive_in_pieces(simulated: SimulatedFeigPad, feig: FeigPad, chunk: int):
    simulated.lay(book())
    simulated.troubles.chunk = chunk

    assert feig.inventory() == {NOVEL}
    assert feig.read(NOVEL).data == MEMORY[:32]


@pytest.mark.parametrize("noise", ["00", "02", "FF", "0600B0005555", "30 00 B0 00 08 04"])
def test_noise_before_every_answer_is_heard_through(simulated: SimulatedFeigPad, feig: FeigPad, noise: str):
    simulated.lay(book())
    simulated.troubles.noise = bytes.fromhex(noise)

    assert feig.inventory() == {NOVEL}
    assert feig.read(NOVEL).data == MEMORY[:32]


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_answer_is_asked_for_again(simulated: SimulatedFeigPad, feig: FeigPad, damaged: int):
    simulated.lay(book())
    simulated.troubles.corrupt = damaged

    assert feig.read(NOVEL).data == MEMORY[:32]


def test_tags_named_in_a_damaged_answer_are_not_forgotten(simulated: SimulatedFeigPad, feig: FeigPad):
    for uid in STACK:
        simulated.lay(book(uid))
    simulated.troubles.corrupt = 1

    assert feig.inventory() == set(STACK)


def test_an_afi_write_whose_answer_was_damaged_is_done_once_more(
    simulated: SimulatedFeigPad, feig: FeigPad, asked: list[Request]
):
    simulated.lay(book())
    simulated.troubles.corrupt = 1

    feig.write_afi(NOVEL, ON_LOAN)

    assert codes(asked) == [Code.TAG, Code.BAUD_DETECT, Code.TAG]
    assert simulated.laid()[0].afi == ON_LOAN


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book(memory=b"A" * 32))
    simulated.lay(book(STACK[0], b"B" * 32))
    feig._line.response_time = -0.25
    simulated.troubles.delay = 0.25
    with pytest.raises(DeviceLost):
        feig.read(NOVEL)
    feig._line.response_time = 1.0

    simulated.troubles.delay = 0.0

    assert feig.read(STACK[0]).data[:32] == b"B" * 32


def test_a_slow_answer_is_waited_for(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    simulated.troubles.delay = 0.5

    assert feig.read(NOVEL).data == MEMORY[:32]


def test_a_silent_pad_is_lost(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.troubles.silent = True

    with pytest.raises(DeviceLost, match="power and cable"):
        feig.read_gate(NOVEL)


def test_a_pad_that_is_not_there_is_lost_and_leaves_nothing_open(simulated: SimulatedFeigPad):
    simulated.troubles.silent = True
    before = open_files()

    with pytest.raises(DeviceLost, match="no FEIG pad answered"):
        FeigPad(FeigSettings(simulated.port))

    assert open_files() == before


def test_a_port_that_is_not_there_is_lost():
    with pytest.raises(DeviceLost, match="cannot open /dev/no-such-pad"):
        FeigPad(FeigSettings("/dev/no-such-pad"))


def test_the_pad_can_be_opened_again_after_the_plug_was_pulled(simulated: SimulatedFeigPad, feig: FeigPad):
    simulated.lay(book())
    simulated.unplug()
    with pytest.raises(DeviceLost):
        feig.inventory()
    feig.close()
    simulated.plug()

    again = FeigPad(FeigSettings(simulated.port))

    assert again.inventory() == {NOVEL}
    again.close()


def test_two_drivers_do_not_share_a_port(simulated: SimulatedFeigPad, feig: FeigPad):
    with pytest.raises(DeviceLost, match="cannot open"):
        FeigPad(FeigSettings(simulated.port))


def test_a_pseudo_terminal_without_parity_is_opened_all_the_same(
    simulated: SimulatedFeigPad, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    kept = os.open(simulated.port, os.O_RDWR | os.O_NOCTTY)
    serial.Serial(simulated.port, 38400).close()

    for _ in range(3):
        FeigPad(FeigSettings(simulated.port, parity="E")).close()

    os.close(kept)


@pytest.mark.parametrize("wrong", [{"parity": "X"}, {"baud": 0}, {"address": 256}], ids=lambda wrong: next(iter(wrong)))
def test_a_setting_no_pad_can_have_is_named(wrong: dict[str, object]):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        FeigSettings("/dev/pad", **wrong)
