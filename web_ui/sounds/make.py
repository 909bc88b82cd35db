"""Makes the station's three sounds, the same bytes each time: `python -m web_ui.sounds.make`.

They differ in rhythm as well as in pitch, so that they are told apart by whoever hears high tones badly:
done = two quick notes up, look = three even notes of one pitch, stop = one long note that falls.
"""

import io
import math
import wave
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "touchscreen" / "static" / "sounds"
RATE = 22_050
LOUDEST = 0.5 * 32_767
Note = tuple[float, float, float]
"""Hertz at its start, hertz at its end, seconds; 0 hertz is silence."""

SOUNDS: dict[str, tuple[Note, ...]] = {
    "done": ((659.26, 659.26, 0.09), (0, 0, 0.02), (987.77, 987.77, 0.22)),
    "look": ((587.33, 587.33, 0.11), (0, 0, 0.09)) * 2 + ((587.33, 587.33, 0.16),),
    "stop": ((392.0, 293.66, 0.55),),
}


def sound(name: str) -> bytes:
    """Make one sound as a WAV file: 16 bits, mono. Raises: KeyError - there is no such sound."""
    samples = b"".join(value.to_bytes(2, "little", signed=True) for note in SOUNDS[name] for value in _note(*note))
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(samples)
    return file.getvalue()


def _note(start: float, end: float, seconds: float) -> Iterable[int]:
    """A soft note: a sine with a quiet octave above it, rising in 10 ms and dying away."""
    count, phase = int(RATE * seconds), 0.0
    for i in range(count):
        phase += 2 * math.pi * (start + (end - start) * i / count) / RATE
        shape = min(1.0, i / (0.01 * RATE), (count - i) / (0.03 * RATE)) * math.exp(-1.5 * i / count)
        tone = (math.sin(phase) + 0.25 * math.sin(2 * phase)) / 1.25 if start else 0.0
        yield round(LOUDEST * shape * tone)


def rhythm(name: str) -> tuple[float, ...]:
    """When the notes of a sound begin, in seconds."""
    ends = [0.0]
    for _, _, seconds in SOUNDS[name]:
        ends.append(ends[-1] + seconds)
    return tuple(at for (at, _), note in zip(pairwise(ends), SOUNDS[name], strict=True) if note[0])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in SOUNDS:
        (FOLDER / f"{each}.wav").write_bytes(sound(each))
