"""Money as library systems write it: 12.5, 12.50, 2, 1,234.50, 1 234,50, with or without a currency sign."""

import re
from decimal import Decimal


def read_money(text: str) -> Decimal | None:
    """Read an amount; None when there is none. The last of two different signs is the decimal one.

    A lone comma with three digits after it parts thousands, any other one is a decimal comma.
    """
    found = re.search(r"-?\d(?:[\d.,'\u00a0\u202f ]*\d)?", text)
    if found is None:
        return None
    number = re.sub(r"['\u00a0\u202f ]", "", found[0])
    if "," in number and "." in number:
        thousands = "," if number.rfind(",") < number.rfind(".") else "."
        number = number.replace(thousands, "").replace(",", ".")
    elif "," in number:
        parts = number.split(",")
        grouped = len(parts) > 2 or len(parts[-1]) == 3
        number = number.replace(",", "" if grouped else ".")
    elif number.count(".") > 1:
        number = number.replace(".", "")
    return Decimal(number)


def write_money(amount: Decimal) -> str:
    """Write an amount as the standard wants it: a dot, no thousands."""
    return f"{amount:f}"
