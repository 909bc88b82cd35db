"""A receipt's token: byte for byte as the manual says, and worth nothing once anything about it is changed."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.receipts.token import (
    BadToken,
    Fault,
    Moved,
    StationKey,
    Stub,
    item_hash,
    key_id,
    plain_token,
    prove,
    raw_public,
    seal,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
AT = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
STUB = Stub("1a2b3c-7", AT, {Moved.RETURNED: ("0000012345", "0000067890"), Moved.LENT: ("0000011111",)})
GOLDEN = (
    "AFLEOWVHKRRUOTDLBADKICBRMEZGEM3DFU3QAAICBIYDAMBQGAYTEMZUGUFDAMBQGAYDMNZYHEYAEAIKGAYDAMBQGEYTCMJRH4SUSX3ZOGXWFVUQ"
    "A4CQCXR26FXTLLA7SEZGJGKKFQIKNH4ZNV6LOF7Z62UEQQXWUVPZIGJJSANFIQJ6VYKU37PWKDAPWZOEDHUSMAI"
)


def known(key: Ed25519PrivateKey = KEY, revoked_at: datetime | None = None) -> dict[str, StationKey]:
    found = StationKey("children-2.hall", raw_public(key), revoked_at)
    return {found.id: found}


def fault_of(token: str, keys: dict[str, StationKey]) -> Fault:
    with pytest.raises(BadToken) as caught:
        prove(token, keys)
    return caught.value.fault


def test_a_token_is_byte_for_byte_what_the_manual_says() -> None:
    assert seal(STUB, KEY) == GOLDEN


def test_a_good_token_says_what_moved_where_and_when() -> None:
    proven = prove(GOLDEN, known())

    assert proven.stub == STUB
    assert proven.key.station == "children-2.hall"
    assert not proven.revoked


@pytest.mark.parametrize("place", range(0, len(GOLDEN), 7))
def test_a_token_with_any_letter_changed_proves_nothing(place: int) -> None:
    other = "B" if GOLDEN[place] != "B" else "C"

    assert fault_of(GOLDEN[:place] + other + GOLDEN[place + 1 :], known()) in set(Fault)


def test_a_token_of_a_key_nobody_knows_proves_nothing() -> None:
    assert fault_of(seal(STUB, OTHER), known()) is Fault.UNKNOWN_KEY


def test_a_token_signed_by_one_key_in_the_name_of_another_proves_nothing() -> None:
    forged = {key_id(raw_public(KEY)).hex(): StationKey("children-2.hall", raw_public(OTHER))}

    assert fault_of(GOLDEN, forged) is Fault.SIGNATURE


def test_a_token_of_a_station_shut_out_since_is_told_apart() -> None:
    assert prove(GOLDEN, known(revoked_at=datetime(2026, 12, 1, tzinfo=UTC))).revoked


def test_a_token_shown_again_is_the_same_receipt_of_the_same_moment_and_no_new_one() -> None:
    first, again = prove(GOLDEN, known()), prove(GOLDEN, known())

    assert first == again
    assert (again.stub.number, again.stub.at) == ("1a2b3c-7", AT)


@pytest.mark.parametrize("written", [GOLDEN.lower(), GOLDEN + "=", GOLDEN + "A", GOLDEN[:-1], " " + GOLDEN, "", "€"])
def test_a_token_is_written_in_one_way_only(written: str) -> None:
    assert fault_of(written, known()) in (Fault.MALFORMED, Fault.SIGNATURE)


@pytest.mark.parametrize("scanned", [GOLDEN, GOLDEN.lower(), f"HTTPS://KATALOG.EXAMPLE/R/{GOLDEN}", f" {GOLDEN}/\n"])
def test_what_a_code_holds_leads_to_its_token(scanned: str) -> None:
    assert plain_token(scanned) == GOLDEN


def test_a_long_visit_names_its_copies_by_hashes_and_still_covers_each() -> None:
    items = tuple(f"00{number:08d}" for number in range(100))
    stub = prove(seal(Stub("r-1", AT, {Moved.RETURNED: items}), KEY), known()).stub

    assert stub.hashed
    assert all(stub.covers(item, Moved.RETURNED) for item in items)
    assert not stub.covers("0099999999", Moved.RETURNED)
    assert stub.items[Moved.RETURNED][0] == item_hash(items[0]).hex()


def test_more_copies_than_a_token_can_name_are_refused() -> None:
    with pytest.raises(ValueError, match="256 copies"):
        seal(Stub("r-1", AT, {Moved.RETURNED: tuple(map(str, range(256)))}), KEY)


@given(
    st.text(max_size=20),
    st.integers(0, 2**32 - 1),
    st.dictionaries(
        st.sampled_from(Moved), st.lists(st.text(max_size=20), min_size=1, max_size=5).map(tuple), min_size=1
    ),
)
def test_whatever_is_sealed_is_proven_again(number: str, at: int, items: dict[Moved, tuple[str, ...]]) -> None:
    stub = Stub(number, datetime.fromtimestamp(at, UTC), items)

    proven = prove(seal(stub, KEY), known()).stub

    assert (proven.number, proven.at) == (stub.number, stub.at)
    assert all(proven.covers(item, moved) for moved, some in items.items() for item in some)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_proof(octets: bytes) -> None:
    token = base64.b32encode(octets).decode().rstrip("=")

    assert fault_of(token, known()) in set(Fault)
