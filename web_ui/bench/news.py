"""What is new on the bench since a browser last heard: few bytes where the table has hundreds of books.

A stream begins with the whole table, so a browser that was away is right again after one message.
"""

import json
from dataclasses import asdict, fields

from web_ui.bench.port import BenchSnapshot


def whole(table: BenchSnapshot) -> str:
    """Tell everything, as JSON."""
    return json.dumps(asdict(table), ensure_ascii=False)


def news(before: BenchSnapshot, now: BenchSnapshot) -> str:
    """Tell each list that has changed, whole, as JSON; of the books only those that have."""
    told: dict[str, object] = {}
    for one in fields(BenchSnapshot):
        old, new = getattr(before, one.name), getattr(now, one.name)
        if old != new:
            kept = set(map(id, old)) if one.name == "books" else set()
            told[one.name] = [asdict(thing) for thing in new if id(thing) not in kept]
    return json.dumps(told, ensure_ascii=False)
