"""Card keys in a token that gives none out: an HSM, a smart card, SoftHSM; over PKCS#11 (OASIS PKCS #11 v2.40).

The token diversifies: it encrypts with a master key (CKM_AES_CBC) and the card's own key comes out, for one tap.
Master keys are AES keys labelled `<label>-<role>`: `littera-read`.
"""

import stat
from pathlib import Path
from typing import Any

from drivers.key_stores.aes import SoftwareCipher
from drivers.key_stores.key_file import KeyStoreError
from kiosk.ecard.aes import ZERO
from kiosk.ecard.keys import KeyRole, KeysUnavailable, MasterKeys

INSTALL = "pip install 'littera-kiosk[pkcs11]'"


class TokenCipher:
    """AES-CBC with one key inside a token. Raises: KeysUnavailable - the token is gone, or refuses."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def encrypt(self, data: bytes, iv: bytes = ZERO) -> bytes:
        return self._work(self._key.encrypt, data, iv)

    def decrypt(self, data: bytes, iv: bytes = ZERO) -> bytes:
        return self._work(self._key.decrypt, data, iv)

    def _work(self, work: Any, data: bytes, iv: bytes) -> bytes:
        from pkcs11 import Mechanism, PKCS11Error  # noqa: PLC0415 - only where a token is used

        try:
            return bytes(work(data, mechanism=Mechanism.AES_CBC, mechanism_param=iv))
        except PKCS11Error as err:
            raise KeysUnavailable(f"the token does not use its key: {type(err).__name__}") from err


def read_token_keys(module: str, token: str, pin_file: str, label: str, system: str) -> MasterKeys:
    """Log in and find the keys there are. The session lasts as long as the process. Raises: KeyStoreError."""
    try:
        import pkcs11  # noqa: PLC0415 - only where a token is used
    except ImportError:
        raise KeyStoreError(f"PKCS#11 needs a library that is not installed: {INSTALL}") from None
    pin = _read_pin(Path(pin_file))
    try:
        session = _log_in(pkcs11.lib(module).get_token(token_label=token), pin)
        keys = {role: _find(session, f"{label}-{role.value}") for role in KeyRole}
    except pkcs11.NoSuchToken:
        raise KeyStoreError(f"{module} has no token {token!r}; `pkcs11-tool --module {module} -L` lists them") from None
    except pkcs11.PinIncorrect:
        raise KeyStoreError(f"the token {token!r} refuses the PIN in {pin_file}; do not try on, it locks") from None
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as err:
        raise KeyStoreError(f"the token {token!r} of {module} cannot be used: {_say(err)}") from None
    masters = {role: TokenCipher(key) for role, key in keys.items() if key is not None}
    if not masters:
        raise KeyStoreError(f"the token {token!r} has no key of ours: none is called {label}-{KeyRole.READ.value}")
    return MasterKeys(masters, SoftwareCipher, system.encode())


def _log_in(token: Any, pin: str) -> Any:
    """Open a session; a process logs in once, and what it opens later is logged in, too."""
    from pkcs11 import UserAlreadyLoggedIn  # noqa: PLC0415 - only where a token is used

    try:
        return token.open(user_pin=pin)
    except UserAlreadyLoggedIn:
        return token.open()


def _find(session: Any, label: str) -> Any:
    from pkcs11 import NoSuchKey, ObjectClass  # noqa: PLC0415 - only where a token is used

    try:
        return session.get_key(object_class=ObjectClass.SECRET_KEY, label=label)
    except NoSuchKey:
        return None


def _read_pin(path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyStoreError(f"{path} may be read by others: chmod 600 {path}")
        return path.read_text().strip()
    except OSError as err:
        raise KeyStoreError(f"the token's PIN cannot be read from {path}: {err.strerror}") from None


def _say(err: Exception) -> str:
    return str(err) or type(err).__name__
