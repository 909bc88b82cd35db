"""The things on the table of the demo: virtual books with their tags, and virtual cards. One table for all stations.

Everything here lies in a hand. What a station makes of it, it learns through its real drivers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from drivers.tag_pads.simulated_tags import SimulatedTag
from kiosk.circulation.model import Item
from kiosk.demo_network import DemoNetwork, StrayKind, StrayTag
from kiosk.devices import TagUid
from kiosk.tags.afi import Gate, GateProfile, reads_as
from kiosk.tags.encode import encode
from kiosk.tags.model import TagModel

CHILDREN = "children-"
"""How the names of the children's branches begin."""
GROWING_UP = 14
"""Books from this age on are not what somebody looks for who wants a book for a child."""
STRANGER = {"uk": "Картка, якої бібліотека не знає", "en": "A card the library has never heard of"}


@dataclass(frozen=True, slots=True)
class TableBook:
    """A virtual book or part of one: what is written on it, and its tag. `odd` says why it is no copy of ours."""

    tag: SimulatedTag
    title: str = ""
    author: str = ""
    item: str = ""
    part: str = ""
    age_from: int = 0
    for_children: bool = False
    odd: str = ""


@dataclass(frozen=True, slots=True)
class TableCard:
    """A virtual e-card and what there is to see when it is tapped."""

    key: str
    name: str
    says: Mapping[str, str]
    uid: str
    number: str | None
    odd: bool = False


class DemoTable:
    """Everything that can be carried to a station and laid there. `snatched` are lifted at the next write to them."""

    def __init__(self, network: DemoNetwork, lent: Iterable[str], owner: str, profile: GateProfile) -> None:
        self.profile = profile
        self.books = {tag.uid: book for book in _books(network, set(lent), owner, profile) if (tag := book.tag)}
        self.cards = {card.key: card for card in _cards(network)}
        self.snatched: set[TagUid] = set()

    def gate_of(self, book: TableBook) -> Gate:
        """What the tag itself says of the gate, whatever the ledger believes."""
        return reads_as(self.profile, book.tag.afi, book.tag.eas)


# --- books ---------------------------------------------------------------------------------------------


def _books(network: DemoNetwork, lent: set[str], owner: str, profile: GateProfile) -> Iterator[TableBook]:
    for item_id, uids in network.tags.items():
        for part, uid in enumerate(uids, start=1):
            memory = encode(TagModel.ISO_28560_3, item_id, owner, parts=len(uids), part=part)
            tag = _tag(uid, memory, profile, armed=item_id not in lent)
            yield _book(network.items[item_id], tag, f"{part}/{len(uids)}" if len(uids) > 1 else "")
    yield from (_stray(stray, owner, profile) for stray in network.stray_tags)


def _book(item: Item, tag: SimulatedTag, part: str) -> TableBook:
    return TableBook(
        tag,
        title=item.title.name,
        author=item.title.author,
        item=item.id,
        part=part,
        age_from=item.title.age_from,
        for_children=item.branch.startswith(CHILDREN) and item.title.age_from < GROWING_UP,
    )


def _stray(stray: StrayTag, owner: str, profile: GateProfile) -> TableBook:
    tag = _tag(stray.uid, _stray_memory(stray, owner), profile, armed=True)
    return TableBook(tag, item=stray.item if stray.kind is StrayKind.DAMAGED else "", odd=stray.kind)


def _stray_memory(stray: StrayTag, owner: str) -> bytes:
    match stray.kind:
        case StrayKind.FOREIGN | StrayKind.UNLISTED:
            return encode(TagModel.ISO_28560_3, stray.item, stray.owner or owner)
        case StrayKind.DAMAGED:
            memory = bytearray(encode(TagModel.ISO_28560_3, stray.item, owner))
            memory[4] ^= 0x21  # one letter of the item id: the checksum no longer holds
            return bytes(memory)
        case _:
            return b""


def _tag(uid: TagUid, memory: bytes, profile: GateProfile, *, armed: bool) -> SimulatedTag:
    tag = SimulatedTag.of(uid, memory)
    wanted = profile.write_for(armed=armed)
    if wanted.afi is not None:
        tag.afi = wanted.afi
    if wanted.eas is not None:
        tag.eas = wanted.eas
    return tag


# --- cards ---------------------------------------------------------------------------------------------


def _cards(network: DemoNetwork) -> Iterator[TableCard]:
    for person in network.patrons:
        patron = person.patron
        name = f"{patron.given_name} {patron.family_name}"
        pin = f" · PIN {person.pin}" if patron.pin_needed else ""
        says = {lang: story + pin for lang, story in person.story.items()}
        yield TableCard(patron.id, name, says, person.card_uid, patron.card)
    yield TableCard("stranger", "", STRANGER, "04DEADBEEF0180", None, odd=True)
