"""python-escpos, brought in without the folder it would leave behind in /tmp at every start of a station.

Importing it makes a new temporary folder for a cache of its printers' list, and nobody removes that
(escpos/capabilities.py, `pickle_dir`). Here the folder lies in one that goes when the import is done.
"""

import tempfile

with tempfile.TemporaryDirectory(prefix="escpos-") as _passing:
    _usual, tempfile.tempdir = tempfile.tempdir, _passing
    try:
        from escpos.capabilities import CAPABILITIES, get_profile
        from escpos.magicencode import Encoder
        from escpos.printer import Dummy
    finally:
        tempfile.tempdir = _usual

__all__ = ["CAPABILITIES", "Dummy", "Encoder", "get_profile"]
