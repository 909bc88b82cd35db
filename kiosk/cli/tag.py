"""`kiosk tag`: what a tag says, and what to write on one, at a technician's desk. Bytes come and go as hex.

Touches no pad: the hex comes from the pad's own program, a log or a capture.
"""

import json
import re
import sys
from typing import Any, NoReturn

import click

from kiosk.tags.detect import decode
from kiosk.tags.encode import encode
from kiosk.tags.model import BadTag, TagData, TagModel, Usage

_MODELS = [TagModel.ISO_28560_3.value, TagModel.ISO_28560_2.value, TagModel.RFID_501.value]
_USAGES = [usage.value for usage in Usage if usage is not Usage.UNKNOWN]
_WRONG_TAG, _WRONG_USE = 1, 2


class HexByte(click.ParamType[int]):
    """One byte in hexadecimal: `3E`, `0x3E`, `3e`."""

    name = "XX"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if (match := re.fullmatch(r"\s*(?:0[xX])?([0-9A-Fa-f]{1,2})[hH]?\s*", str(value))) is None:
            self.fail(f"{value!r} is not one byte in hexadecimal, like 3E or 0x06", param, ctx)
        return int(match[1], 16)


@click.group("tag")
def tag() -> None:
    """Read and write the data of RFID tags."""


@tag.command("decode")
@click.argument("hex_text", metavar="HEX...", nargs=-1, required=True)
@click.option("--dsfid", type=HexByte(), help="The tag's DSFID, where the pad told it: 3E, 06.")
@click.option("--block-size", type=click.IntRange(1, 32), default=4, show_default=True, help="Bytes per block.")
@click.option("--pretty", is_flag=True, help="Spread the answer over lines.")
def decode_command(hex_text: tuple[str, ...], dsfid: int | None, block_size: int, *, pretty: bool) -> None:
    """Say what a tag says, as JSON. HEX may hold blanks and colons; `-` reads standard input.

    Ends with 0 also for blank, foreign and damaged tags (`crc_ok` false), with 1 when nothing can be said,
    with 2 when HEX is no hex.
    """
    octets = _bytes_of(hex_text)
    try:
        answer = decode(octets, dsfid, block_size)
    except BadTag as why:
        _give_up(_WRONG_TAG, str(why))
    click.echo(json.dumps(_as_json(answer), ensure_ascii=False, indent=2 if pretty else None))


@tag.command("encode")
@click.option("--model", type=click.Choice(_MODELS), required=True, help="The data model to write.")
@click.option("--item-id", required=True, help="The item id, its barcode.")
@click.option("--owner", default="", help="The library's ISIL: UA-0001 or UA0001.")
@click.option("--parts", type=int, default=1, show_default=True, help="Tags that make the item whole.")
@click.option("--part", type=int, default=1, show_default=True, help="Which of them this is.")
@click.option("--usage", type=click.Choice(_USAGES), default=Usage.CIRCULATING.value, show_default=True)
@click.option("--size", type=click.IntRange(1), help="Bytes of user memory: filled with 00 to that size.")
@click.option("--block-size", type=click.IntRange(1, 32), default=4, show_default=True, help="Bytes per block.")
@click.option("--version-nibble", type=click.Choice(["high", "low"]), default="high", show_default=True)
@click.option("--title", default="", help="The title, where the model has a place for it.")
@click.option("--media", default="", help="The media format: book, cd-dvd, tape; 3M 501 has its own.")
@click.option("--shelf", default="", help="The shelf, where the model has a place for it.")
def encode_command(model: str, owner: str, usage: str, **fields: Any) -> None:
    """Lay out a tag and print it as hex. Ends with 1 when the model cannot hold what was asked."""
    if model == TagModel.RFID_501.value and owner:
        click.echo("3M 501 has no place for an owner: left out", err=True)
        owner = ""
    try:
        octets = encode(TagModel(model), owner=owner, usage=Usage(usage), **fields)
    except BadTag as why:
        _give_up(_WRONG_TAG, str(why))
    click.echo(octets.hex().upper())


def _bytes_of(words: tuple[str, ...]) -> bytes:
    text = sys.stdin.buffer.read().decode("latin-1") if words == ("-",) else " ".join(words)
    digits = re.sub(r"\b0[xX]|[\s:;,_-]", "", text)
    if (wrong := re.search(r"[^0-9A-Fa-f]", digits)) is not None:
        _give_up(_WRONG_USE, f"{wrong[0]!r} is no hexadecimal digit; give bytes like 11 01 01 31")
    if not digits:
        _give_up(_WRONG_USE, "no hexadecimal digits at all; give bytes like 11 01 01 31")
    if len(digits) % 2:
        _give_up(_WRONG_USE, f"{len(digits)} hexadecimal digits; a byte has two, one is missing")
    return bytes.fromhex(digits)


def _give_up(code: int, why: str) -> NoReturn:
    click.echo(f"Error: {why}", err=True)
    raise SystemExit(code)


def _as_json(answer: TagData) -> dict[str, object]:
    """Order what a tag says by meaning; a name that comes twice among the extras holds both texts."""
    extras: dict[str, str] = {}
    for name, text in answer.extras:
        extras[name] = f"{extras[name]}; {text}" if name in extras else text
    return {
        "model": answer.model.value,
        "item_id": answer.item_id,
        "owner": answer.owner,
        "parts": answer.parts,
        "part": answer.part,
        "usage": answer.usage.value,
        "crc_ok": answer.crc_ok,
        "reversed_blocks": answer.reversed_blocks,
        "cut_short": answer.cut_short,
        "extras": extras,
    }
