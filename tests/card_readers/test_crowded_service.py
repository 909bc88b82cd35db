"""A PC/SC service that has no room left: pcscd serves 200 contexts and calls the next one "access denied"."""

import os
import subprocess
import sys

import pytest

from kiosk.devices import CardInserted, DeviceLost
from tests.pcsc_bench import SOON, PcscBench

TAKE_EVERY_PLACE = """
from smartcard import scard
code, taken = scard.SCARD_S_SUCCESS, 0
while code == scard.SCARD_S_SUCCESS:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    taken += 1
print(hex(code & 0xFFFFFFFF), taken, flush=True)
input()
"""


def test_a_service_without_room_is_a_lost_card_reader_until_there_is(bench: PcscBench) -> None:
    crowd = subprocess.Popen(
        [sys.executable, "-c", TAKE_EVERY_PLACE], env=os.environ | bench.pcscd.environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with crowd:
        refused, taken = crowd.stdout.readline().split()

        with pytest.raises(DeviceLost, match="may this account use it"):
            bench.open(open_within=1.0)
        crowd.stdin.close()

    assert (refused, int(taken) > 100) == ("0x8010006a", True)
    card_reader = bench.open(open_within=SOON)
    bench.card().insert()
    assert isinstance(card_reader.wait(SOON), CardInserted)
