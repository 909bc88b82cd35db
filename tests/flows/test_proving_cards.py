"""Whole visits with cards that prove themselves, and with copies of them: keys from a file, real pcscd, real ledger."""

from pathlib import Path

import pytest

from drivers.card_readers.card_answers import CardAnswers
from drivers.card_readers.chips import blank_ntag424
from drivers.card_readers.proving_card import ProvingCard
from drivers.card_readers.virtual_card import VirtualCard
from drivers.key_stores.key_file import new_key_file, parse_key_file, part_of
from kiosk.circulation.model import Patron, Reason, Refusal
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import KeyRole, MasterKeys
from kiosk.station.card_ear import CardCounts
from kiosk.station.view import NoticeView, PinView, RowState, SessionView, WelcomeView
from tests.ecard.talking import talk
from tests.stand import Shelf, Stand, Station, make_tag

UID = "04A1B2C3D4E5F6"


@pytest.fixture
def desk_keys(tmp_path: Path) -> MasterKeys:
    """The keys of the desk; a station's are beside them, in a file."""
    whole, file = new_key_file(), tmp_path / "keys.toml"
    file.write_text(part_of(whole, (KeyRole.READ,)))
    file.chmod(0o600)
    return parse_key_file(whole.encode(), "the desk")


@pytest.fixture
def asking(tmp_path: Path) -> dict[str, object]:
    """Settings of a station that asks cards for a proof."""
    keys = {"store": "sealed", "sealed": {"name": str(tmp_path / "keys.toml")}}
    return {"pcsc": {"scheme": "proven"}, "card_keys": keys, "claimed_cards": {"loans": 1}}


def issued(patron: Patron, keys: MasterKeys) -> ProvingCard:
    chip = blank_ntag424(UID)
    talk(issue(Order(patron.card), keys), chip)
    return chip


def lay(stand: Stand, chip: ProvingCard | CardAnswers) -> VirtualCard:
    card = stand.bench.card()
    card.become_chip(chip)
    card.insert()
    return card


def test_a_proving_card_opens_the_account_and_its_copies_open_nothing(
    station: Station, shelf: Shelf, desk_keys: MasterKeys, asking: dict[str, object]
) -> None:
    olena = shelf.patron("Олена")
    genuine, cloned = issued(olena, desk_keys), blank_ntag424(UID)
    copied = CardAnswers(bytes.fromhex(UID), olena.card)

    with station(**asking) as stand:
        stand.opens()
        card = lay(stand, genuine)
        session = stand.sees(SessionView)
        card.remove()
        stand.sees(WelcomeView)

        card = lay(stand, cloned)
        of_the_chip = stand.sees(NoticeView)
        card.remove()
        stand.sees(WelcomeView)
        card = lay(stand, copied)
        of_the_number = stand.sees(NoticeView)
        card.remove()

        assert (session.name, session.account_open) == ("Олена К.", True)
        assert of_the_chip.hint == "card-not-proven"
        assert of_the_number.reasons == (Reason(Refusal.CARD_NOT_PROVEN),)
        assert stand.kiosk.shell.cards.counts == CardCounts(proven=1, claimed=1, refused=2)


def test_a_card_of_the_old_kind_needs_its_pin_and_borrows_little(
    station: Station, shelf: Shelf, desk_keys: MasterKeys, asking: dict[str, object]
) -> None:
    taras = shelf.patron("Тарас", pin="4321")
    tags = [make_tag(shelf.item(f"001200000{n}")) for n in (1, 2)]

    with station(**asking) as stand:
        stand.opens()
        lay(stand, CardAnswers(bytes.fromhex("04999999999999"), taras.card))
        stand.sees(PinView)
        stand.type_pin("4321")
        stand.sees(SessionView)
        stand.lay(*tags)
        session = stand.sees_rows(SessionView, RowState.LENT, RowState.REFUSED)

        refused = next(row for row in session.rows if row.state is RowState.REFUSED)
        assert refused.reasons == (Reason(Refusal.CLAIM_LIMIT, number=1),)
        assert (session.name, session.account_open) == ("", False)
        assert len(stand.on_loan()) == 1


def test_a_sun_counter_that_goes_back_is_refused_though_its_seal_is_good(
    station: Station, shelf: Shelf, tmp_path: Path, asking: dict[str, object]
) -> None:
    """A station that holds the SUN keys only; a message somebody read from the card earlier is shown again."""
    olena, whole = shelf.patron("Олена"), new_key_file()
    (tmp_path / "keys.toml").write_text(part_of(whole, (KeyRole.SUN_META, KeyRole.SUN_FILE)))
    (tmp_path / "keys.toml").chmod(0o600)
    chip = blank_ntag424(UID)
    talk(issue(Order(olena.card, "https://library.example/c"), parse_key_file(whole.encode(), "the desk")), chip)
    chip.taps = 7

    with station(**asking) as stand:
        stand.opens()
        card = lay(stand, chip)
        first = stand.sees(NoticeView)
        card.remove()
        stand.sees(WelcomeView)
        chip.taps = 3
        lay(stand, chip)
        second = stand.sees(NoticeView)

        assert first.reasons == (Reason(Refusal.CARD_UNKNOWN),)  # believed; nobody has told whose UID it is
        assert second.reasons == (Reason(Refusal.CARD_NOT_PROVEN),)


def test_a_station_without_its_keys_takes_cards_on_their_word(
    station: Station, shelf: Shelf, desk_keys: MasterKeys, asking: dict[str, object], tmp_path: Path
) -> None:
    olena = shelf.patron("Олена", pin="1234")
    chip = issued(olena, desk_keys)
    (tmp_path / "keys.toml").unlink()

    with station(**asking) as stand:
        stand.opens()
        lay(stand, chip)
        notice = stand.sees(NoticeView)

        # its number is behind the key, and the library has never heard of its UID
        assert notice.reasons == (Reason(Refusal.CARD_UNKNOWN),)
        assert stand.kiosk.shell.cards.counts == CardCounts(claimed=1)
