"""A station without keys of its own: its centre answers for them, over the real line with real signatures."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.card_readers.chips import blank_desfire, blank_ntag424
from drivers.card_readers.proving_card import ProvingCard
from kiosk.central.card_proofs import GOOD_FOR, CardProofs
from kiosk.central.centre import Centre, open_centre
from kiosk.central.enrolment import revoke
from kiosk.devices import CardIdentity
from kiosk.ecard.ev2 import NotProven
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import KeyRole, KeysUnavailable
from kiosk.ecard.schemes import identify_by_proof
from kiosk.sync.centre_clock import CentreClock
from kiosk.sync.key import new_key
from kiosk.sync.line import Line, Place
from kiosk.sync.relayed_keys import AGAIN_AFTER, RelayedKeys
from kiosk.sync.signing import signer
from tests.central_bench import NETWORK
from tests.ecard.talking import master_keys, ring, talk
from tests.library.desk_stand import DeskStand
from tests.sync.knowing import know
from tests.sync.served import Calendar, SpeakingStation, served

ATR = bytes.fromhex("3B8180018080")
UID = "04A1B2C3D4E5F6"
PROVEN = CardIdentity("proven", UID, "L0001", proven=True)


@pytest.fixture
def centre(empty_central_file: Path, tmp_path: Path) -> Iterator[Centre]:
    path = tmp_path / "central.db"
    path.write_bytes(empty_central_file.read_bytes())
    opened = open_centre(f"sqlite:///{path}", NETWORK)
    opened.now = Calendar()
    know(opened)
    yield opened
    opened.close()


@contextmanager
def relayed(centre: Centre, folder: Path, cards: CardProofs | None) -> Iterator[tuple[RelayedKeys, SpeakingStation]]:
    desk = DeskStand(folder / "station.db")
    with served(centre, cards=cards) as at:
        station = SpeakingStation(desk.store, at.url, folder)
        station.known_to(centre)
        yield RelayedKeys(lambda: station.line), station
        station.hang_up()
    desk.store.close()


def issued(fill: int = 0xA0, blank: Callable[[str], ProvingCard] = blank_ntag424) -> ProvingCard:
    chip = blank(UID)
    talk(issue(Order("L0001", "https://library.example/c"), master_keys(fill)), chip)
    chip.reset()
    return chip


@pytest.mark.parametrize("blank", [blank_ntag424, blank_desfire])
def test_a_card_proves_itself_to_the_centre_through_a_station(
    centre: Centre, tmp_path: Path, blank: Callable[[str], ProvingCard]
) -> None:
    with relayed(centre, tmp_path, CardProofs(master_keys())) as (keys, _):
        assert talk(identify_by_proof(ATR, ring(keys)), issued(blank=blank)) == PROVEN


def test_a_copy_is_refused_by_the_centre(centre: Centre, tmp_path: Path) -> None:
    with (
        relayed(centre, tmp_path, CardProofs(master_keys())) as (keys, _),
        pytest.raises(NotProven),
    ):
        talk(identify_by_proof(ATR, ring(keys)), issued(0x50))


def test_sun_messages_are_checked_there_too(centre: Centre, tmp_path: Path) -> None:
    sun_only = master_keys(roles=(KeyRole.SUN_META, KeyRole.SUN_FILE))
    with relayed(centre, tmp_path, CardProofs(sun_only)) as (keys, _):
        identity = talk(identify_by_proof(ATR, ring(replaced(keys))), issued())

        assert (identity, identity.counter) == (CardIdentity("sun", UID, proven=True), 1)


def replaced(keys: RelayedKeys) -> RelayedKeys:
    """Ask again at once: a centre that has one key and not another is not silent."""
    return RelayedKeys(keys._open_line, iter(range(0, 1000, 10)).__next__)


def test_a_centre_without_keys_blames_no_card(centre: Centre, tmp_path: Path) -> None:
    with relayed(centre, tmp_path, None) as (keys, _):
        assert talk(identify_by_proof(ATR, ring(keys)), issued()) == CardIdentity("uid", UID)


def test_a_station_that_was_shut_out_gets_no_proof(centre: Centre, tmp_path: Path) -> None:
    with relayed(centre, tmp_path, CardProofs(master_keys())) as (keys, station):
        revoke(centre, station.name, "technician")

        assert talk(identify_by_proof(ATR, ring(keys)), issued()) == CardIdentity("uid", UID)


def test_a_stranger_gets_no_proof(centre: Centre, tmp_path: Path) -> None:
    with relayed(centre, tmp_path, CardProofs(master_keys())) as (_, station):
        line = Line(Place(station.url), CentreClock(station.calendar), signer(new_key(), station.name))

        with pytest.raises(KeysUnavailable):
            RelayedKeys(lambda: line).begin(KeyRole.READ, UID, bytes(16))
        line.close()


def test_a_centre_that_is_silent_is_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    now, opened = [0.0], []

    def open_line() -> Line:
        opened.append(Line(Place(f"http://127.0.0.1:{port}"), CentreClock(), signer(new_key(), "a.hall")))
        return opened[-1]

    keys = RelayedKeys(open_line, lambda: now[0])

    with pytest.raises(KeysUnavailable, match="does not answer"):
        keys.begin(KeyRole.READ, UID, bytes(16))
    with pytest.raises(KeysUnavailable, match="silent a moment ago"):
        keys.begin(KeyRole.READ, UID, bytes(16))
    now[0] += AGAIN_AFTER
    with pytest.raises(KeysUnavailable, match="does not answer"):
        keys.begin(KeyRole.READ, UID, bytes(16))
    opened[0].close()


@pytest.mark.parametrize("role", [KeyRole.MASTER, KeyRole.SUN_META, KeyRole.SUN_FILE])
def test_the_key_that_writes_cards_is_not_answered_for(centre: Centre, tmp_path: Path, role: KeyRole) -> None:
    with (
        relayed(centre, tmp_path, CardProofs(master_keys())) as (keys, _),
        pytest.raises(KeysUnavailable, match="is not answered for"),
    ):
        keys.begin(role, UID, bytes(16))


def test_a_proof_is_finished_by_the_station_that_began_it_and_soon() -> None:
    proofs, now = CardProofs(master_keys()), Calendar()()
    proof, _ = proofs.begin("a.hall", KeyRole.READ, UID, bytes(16), now)

    with pytest.raises(ValueError, match="not begun by this station"):
        proofs.finish("b.hall", proof, bytes(32), now)
    with pytest.raises(ValueError, match="not begun by this station"):
        proofs.finish("a.hall", "no-proof-at-all-ф", bytes(32), now)
    with pytest.raises(ValueError, match="more than 10 s ago"):
        proofs.finish("a.hall", proof, bytes(32), now + timedelta(seconds=GOOD_FOR + 1))
    with pytest.raises(NotProven):
        proofs.finish("a.hall", proof, bytes(32), now)
