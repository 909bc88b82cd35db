"""What a real Koha 18.12 and a client said to each other, byte for byte: tests/golden/sip2_koha.txt."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KOHA = Path(__file__).parents[2] / "golden" / "sip2_koha.txt"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript: who said which bytes, under which account, after which remark."""

    sent: bool
    raw: bytes
    account: str
    remark: str
    line: int


def koha() -> Iterator[Said]:
    account = remark = ""
    for number, line in enumerate(KOHA.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("# "):
            remark = line[2:]
            continue
        found = re.match(r"""(>>|<<) (b(?:'.*?'|".*?"))(?:\s|$)""", line)
        if found is None:
            continue
        raw = ast.literal_eval(found[2])
        if login := re.search(rb"CN(kiosk\d)\|", raw):
            account = login[1].decode()
        yield Said(found[1] == ">>", raw, account, remark, number)


def answer_to(remark: str) -> bytes:
    """The first thing Koha said after this remark."""
    return next(said.raw for said in koha() if said.remark == remark and not said.sent)
