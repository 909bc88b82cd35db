"""Where SUN stands in the address a card gives: which parameter is hidden, which is the seal, what is sealed.

Two forms are read, by the names that are in use (NXP AN12196, sections 3.4 and 6.8; the first is what we write):

    ?e=<PICCENCData>&c=<SDMMAC>          also picc_data, p | cmac, m; with enc, x: <SDMENCFileData>
    ?uid=<UID>&ctr=<counter>&c=<SDMMAC>  the same in the open; the counter's most significant byte first

The seal covers the text from the hidden part of the file up to the seal itself; where there is none, nothing.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.ecard.aes import Cipher, CipherOf
from kiosk.ecard.sun import SunFacts, SunRefused, check_sun, open_file_data, open_picc_data

_PICC, _FILE, _SEAL = ("e", "picc_data", "p"), ("enc", "x"), ("c", "cmac", "m")
_UID, _COUNTER = ("uid", "u"), ("ctr", "n")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SunMessage:
    """One message, taken apart and not yet believed. *signed* is the ASCII text under the seal."""

    seal: bytes
    signed: bytes = b""
    picc_data: bytes = b""
    plain: SunFacts | None = None
    file_data: bytes = b""

    def facts(self, meta_read: Cipher | None) -> SunFacts:
        """Say whose message it claims to be. Raises: SunRefused - hidden under another key, or with none to hand."""
        if self.plain is not None:
            return self.plain
        if meta_read is None:
            raise SunRefused("the message is hidden, and there is no key to open it")
        return open_picc_data(meta_read, self.picc_data)

    def check(self, facts: SunFacts, file_read: Cipher, cipher_of: CipherOf) -> bytes:
        """Believe it, and give the hidden part of the file, empty without one. Raises: SunRefused."""
        check_sun(file_read, facts, self.signed, self.seal, cipher_of)
        return open_file_data(file_read, facts, self.file_data, cipher_of) if self.file_data else b""


def parse_sun(url: str) -> SunMessage:
    """Take the address apart. Raises: SunRefused - parts of a message are missing or are no hexadecimal digits."""
    fields = dict(part.partition("=")[::2] for part in urlsplit(url).query.split("&"))
    picc, file, seal = (_pick(fields, names) for names in (_PICC, _FILE, _SEAL))
    uid, counter = _pick(fields, _UID), _pick(fields, _COUNTER)
    if not seal or not (picc or uid or counter):
        raise SunRefused("the address carries no SUN message: no seal, or nothing that is sealed")
    raw_seal = _octets(seal)
    if len(raw_seal) != 8:
        raise SunRefused(f"the seal of a message has 8 bytes, not {len(raw_seal)}")
    plain = None
    if not picc:
        plain = SunFacts(_octets(uid) if uid else None, int.from_bytes(_octets(counter)) if counter else None)
    return SunMessage(
        seal=raw_seal,
        signed=_between(url, file, seal),
        picc_data=_octets(picc) if picc else b"",
        plain=plain,
        file_data=_octets(file) if file else b"",
    )


def _pick(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _octets(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise SunRefused("a part of the message is not in hexadecimal digits")
    return bytes.fromhex(text)


def _between(url: str, file: str, seal: str) -> bytes:
    """Give what is sealed as it stands in the address, from the hidden part of the file to the seal."""
    if not file:
        return b""
    begin = url.index(file)
    return url[begin : url.rindex(seal)].encode("ascii", errors="replace")
