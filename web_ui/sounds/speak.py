"""Speaks the phrases of the screens to files, ahead of time: `python -m web_ui.sounds.speak`.

Needs the programs espeak-ng and opusenc; a station needs neither. The manifest of a language says of which words each
file was made, and what the file is: a test compares both.
"""

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from web_ui.texts import Texts
from web_ui.touchscreen.spoken import all_phrases

FOLDER = Path(__file__).parents[1] / "touchscreen" / "static" / "spoken"
VOICES = {"uk": "uk", "en": "en-gb", "pl": "pl"}
WORDS_A_MINUTE = 145
KBITS = 20


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def speak(words: str, voice: str, target: Path) -> None:
    """Speak *words* into *target*. Raises: CalledProcessError, FileNotFoundError - the programs are not there."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "said.wav"
        subprocess.run(  # noqa: S603 - our own words
            ["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "-g", "4", "-w", wav, words],  # noqa: S607
            check=True,
        )
        subprocess.run(  # noqa: S603 - likewise
            ["opusenc", "--quiet", "--bitrate", str(KBITS), "--serial", "1", "--discard-comments", wav, target],  # noqa: S607
            check=True,
        )


def speak_all(texts: Texts, folder: Path = FOLDER) -> None:
    """Speak every phrase of every language into *folder*, and write the manifests."""
    for lang in texts.languages:
        home, manifest = folder / lang, {}
        home.mkdir(parents=True, exist_ok=True)
        for phrase in all_phrases():
            words, target = texts.say(lang, phrase.key, phrase.n), home / f"{phrase.name}.ogg"
            speak(words, VOICES[lang], target)
            manifest[phrase.name] = {"words": words, "sha256": fingerprint(target.read_bytes())}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (home / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    speak_all(Texts.load())
