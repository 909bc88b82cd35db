"""The bench over HTTP: its page, its stream, and one address per thing a hand can do.

Only a demo has it: a station in a library is started without, and then none of these addresses exist.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from flask import Blueprint, Response, abort, render_template, request

from web_ui.bench.anatomy import take_apart
from web_ui.bench.news import news, whole
from web_ui.bench.port import Bench, BenchRefused
from web_ui.design import icon_sprite
from web_ui.guard import Guard
from web_ui.sse import HEARTBEAT, RECONNECT_MS, Streams, browser_gone, frame
from web_ui.texts import Texts

TICK = 0.1
"""The stream says what is new at most ten times a second, with every byte that went by since the last."""
KEPT_LINES = 200
MAX_STREAMS = 4

Act = Callable[[tuple[str, ...], str], None]


def bench_pages(bench: Bench, texts: Texts, guard: Guard, languages: tuple[str, ...]) -> Blueprint:
    """Build the pages of the bench. *guard* is the station's: one token for both."""
    pages = Blueprint("bench", __name__, url_prefix="/bench", template_folder="templates", static_folder="static")
    streams, acts, sprite = Streams(MAX_STREAMS), _acts_of(bench), icon_sprite()

    @pages.get("/")
    def table() -> str:
        asked = request.args.get("lang", "")
        lang = asked if asked in languages else languages[0]
        words = _page_words(texts, lang, languages)
        stations, centre = bench.stations(), bench.centre_pages()
        return render_template(
            "bench.html", **words, sprite=sprite, token=guard.token, stations=stations, centre=centre
        )

    @pages.get("/events")
    def events() -> Response:
        return streams.open(_told(bench, browser_gone()))

    @pages.post("/api/<act>")
    def do(act: str) -> tuple[str, int]:
        if act not in acts:
            abort(404, f"A hand cannot do {act!r} here; it can: {', '.join(acts)}.")
        try:
            acts[act](*_what_and_where())
        except BenchRefused as err:
            abort(409, str(err))
        return "", 204

    return pages


def _acts_of(bench: Bench) -> Mapping[str, Act]:
    """Name everything a hand can do. A stack moves at once; the rest happens to one thing after the other."""
    return {
        "lay": bench.lay,
        "lift": lambda books, _: bench.lift(books),
        "lift-all": lambda _, at: bench.lift_all(at),
        "scan": _each(bench.scan),
        "insert-card": _each(bench.insert_card),
        "remove-card": _each(_anywhere(bench.remove_card)),
        "lock": _each(_anywhere(bench.lock)),
        "unlock": _each(_anywhere(bench.unlock)),
        "snatch": _each(_anywhere(bench.snatch)),
        "plug": _each(bench.plug),
        "unplug": _each(bench.unplug),
    }


def _each(act: Callable[[str, str], None]) -> Act:
    def to_all(ids: tuple[str, ...], at: str) -> None:
        for one in ids:
            act(one, at)

    return to_all


def _anywhere(act: Callable[[str], None]) -> Callable[[str, str], None]:
    """Make of an act that needs no place one that is told a place."""
    return lambda one, _: act(one)


def _what_and_where() -> tuple[tuple[str, ...], str]:
    sent = request.get_json(silent=True)
    ids, at = (sent.get("ids"), sent.get("at", "")) if isinstance(sent, dict) else (None, "")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids) or not isinstance(at, str):
        abort(400, 'Say what it is done to, and at which station: {"ids": ["..."], "at": "..."}.')
    return tuple(ids), at


def _told(bench: Bench, gone: Callable[[], bool]) -> Iterator[str]:
    """Tell the table as it is, then what changes and the bytes that go by; a beat when nothing does."""
    heard, (seen, table) = 0, bench.latest()
    yield f"retry: {RECONNECT_MS}\n" + frame(whole(table), "table", seen)
    quiet_since = time.monotonic()
    while not gone():
        began = time.monotonic()
        newer = bench.newer_than(seen, TICK)
        if newer is not None:
            before, (seen, table) = table, newer
            yield frame(news(before, table), "news", seen)
        lines = bench.bytes_after(heard)[-KEPT_LINES:]
        if lines:
            heard = lines[-1].number
            yield frame(json.dumps([asdict(take_apart(line)) for line in lines]), "wire")
        if newer is not None or lines:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > HEARTBEAT:
            quiet_since = time.monotonic()
            yield frame(str(seen), "beat")
        time.sleep(max(0.0, TICK - (time.monotonic() - began)))


def _page_words(texts: Texts, lang: str, languages: tuple[str, ...]) -> dict[str, object]:
    words = {key: forms[0] for key, forms in texts.keys(lang).items() if key.startswith("bench.")}
    names = {code: texts.say(code, "language.name") for code in languages}
    return {"lang": lang, "words": words, "names": names}
