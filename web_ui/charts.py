"""Charts people can read, as SVG made on the server: a title, an axis, the values, and the same in words.

Colours are classes of the page that shows them, told apart by lightness too; nothing is said by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
_ROW, _LABEL, _VALUE = 34, 190, 60


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    shown: str = ""


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Draw horizontal bars, a row each, with the value at its end."""
    most = max((row.value for row in rows), default=0) or 1
    room = WIDTH - _LABEL - _VALUE
    drawn = []
    for place, row in enumerate(rows):
        top = place * _ROW
        length = round(room * row.value / most)
        middle, label, words = top + 22, escape(_cut(row.label)), row.shown or str(row.value)
        drawn += [
            f'<text class="chart__label" x="{_LABEL - 10}" y="{middle}" text-anchor="end">{label}</text>',
            f'<rect class="chart__bar" x="{_LABEL}" y="{top + 5}" width="{length}" height="24" rx="4"/>',
            f'<text class="chart__value" x="{_LABEL + length + 8}" y="{middle}">{escape(words)}</text>',
        ]
    return _svg(title, len(rows) * _ROW, "".join(drawn))


def columns(title: str, rows: Sequence[Bar]) -> str:
    """Draw vertical columns over time; every seventh is named."""
    most = max((row.value for row in rows), default=0) or 1
    height, step = 180, WIDTH / max(len(rows), 1)
    drawn = [
        f'<line class="chart__axis" x1="0" x2="{WIDTH}" y1="{height}" y2="{height}"/>',
        f'<text class="chart__value" x="0" y="14">{most}</text>',
    ]
    for place, row in enumerate(rows):
        tall, words = round((height - 30) * row.value / most), f"{row.label}: {row.shown or row.value}"
        drawn.append(
            f'<rect class="chart__bar" x="{place * step + step * 0.12:.1f}" y="{height - tall}" '
            f'width="{step * 0.76:.1f}" height="{tall}"><title>{escape(words)}</title></rect>'
        )
        if place % max(1, len(rows) // 7) == 0:
            drawn.append(
                f'<text class="chart__label" x="{place * step:.1f}" y="{height + 20}">{escape(row.label)}</text>'
            )
    return _svg(title, height + 28, "".join(drawn))


def heat(title: str, days: Sequence[str], counted: Mapping[tuple[int, int], int], hours: range) -> str:
    """Draw a week by hours: the darker the busier, with the number in every square."""
    most = max(counted.values(), default=0) or 1
    left, cell, tall = 60, (WIDTH - 60) / len(hours), 34
    drawn = [
        f'<text class="chart__label" x="{left + place * cell + cell / 2:.1f}" y="16" text-anchor="middle">{hour}</text>'
        for place, hour in enumerate(hours)
    ]
    for day, name in enumerate(days):
        top = 24 + day * tall
        drawn.append(f'<text class="chart__label" x="0" y="{top + 22}">{escape(name)}</text>')
        for place, hour in enumerate(hours):
            times = counted.get((day, hour), 0)
            shade = 0 if not times else 1 + min(4, 5 * times // (most + 1))
            drawn.append(
                f'<rect class="chart__heat chart__heat--{shade}" x="{left + place * cell + 1:.1f}" y="{top + 1}" '
                f'width="{cell - 2:.1f}" height="{tall - 2}" rx="4"/>'
            )
            if times:
                drawn.append(
                    f'<text class="chart__number chart__number--{shade}" x="{left + place * cell + cell / 2:.1f}" '
                    f'y="{top + 22}" text-anchor="middle">{times}</text>'
                )
    return _svg(title, 24 + len(days) * tall, "".join(drawn))


def _svg(title: str, height: int, drawn: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {max(height, 1)}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{drawn}</svg>"
    )


def _cut(label: str, most: int = 24) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
