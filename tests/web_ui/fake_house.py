"""A house in memory for the tests of the screens: a few titles found by their letters, news that stand still."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from kiosk.catalogue.port import Found, Hit, Place, Query
from web_ui.touchscreen.house import Branch, Event, Hours, Shelf, Title, Today

NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
_LENT_HERE = (Place("central", 1, 0), Place("music", 2, 1, "84(4)"))
KOBZAR, ENEIDA, LISOVA = (
    Hit("t1", "Кобзар", "Тарас Шевченко", 1840, "uk", places=(Place("central", 3, 2, "821.161.2-1"),)),
    Hit(
        "t2", "Енеїда", "Іван Котляревський", 1798, "uk", places=(Place("central", 1, 0), Place("music", 2, 1, "84(4)"))
    ),
    Hit("t3", "Лісова пісня", "Леся Українка", 1912, "uk", places=(Place("music", 1, 0),)),
)
_SHELVED = (
    ("Тигролови", "Іван Багряний", "Втеча, від якої не відірватися"),
    ("Місто", "Валер’ян Підмогильний", "Київ сто років тому"),
    ("Захар Беркут", "Іван Франко", "Громада сильніша за орду"),
    ("Маруся Чурай", "Ліна Костенко", "Роман у віршах"),
)
SHELF = tuple(
    Title(f"s{n}", name, author, why={"uk": why, "en": "A word why"}) for n, (name, author, why) in enumerate(_SHELVED)
)
NEWS = Today(
    Hours(NOW, until=NOW.replace(hour=20, minute=0), off=(date(2026, 11, 27),)),
    notices=({"uk": "У четвер гардероб працює до 18:00.", "en": "On Thursday the cloakroom closes at 18:00."},),
    events=(
        Event(
            {"uk": "Зустріч із письменницею", "en": "Meet the writer"},
            datetime(2026, 11, 28, 15, 0, tzinfo=UTC),
            {"uk": "читальна зала", "en": "reading hall"},
            {"uk": "для дорослих і підлітків", "en": "for adults and teenagers"},
        ),
        Event({"uk": "Казки вголос", "en": "Tales aloud"}, datetime(2026, 11, 29, 11, 0, tzinfo=UTC)),
    ),
    shelves=(Shelf({"uk": "Читаємо взимку", "en": "Winter reading"}, SHELF),),
    arrivals=SHELF[::-1],
)


@dataclass
class FakeHouse:
    """`asked` are the questions it heard."""

    branch: str = "central"
    hits: tuple[Hit, ...] = (KOBZAR, ENEIDA, LISOVA)
    news: Today = NEWS
    asked: list[Query] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def today(self) -> Today:
        return self.news

    def find(self, query: Query) -> Found:
        self.asked.append(query)
        text = query.text.casefold()
        known = tuple(hit for hit in self.hits if text in f"{hit.name} {hit.author}".casefold())
        if not known and text.startswith("кобзра"):
            return Found((KOBZAR,), 1, corrected="кобзар")
        shown = known[query.offset : query.offset + query.limit]
        return Found(shown, len(known), {"language": {"uk": len(known), "en": 1}})

    def title(self, name: str) -> Hit | None:
        return next((hit for hit in self.hits if hit.id == name), None)

    def place(self, branch: str) -> Branch:
        return {"music": Branch("Музична", "вул. Пушкінська, 5")}.get(branch, Branch("Центральна", "вул. Велика, 1"))

    def cover(self, name: str) -> bytes | None:
        return self.pictures.get(name)

    def pictured(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(names) & self.pictures.keys()
