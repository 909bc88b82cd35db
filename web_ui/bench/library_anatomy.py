"""Messages of a library system taken apart for the eye. PINs and passwords are not shown, not even on a bench."""

import re

from kiosk.library.sip2.layouts import LAYOUTS
from kiosk.sip2_simulator.in_words import answered, asked

TextCuts = list[tuple[str, str]]
"""Roles and the text that has them, in order: SIP2 is letters, so nobody wants it in hex."""
HIDDEN = "••••"
_SECRETS = re.compile(r"(?<![^|])((?:AD|CO|AC)(?=[^|]))[^|]*")
_TRAILER = re.compile(r"(?:AY[0-9])?AZ[0-9A-Fa-f]{1,4}$")


def library_message(data: bytes, outgoing: bool) -> tuple[TextCuts, str]:
    """Cut a message of SIP2: id, fixed part, fields, sequence number and checksum."""
    text = data.decode("utf-8", "replace").strip()
    words = asked(data) if outgoing else answered(data)
    layout = LAYOUTS.get(text[:2])
    if layout is None:
        return [("body", text)], words
    found = _TRAILER.search(text)
    end = found.start() if found else len(text)
    fixed = min(layout.fixed_length, end)
    cuts = [
        ("command", text[:2]),
        ("parameter", text[2:fixed].replace(" ", "·")),
        ("body", _SECRETS.sub(rf"\g<1>{HIDDEN}", text[fixed:end])),
        ("check", text[end:]),
    ]
    return cuts, words
