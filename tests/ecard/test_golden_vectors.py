"""The published vectors of NXP's application notes and of others, byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.key_stores.aes import SoftwareCipher
from drivers.key_stores.originality import is_genuine
from kiosk.ecard.aes import cmac, short_mac, subkeys
from kiosk.ecard.apdu import Response
from kiosk.ecard.diversify import diversify, diversify_192, diversify_256
from kiosk.ecard.ev2 import CardHandshake, Handshake, NotProven, SessionKeys, rotated, session_keys
from kiosk.ecard.key_change import change_key, changed_key, key_check
from kiosk.ecard.messaging import Mode, SealBroken, Session
from kiosk.ecard.native import Ins, native
from kiosk.ecard.sun import SunFacts, check_sun, open_file_data, open_picc_data, sun_keys
from kiosk.ecard.sun_url import parse_sun

VECTORS = json.loads((Path(__file__).parents[1] / "golden" / "ecard.json").read_text())["vectors"]
BY_NAME = {vector["name"]: vector["fields"] for vector in VECTORS}
TESTED = ("aes_cmac", "an10922", "ev2", "mac_", "full_", "changekey", "sun_", "ntag424_originality")


class Fields:
    """The fields of one vector; hexadecimal ones as bytes."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def __getattr__(self, name: str) -> bytes:
        return bytes.fromhex(self.fields[name])

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def session(self) -> Session:
        enc = self.fields.get("ses_auth_enc") or "00" * 16
        mac = self.fields.get("ses_auth_mac") or "00" * 16
        return Session(
            SessionKeys(bytes.fromhex(enc), bytes.fromhex(mac), self.ti), SoftwareCipher, self.fields["cmd_ctr"]
        )


def named(*prefixes: str) -> list[Any]:
    found = [pytest.param(Fields(fields), id=name) for name, fields in BY_NAME.items() if name.startswith(prefixes)]
    assert found
    return found


def test_every_vector_is_tested_here() -> None:
    assert [name for name in BY_NAME if not name.startswith(TESTED)] == []


@pytest.mark.parametrize("known", named("aes_cmac_rfc4493"))
def test_cmac(known: Fields) -> None:
    assert cmac(SoftwareCipher(known.key), known.message) == known.cmac


@pytest.mark.parametrize("known", named("aes_cmac_subkeys"))
def test_the_subkeys_of_cmac(known: Fields) -> None:
    assert subkeys(SoftwareCipher(known.key)) == (known.k1, known.k2)


@pytest.mark.parametrize(("name", "function"), [("128", diversify), ("192", diversify_192), ("256", diversify_256)])
def test_diversified_keys(name: str, function: Any) -> None:
    known = Fields(BY_NAME[f"an10922_aes{name}"])

    assert function(SoftwareCipher(known.master_key), known.diversification_input) == known.derived_key


def test_a_short_input_is_not_plain_cmac() -> None:
    """The mistake of libfreefare's issue 91: right for long inputs only."""
    master = SoftwareCipher(bytes.fromhex("00112233445566778899aabbccddeeff"))
    about = bytes.fromhex("04782e21801d80")

    assert diversify(master, about) != cmac(master, b"\x01" + about)
    assert diversify(master, about + bytes(9)) == cmac(master, b"\x01" + about + bytes(9))


@pytest.mark.parametrize("about", [b"", bytes(32)], ids=["nothing", "too much"])
def test_what_no_key_can_be_diversified_with_is_said(about: bytes) -> None:
    with pytest.raises(ValueError, match="1 to 31 bytes"):
        diversify(SoftwareCipher(bytes(16)), about)


@pytest.mark.parametrize("known", named("ev2first"))
def test_the_handshake_of_both_sides(known: Fields) -> None:
    key, expected = SoftwareCipher(known.key), SessionKeys(known.ses_auth_enc, known.ses_auth_mac, known.ti)
    challenge = Response.from_bytes(known.resp1).data

    station = Handshake.begin(key, challenge, known.rnd_a)
    card = CardHandshake(key, known.rnd_b, known.ti)
    answer, card_keys = card.finish(station.command)

    assert native(Ins.AUTHENTICATE_FIRST, bytes([known.fields["key_no"], 0])).to_bytes() == known.apdu1
    assert station.rnd_b == known.rnd_b
    assert card.challenge == challenge
    assert native(Ins.MORE, station.command).to_bytes() == known.apdu2
    assert Response(0x9100, answer).to_bytes() == known.resp2
    assert key.decrypt(answer) == known.resp2_plain
    assert station.finish(answer) == card_keys == expected


@pytest.mark.parametrize("known", named("ev2_session_keys"))
def test_session_keys(known: Fields) -> None:
    made = session_keys(SoftwareCipher(known.key), known.rnd_a, known.rnd_b, bytes(4))

    assert (made.enc, made.mac) == (known.ses_auth_enc, known.ses_auth_mac)


def test_a_handshake_within_a_session_keeps_its_transaction() -> None:
    key, running = SoftwareCipher(bytes(range(16))), SessionKeys(bytes(16), bytes(16), b"abcd")
    card = CardHandshake(key, bytes(range(1, 17)), running.ti)
    station = Handshake.begin(key, card.challenge, bytes(range(2, 18)))

    answer, card_keys = card.finish(station.command, first=False)

    assert key.decrypt(answer) == rotated(station.rnd_a)
    assert station.finish_within(answer, running) == card_keys


@pytest.mark.parametrize("spoiled", range(32))
def test_a_proof_with_any_byte_changed_proves_nothing(spoiled: int) -> None:
    known = Fields(BY_NAME["ev2first_an12196_key0"])
    station = Handshake.begin(SoftwareCipher(known.key), known.resp1[:16], known.rnd_a)
    answer = bytearray(known.resp2[:32])
    answer[spoiled] ^= 1

    with pytest.raises(NotProven):
        station.finish(bytes(answer))


@pytest.mark.parametrize(
    "known", named("mac_getfile", "full_write", "full_getcarduid", "mac_write", "full_write_", "changekey_other")
)
def test_commands_and_answers_under_a_seal(known: Fields) -> None:
    mode = Mode(known.fields["comm_mode"])
    station, card = known.session(), known.session()
    answer = Response.from_bytes(known.r_apdu)

    command = station.command(known.ins[0], known.cmd_header, known.cmd_data_plain, mode)

    assert command.to_bytes() == known.c_apdu
    assert card.open_command(known.ins[0], command.data, len(known.cmd_header), mode) == (
        known.cmd_header,
        known.cmd_data_plain,
    )
    assert card.seal_answer(known.resp_plain, mode) == answer.data
    assert station.answer(answer.data, mode) == known.resp_plain
    assert station.counter == known.fields["cmd_ctr"] + 1


def test_a_whole_change_of_file_settings() -> None:
    known = Fields(BY_NAME["full_changefilesettings_an12196"])
    session = known.session()

    assert session.iv(to_card=True) == known.iv_cmd
    assert (
        session.command(Ins.CHANGE_FILE_SETTINGS, b"\x02", known.cmd_data_plain, Mode.FULL).to_bytes() == known.c_apdu
    )
    assert session.answer(known.resp_mac, Mode.FULL) == b""


def test_the_seal_of_a_command_alone() -> None:
    known = Fields(BY_NAME["mac_getkeyversion_an12343_table39"])

    assert known.session().command(known.ins[0], known.cmd_header).data == known.cmd_header + known.mact


@pytest.mark.parametrize("known", named("ev2_iv"))
def test_ivs(known: Fields) -> None:
    session = Session(SessionKeys(known.ses_auth_enc, bytes(16), known.ti), SoftwareCipher, known.fields["cmd_ctr"])

    assert session.iv(to_card=True) == known.iv_cmd


@pytest.mark.parametrize("known", [one for one in named("full_") if "iv_resp" in one.values[0]])
def test_ivs_of_answers(known: Fields) -> None:
    session = known.session()
    command_iv = session.iv(to_card=True)
    session.counter += 1

    assert (command_iv, session.iv(to_card=False)) == (known.iv_cmd, known.iv_resp)


def test_changing_another_key() -> None:
    known = Fields(BY_NAME["changekey_other_key_an12196"])

    command = change_key(known.session(), 2, known.new_key, old=known.old_key, version=1)

    assert command.to_bytes() == known.c_apdu
    assert key_check(known.new_key) == known.crc32nk_lsb_first
    assert changed_key(known.cmd_data_plain, known.old_key, own=False) == (known.new_key, 1)


def test_changing_the_key_of_the_session() -> None:
    known = Fields(BY_NAME["changekey_auth_key_an12196"])

    assert change_key(known.session(), 0, known.new_key, old=None, version=1).to_bytes() == known.c_apdu


def test_changing_the_key_of_a_session_of_desfire() -> None:
    known = Fields(BY_NAME["changekey_auth_key_an12343_table40"])

    command = change_key(known.session(), 0, known.new_key, old=None, version=0)

    assert command.data == b"\0" + known.enc_key_data + known.mact


@pytest.mark.parametrize("known", named("sun_picc", "sun_enc"))
def test_sun_messages(known: Fields) -> None:
    meta_read, file_read = SoftwareCipher(known.k_sdm_meta_read), SoftwareCipher(known.k_sdm_file_read)
    signed = known.fields["mac_input_ascii"].encode()

    facts = open_picc_data(meta_read, known.picc_enc_data)
    keys = sun_keys(file_read, facts)

    assert facts == SunFacts(known.uid, known.fields["sdm_read_ctr"])
    assert (keys.enc, keys.mac) == (known.ses_sdm_file_read_enc, known.ses_sdm_file_read_mac)
    check_sun(file_read, facts, signed, known.sdmmac, SoftwareCipher)


@pytest.mark.parametrize("known", [one for one in named("sun_") if "url" in one.values[0]])
def test_sun_addresses(known: Fields) -> None:
    meta_read, file_read = SoftwareCipher(known.k_sdm_meta_read), SoftwareCipher(known.k_sdm_file_read)
    message = parse_sun(known.fields["url"])

    facts = message.facts(meta_read)
    file_data = message.check(facts, file_read, SoftwareCipher)

    assert message.signed == known.fields["mac_input_ascii"].encode()
    assert facts.uid == known.uid
    assert file_data == (known.file_data_hex if "file_data_hex" in known else b"")


def test_hidden_file_data_opens() -> None:
    known = Fields(BY_NAME["sun_enc_file_an12196"])
    facts = SunFacts(known.uid, known.fields["sdm_read_ctr"])

    opened = open_file_data(SoftwareCipher(known.k_sdm_file_read), facts, known.sdm_enc_file_data, SoftwareCipher)

    assert opened == known.file_data_hex


def test_a_sun_message_in_the_open() -> None:
    known = Fields(BY_NAME["sun_plain_mirror"])
    address = f"https://x.example/?uid={known.uid.hex()}&ctr={known.fields['sdm_read_ctr_msb_first']}&cmac={known.sdmmac.hex()}"

    message = parse_sun(address)
    facts = message.facts(None)

    assert facts == SunFacts(known.uid, 6)
    assert message.check(facts, SoftwareCipher(known.k_sdm_file_read), SoftwareCipher) == b""


@pytest.mark.parametrize("known", named("ntag424_originality"))
def test_originality(known: Fields) -> None:
    assert is_genuine(known.uid, known.signature_r_s) is known.fields["valid"]


def test_the_originality_of_another_series() -> None:
    """A DESFire EV3; UID and signature as published with proxmark3's tools."""
    signature = bytes.fromhex(
        "166BFD9F9BFAA451172566101580DF9894F582C4A4E258C15037AD2F"
        "35A475CF1D7FB817618623A6569F991931AFB2766984E21A18512A6D"
    )

    assert is_genuine(bytes.fromhex("04445DD2DB6B80"), signature)
    assert not is_genuine(bytes.fromhex("04445DD2DB6B81"), signature)
    assert not is_genuine(bytes.fromhex("04445DD2DB6B80"), signature[1:])


@pytest.mark.parametrize("at", range(8))
def test_a_changed_seal_ends_the_session(at: int) -> None:
    known = Fields(BY_NAME["full_getcarduid_an12196"])
    station = known.session()
    station.command(Ins.GET_CARD_UID, mode=Mode.FULL)
    answer = bytearray(Response.from_bytes(known.r_apdu).data)
    answer[-1 - at] ^= 1

    with pytest.raises(SealBroken):
        station.answer(bytes(answer), Mode.FULL)


def test_a_session_s_repeated_answer_is_refused() -> None:
    known = Fields(BY_NAME["full_getcarduid_an12196"])
    station, answer = known.session(), Response.from_bytes(known.r_apdu).data
    station.command(Ins.GET_CARD_UID, mode=Mode.FULL)
    station.answer(answer, Mode.FULL)

    station.command(Ins.GET_CARD_UID, mode=Mode.FULL)

    with pytest.raises(SealBroken):
        station.answer(answer, Mode.FULL)


def test_the_seal_of_an_answer_covers_its_status() -> None:
    session = Session(SessionKeys(bytes(16), bytes(16), bytes(4)), SoftwareCipher)
    sealed = session.seal_answer(b"abc", Mode.MAC)

    with pytest.raises(SealBroken):
        session.answer(sealed, Mode.MAC, status=0x90)


def test_eight_bytes_of_the_sixteen_are_sent() -> None:
    cipher = SoftwareCipher(bytes(16))

    assert short_mac(cipher, b"x") == cmac(cipher, b"x")[1::2]
