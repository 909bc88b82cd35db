"""AES for `kiosk.ecard`, by the `cryptography` library. Keys are in this process's memory."""

from cryptography.hazmat.primitives.ciphers import Cipher as LibraryCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from kiosk.ecard.aes import ZERO


class SoftwareCipher:
    """AES-CBC with one key of 16, 24 or 32 bytes. Raises: ValueError - a key of another size."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = AES(key)

    def encrypt(self, data: bytes, iv: bytes = ZERO) -> bytes:
        encryptor = LibraryCipher(self._key, CBC(iv)).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    def decrypt(self, data: bytes, iv: bytes = ZERO) -> bytes:
        decryptor = LibraryCipher(self._key, CBC(iv)).decryptor()
        return decryptor.update(data) + decryptor.finalize()
