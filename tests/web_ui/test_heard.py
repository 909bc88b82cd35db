"""What is heard: which screen has which sound and phrase; every phrase has its file, and none tells on anybody."""

import hashlib
import json
import wave
from dataclasses import replace
from itertools import combinations
from string import Formatter

import pytest

from kiosk.station.view import RowState, StackFirstView, WelcomeView
from tests.web_ui.serving import FACTS as STATION
from tests.web_ui.serving import TEXTS
from web_ui.design.samples import BOOKS, FRAME, done, row, screens, session
from web_ui.sounds.make import FOLDER as SOUNDS_FOLDER
from web_ui.sounds.make import SOUNDS, rhythm, sound
from web_ui.sounds.speak import FOLDER as SPOKEN_FOLDER
from web_ui.sounds.speak import VOICES
from web_ui.texts import Texts
from web_ui.touchscreen.screens import Screens
from web_ui.touchscreen.spoken import COUNTED, MOST, PHRASES, Phrase, all_phrases, phrase_of, sounds_of

WORDS = Texts.load(domains=("speech",))
LANGUAGES = WORDS.languages
VIEWS = dict(screens())


@pytest.mark.parametrize(
    ("states", "heard"),
    [
        ((), ()),
        ((RowState.READING, RowState.WAITING, RowState.OPENING, RowState.YOURS), ()),
        ((RowState.LENT,), ("done:b0",)),
        ((RowState.LENT, RowState.RETURNED), ("done:b0", "done:b1")),
        ((RowState.LENT, RowState.PUT_BACK), ("look:b1", "done:b0")),
        ((RowState.STAFF, RowState.REFUSED, RowState.LENT), ("stop:b1", "look:b0", "done:b2")),
    ],
)
def test_what_happens_to_books_is_heard_the_worst_first(states, heard):
    view = replace(session(), rows=tuple(row(n, state) for n, state in enumerate(states)))

    assert sounds_of(view) == heard


@pytest.mark.parametrize(
    ("view", "heard"),
    [
        (WelcomeView(FRAME), ()),
        (WelcomeView(FRAME, lift_card=True), ("look:card",)),
        (WelcomeView(replace(FRAME, leaving_in=9.0)), ("look:leaving",)),
        (StackFirstView(FRAME, rows=(), on_loan=1, in_stock=0), ()),
        (replace(done(), take_card=True), ("look:card",)),
        (replace(done(), take_card=False), ()),
    ],
)
def test_other_screens_are_heard_when_somebody_must_look(view, heard):
    assert sounds_of(view) == heard


def test_a_book_that_was_lent_is_counted_aloud():
    view = replace(session(), rows=(row(0, RowState.LENT),), lent=3, busy=False, blocks=())

    assert phrase_of(view) == Phrase("say.lent", 3)
    assert phrase_of(replace(view, busy=True)) == Phrase("say.wait")
    assert phrase_of(replace(view, rows=(row(0, RowState.REFUSED),))) == Phrase("say.refused")
    assert phrase_of(replace(view, frame=replace(FRAME, leaving_in=5.0))) == Phrase("say.still-here")


@pytest.mark.parametrize("name", VIEWS)
def test_every_screen_says_only_what_has_a_file(name):
    phrase = phrase_of(VIEWS[name])

    assert phrase is None or phrase in all_phrases()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_said_aloud_has_room_for_a_name_a_title_or_an_amount(lang):
    keys = WORDS.keys(lang)
    values = {name for forms in keys.values() for form in forms for _, name, _, _ in Formatter().parse(form) if name}

    assert set(keys) == set(PHRASES)
    assert values <= {"n"}
    assert {key for key, forms in keys.items() if "{n}" in forms[0]} == COUNTED


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_the_caption_is_what_is_said_and_names_nobody(name, lang):
    view = VIEWS[name]
    frame = replace(view.frame, language=lang, look=replace(view.frame.look, spoken=True))
    html = Screens(TEXTS, STATION).draw(replace(view, frame=frame))
    phrase = phrase_of(view)

    assert ('id="caption"' in html) is (phrase is not None)
    if phrase is not None:
        caption = html.partition('id="caption"')[2].partition("</p>")[0]
        assert WORDS.say(lang, phrase.key, phrase.n) in caption
        assert not any(title in caption or author in caption for title, author in BOOKS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_has_its_file_made_of_its_present_words(lang):
    """If this fails: `python -m web_ui.sounds.speak`."""
    manifest = json.loads((SPOKEN_FOLDER / lang / "manifest.json").read_text(encoding="utf-8"))
    wanted = {phrase.name: WORDS.say(lang, phrase.key, phrase.n) for phrase in all_phrases()}
    files = {path.stem: path.read_bytes() for path in (SPOKEN_FOLDER / lang).glob("*.ogg")}

    assert {name: entry["words"] for name, entry in manifest.items()} == wanted
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == {
        name: entry["sha256"] for name, entry in manifest.items()
    }


def test_the_spoken_files_are_small_and_there_in_every_language():
    assert set(LANGUAGES) == set(VOICES)
    assert sum(path.stat().st_size for path in SPOKEN_FOLDER.rglob("*.ogg")) < 4_000_000


def test_numbers_are_spoken_with_the_right_form():
    assert WORDS.say("uk", "say.lent", 1).startswith("Видано 1 книжку")
    assert WORDS.say("uk", "say.lent", 5).startswith("Видано 5 книжок")
    assert WORDS.say("pl", "say.lent", MOST).startswith("Wypożyczono 40 książek")


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_what_its_program_makes(name):
    """If this fails: `python -m web_ui.sounds.make`."""
    assert (SOUNDS_FOLDER / f"{name}.wav").read_bytes() == sound(name)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_short_and_does_not_crack(name):
    with wave.open(str(SOUNDS_FOLDER / f"{name}.wav"), "rb") as file:
        data = file.readframes(file.getnframes())
        seconds = file.getnframes() / file.getframerate()
    peaks = [abs(int.from_bytes(data[i : i + 2], "little", signed=True)) for i in range(0, len(data), 2)]

    assert seconds < 0.7
    assert 8_000 < max(peaks) < 17_000
    assert peaks[0] < 100
    assert peaks[-1] < 100


@pytest.mark.parametrize(("one", "other"), [*combinations(SOUNDS, 2)])
def test_two_sounds_differ_in_rhythm_not_only_in_pitch(one, other):
    assert len(rhythm(one)) != len(rhythm(other))
