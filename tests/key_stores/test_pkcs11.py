"""Keys inside a token that gives none out: SoftHSM, over the real PKCS#11."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.card_readers.chips import blank_ntag424
from drivers.key_stores.key_file import KeyStoreError
from drivers.key_stores.pkcs11 import read_token_keys
from kiosk.devices import CardIdentity
from kiosk.ecard.issuing import Order, issue
from kiosk.ecard.keys import KeyRole
from kiosk.ecard.schemes import identify_by_proof
from tests.ecard.talking import master_keys, ring, talk

ROOT = Path(__file__).parents[2]
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
UID = "04958CAA5C5E80"
ATR = bytes.fromhex("3B8180018080")

pytestmark = pytest.mark.skipif(not MODULE.exists(), reason="apt-get install softhsm2")
pkcs11 = pytest.importorskip("pkcs11")


@pytest.fixture(scope="module")
def pin_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A token with the keys of the test network, and the file with its PIN."""
    folder = tmp_path_factory.mktemp("softhsm")
    config, pin = folder / "softhsm2.conf", folder / "pin"
    config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    pin.write_text("987654\n")
    pin.chmod(0o600)
    os.environ["SOFTHSM2_CONF"] = str(config)
    words = ["--init-token", "--free", "--label", "littera", "--pin", "987654", "--so-pin", "12345678"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    with pkcs11.lib(str(MODULE)).get_token(token_label="littera").open(rw=True, user_pin="987654") as session:
        for role in KeyRole:
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY,
                    pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.AES,
                    pkcs11.Attribute.LABEL: f"littera-{role.value}",
                    pkcs11.Attribute.VALUE: bytes([0xA0 + role.number] * 16),
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.SENSITIVE: True,
                    pkcs11.Attribute.EXTRACTABLE: False,
                    pkcs11.Attribute.ENCRYPT: True,
                    pkcs11.Attribute.DECRYPT: True,
                }
            )
    yield pin
    del os.environ["SOFTHSM2_CONF"]


def test_a_token_issues_and_reads_cards_as_a_file_does(pin_file: Path) -> None:
    keys = read_token_keys(str(MODULE), "littera", str(pin_file), "littera", "LITTERA1")
    card = blank_ntag424(UID)

    talk(issue(Order("L0001"), keys), card)
    card.reset()

    assert talk(identify_by_proof(ATR, ring(keys)), card) == CardIdentity("proven", UID, "L0001", proven=True)
    card.reset()
    assert talk(identify_by_proof(ATR, ring(master_keys())), card).proven


def test_the_token_keeps_its_keys(pin_file: Path) -> None:
    keys = read_token_keys(str(MODULE), "littera", str(pin_file), "littera", "LITTERA1")

    with pytest.raises(pkcs11.PKCS11Error):
        _ = keys.masters[KeyRole.READ]._key[pkcs11.Attribute.VALUE]


@pytest.mark.parametrize(
    ("token", "label", "says"),
    [("other", "littera", "has no token 'other'"), ("littera", "nobody", "none is called nobody-read")],
)
def test_what_is_missing_is_named(pin_file: Path, token: str, label: str, says: str) -> None:
    with pytest.raises(KeyStoreError, match=says):
        read_token_keys(str(MODULE), token, str(pin_file), label, "LITTERA1")


@pytest.mark.usefixtures("pin_file")
def test_a_wrong_pin_is_named_and_not_shown(tmp_path: Path) -> None:
    wrong = tmp_path / "pin"
    wrong.write_text("555555")
    wrong.chmod(0o600)

    # in a process of its own: this one is logged in
    script = "import sys; from drivers.key_stores.pkcs11 import read_token_keys; read_token_keys(*sys.argv[1:])"
    words = [sys.executable, "-c", script, str(MODULE), "littera", str(wrong), "littera", "LITTERA1"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert f"KeyStoreError: the token 'littera' refuses the PIN in {wrong}" in done.stderr
    assert "555555" not in done.stderr


def test_a_pin_others_may_read_is_refused(tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("987654")
    pin.chmod(0o644)

    with pytest.raises(KeyStoreError, match="may be read by others"):
        read_token_keys(str(MODULE), "littera", str(pin), "littera", "LITTERA1")
