"""Every kind of key store by its name. One table, as drivers have theirs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kiosk.ecard.keys import MasterKeys


def _open_sealed(options: Mapping[str, Any]) -> MasterKeys:
    from drivers.key_stores.sealed_file import read_sealed_keys  # noqa: PLC0415 - only where it is used

    return read_sealed_keys(options["name"])


def _open_token(options: Mapping[str, Any]) -> MasterKeys:
    from drivers.key_stores.pkcs11 import read_token_keys  # noqa: PLC0415 - only where it is used

    return read_token_keys(**options)


KEY_STORES: Final[Mapping[str, Callable[[Mapping[str, Any]], MasterKeys]]] = MappingProxyType(
    {"sealed": _open_sealed, "pkcs11": _open_token}
)
"""Each opens its store from its options. Raises: KeyStoreError."""
