"""Takes out of a text what could name a person or open a door: numbers of cards, names, addresses, keys, PINs."""

import re
from collections.abc import Collection

HIDDEN = "▒▒▒"
_SECRET = re.compile(
    r"(?i)\b(pin|password|pass|secret|token|key|pepper|proof|authorization|signature|cookie)\b(\s*[=:]\s*|\s+)(\S+)"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONG_CODE = re.compile(r"\b(?=[\w+/=-]*\d)[A-Za-z0-9+/=_-]{24,}\b")
_NUMBER = re.compile(r"\b\d{6,}\b")
_WORD = re.compile(r"[^\W\d_][\w'’ʼ-]+")


def scrub(text: str, names: Collection[str] = ()) -> str:
    """Hide secrets, addresses, long codes, numbers of six and more digits but their last two, and these *names*."""
    text = _SECRET.sub(lambda found: f"{found[1]}{found[2]}{HIDDEN}", text)
    text = _ADDRESS.sub(HIDDEN, text)
    text = _LONG_CODE.sub(HIDDEN, text)
    text = _NUMBER.sub(lambda found: f"…{found[0][-2:]}", text)
    known = {name.casefold() for name in names if len(name) > 1}
    return _WORD.sub(lambda found: HIDDEN if found[0].casefold() in known else found[0], text) if known else text
