"""Files a spreadsheet opens: a semicolon between columns, UTF-8 with its mark, and nothing it takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response


def harmless(word: str) -> str:
    """Let a word a spreadsheet would take for a formula be shown as it is. Source: OWASP, CSV injection."""
    return f"'{word}" if word[:1] in "=+-@\t\r" else word


def spreadsheet(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Hand out *rows* as the file *name*. Words that came from elsewhere are to be made `harmless` before."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv; charset=utf-8", headers=head)
