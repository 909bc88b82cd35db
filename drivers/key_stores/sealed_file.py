"""Card keys sealed by systemd: to this computer, to its TPM, or to both (systemd-creds(1)).

A station's unit unseals them (`LoadCredentialEncrypted=card-keys:...`) into memory only the station may read, where
$CREDENTIALS_DIRECTORY points. At a desk, without a unit, `systemd-creds` is asked to unseal the file itself.
"""

import os
import shutil
import stat
import subprocess
from pathlib import Path

from drivers.key_stores.key_file import KeyStoreError, parse_key_file
from kiosk.ecard.keys import MasterKeys

CREDENTIALS = "CREDENTIALS_DIRECTORY"
SEALED = ".cred"
SEALED_FILES = Path("/etc/littera")
"""Where the unit takes them from; the doctor and the desk, who are no unit, look there."""
_WITHIN = 15.0  # a TPM takes a second or two


def read_sealed_keys(name: str, environment: dict[str, str] | None = None) -> MasterKeys:
    """Read the keys: the credential *name* of this unit, or a file: one sealed (`*.cred`), or one only its owner reads.

    Raises: KeyStoreError.
    """
    if "/" not in name:
        return parse_key_file(_read_credential(name, environment or dict(os.environ)), f"the credential {name}")
    path = Path(name)
    content = unseal(path) if path.suffix == SEALED else _read_private(path)
    return parse_key_file(content, name)


def _read_credential(name: str, environment: dict[str, str]) -> bytes:
    folder = environment.get(CREDENTIALS, "")
    if not folder:
        sealed = SEALED_FILES / f"{name}{SEALED}"
        if not sealed.exists():
            raise KeyStoreError(f"there is no credential {name}: the unit gives none, and {sealed} is not there")
        return unseal(sealed)
    try:
        return (Path(folder) / name).read_bytes()
    except OSError as err:
        raise KeyStoreError(f"the credential {name} cannot be read: {err.strerror}") from None


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyStoreError(f"{path} may be read by others: chmod 600 {path}; better, seal it (docs/cards.md)")
            return file.read()
    except OSError as err:
        raise KeyStoreError(f"{path} cannot be read: {err.strerror}") from None


def unseal(path: Path) -> bytes:
    """Have systemd unseal a file, in memory. Raises: KeyStoreError."""
    return _systemd_creds(["decrypt", f"--name={path.stem}", str(path), "-"], b"", f"{path} cannot be unsealed")


def seal(content: bytes, path: Path, key: str) -> None:
    """Have systemd seal *content* into *path*, to the *key* of systemd-creds: `host`, `tpm2`, `host+tpm2`, `auto`.

    Raises: KeyStoreError.
    """
    words = ["encrypt", f"--with-key={key}", f"--name={path.stem}", "-", str(path)]
    _systemd_creds(words, content, f"{path} cannot be sealed")


def _systemd_creds(words: list[str], content: bytes, trouble: str) -> bytes:
    program = shutil.which("systemd-creds")
    if program is None:
        raise KeyStoreError(f"{trouble}: systemd-creds is not installed (systemd 250 or later)")
    try:
        done = subprocess.run(  # noqa: S603 - a program found on PATH, arguments made here
            [program, *words], input=content, capture_output=True, check=False, timeout=_WITHIN
        )
    except subprocess.TimeoutExpired:
        raise KeyStoreError(f"{trouble}: systemd-creds does not answer") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise KeyStoreError(f"{trouble}: {last or 'systemd-creds gives no reason'}")
    return done.stdout
