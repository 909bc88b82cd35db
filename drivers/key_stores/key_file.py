"""The file card keys are kept in, as it reads when it is unsealed.

system = "LITTERA1"                              # part of every card's keys: 5 to 20 letters

[keys]                                           # those a place needs; 16, 24 or 32 bytes in hexadecimal digits
read = "00112233445566778899aabbccddeeff"
"""

import secrets
import tomllib

from drivers.key_stores.aes import SoftwareCipher
from kiosk.ecard.keys import KeyRole, MasterKeys

KEY_SIZE = 16
_MADE_BY = "it holds no card keys; `kiosk card keys` makes such a file"


class KeyStoreError(ValueError):
    """The keys cannot be used; the message says what and where, and never a part of a key."""


def parse_key_file(content: bytes, where: str) -> MasterKeys:
    """Read the keys. Raises: KeyStoreError."""
    try:
        told = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise KeyStoreError(
            f"{where} holds no card keys: it is not TOML; `kiosk card keys` makes such a file"
        ) from None
    keys, system = told.get("keys"), told.get("system", "LITTERA1")
    if not isinstance(keys, dict) or not keys or not isinstance(system, str):
        raise KeyStoreError(f"{where} has no table [keys]: {_MADE_BY}")
    known = {role.value: role for role in KeyRole}
    if strange := sorted(set(keys) - set(known)):
        raise KeyStoreError(f"{where}: there is no key {strange[0]!r}; there are: {', '.join(known)}")
    try:
        masters = {known[name]: SoftwareCipher(bytes.fromhex(key)) for name, key in keys.items()}
        return MasterKeys(masters, SoftwareCipher, system.encode())
    except (TypeError, ValueError) as err:
        # what fromhex objects to would quote the key
        why = err if "system" in str(err) else "a key is 32 hexadecimal digits (48 or 64 for a longer master key)"
        raise KeyStoreError(f"{where}: {why}") from None


def new_key_file(system: str = "LITTERA1") -> str:
    """Make up the keys of a network."""
    lines = [f'{role.value} = "{secrets.token_bytes(KEY_SIZE).hex()}"' for role in KeyRole]
    return "\n".join([f'system = "{system}"', "", "[keys]", *lines, ""])


def part_of(content: str, roles: tuple[KeyRole, ...]) -> str:
    """Keep only the keys of these roles: a station needs `read`, not the one that changes everything."""
    names = {role.value for role in KeyRole} - {role.value for role in roles}
    return "".join(line for line in content.splitlines(keepends=True) if line.partition(" ")[0] not in names)
