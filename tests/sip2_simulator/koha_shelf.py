"""The library the Koha transcript was recorded in, as far as the transcript tells: its patrons, copies and logins."""

from datetime import date, datetime
from decimal import Decimal

from kiosk.circulation.model import BranchId, CardNumber, ItemId, TitleId
from kiosk.sip2_simulator.conversation import Account
from kiosk.sip2_simulator.holdings import Condition, Holdings, Member, OpenHold, OpenLoan, Terms, Volume
from kiosk.sip2_simulator.manner import changed, manner

TITLES = (
    "Кобзар",
    "Лісова пісня",
    "Тіні забутих предків",
    "Енеїда",
    "Захар Беркут",
    "Місто",
    "Тигролови",
    "Чорна рада",
    "Хіба ревуть воли, як ясла повні?",
    "Під тихими вербами — том ІІ",
    "Ґудзик і п’ятірка «Їжак»",
)
MEDIA = {6: "002", 7: "006", 8: "005", 9: "007"}
CONDITIONS = {197: Condition.DAMAGED, 198: Condition.WITHDRAWN, 199: Condition.LOST, 200: Condition.NOT_FOR_LOAN}
CPL, MPL = BranchId("CPL"), BranchId("MPL")


def _title(number: int) -> str:
    if number <= len(TITLES):
        return TITLES[number - 1]
    if number < 40:
        return f"{TITLES[(number - 1) % len(TITLES)]} (вид. {number})"
    return f"Test Title Number {number} : a study in self service"


def _volume(number: int) -> Volume:
    return Volume(
        item=ItemId(f"LIB{number:06d}"),
        title_id=TitleId(str(number)),
        title=_title(number),
        home=MPL if number % 4 == 0 else CPL,
        media=MEDIA.get(number % 10, "001"),
        collection="REF" if number % 10 == 0 else "FIC",
        shelf=f"8{number % 100:02d}.{number:03d}",
        condition=CONDITIONS.get(number, Condition.GOOD),
        rental=Decimal("1.50") if number % 10 == 8 else Decimal(0),
    )


def _member(number: str, name: str, pin: str, **more: object) -> Member:
    given, _, family = name.partition(" ")
    told = {"category": "PT", "home": CPL, "born": date(1990, 5, 17), "address": "1 Main St Kyiv", **more}
    return Member(CardNumber(f"P{number}"), given, family, pin, **told)


MEMBERS = (
    _member("0001", "Тарас Шевченко", "1234", mail="taras@example.org", phone="+380441234567"),
    _member("0002", "Anna Miller", "2222"),
    _member("0003", "Bob Blocked", "3333", block="Blocked by staff"),
    _member("0004", "Eve Expired", "4444", expires=date(2026, 1, 1)),
    _member("0005", "Fred Fines", "5555"),
    _member("0006", "Sue Smallfine", "6666"),
    _member("0007", "Lou Lostcard", "7777", card_lost=True),
    _member("0008", "Nick Noaddress", "8888", no_address=True),
    _member("0009", "Olga Overdue", "9999"),
    _member("0010", "Hanna Holder", "1010"),
    _member("0011", "Ned Nopin", ""),
    _member("0012", "Kim Kid", "1212", category="KID"),
    _member("0013", "Pia O|Pipe", "1313"),
    _member("0014", "Tom Trailing", "s3cret!"),
    _member("0015", "Ґанна Їжакевич", "їжак", note="Прошу зайти до адміністратора"),
    _member("0101", "Nora Nothing", "0000"),
)


def koha_shelf() -> Holdings:
    """Everything as it stood before the first exchange of each recording."""

    def due(year: int, month: int, day: int) -> datetime:
        return datetime(year, month, day, 23, 59)  # noqa: DTZ001

    holder = CardNumber("P0010")
    return Holdings(
        members=MEMBERS,
        volumes=tuple(_volume(number) for number in range(1, 201)),
        terms={"KID": Terms(days=14, max_loans=3)},
        loans=(
            OpenLoan(ItemId("LIB000050"), CardNumber("P0009"), due(2026, 9, 1)),
            OpenLoan(ItemId("LIB000051"), CardNumber("P0009"), due(2027, 1, 4)),
            OpenLoan(ItemId("LIB000061"), CardNumber("P0002"), due(2026, 12, 14)),
        ),
        holds=tuple(
            OpenHold(holder, TitleId(str(number)), pickup, ItemId(f"LIB{number:06d}"))
            for number, pickup in ((60, CPL), (61, CPL), (62, MPL))
        ),
        fees=(
            (CardNumber("P0005"), "Lost item: Broken Book", Decimal("12.50")),
            (CardNumber("P0006"), "Fine", Decimal("2.00")),
        ),
        branches=(CPL, MPL),
    )


def koha_accounts() -> dict[str, Account]:
    """The six logins of the recording, each set up in another way."""
    koha = manner("koha")
    manners = {
        "kiosk1": koha,
        "kiosk2": changed(koha, wire={"terminator": "\r"}, returns={"not_on_loan_is_refused": False}),
        "kiosk3": changed(koha, wire={"charset": "ascii"}),
        "kiosk4": changed(koha, status={"institution": "MPL", "timeout": "025", "retries": "003"}),
        "kiosk5": changed(
            koha,
            wire={"charset": "cp866"},
            patrons={"name": "{family}, {given}", "branch_on_screen": True},
            fees={"too_much_is_refused": True},
        ),
        "kiosk6": changed(koha, wire={"checksum_over": "code points"}, patrons={"empty_pin_is_right": True}),
    }
    return {name: Account(spoken, "kioskpw") for name, spoken in manners.items()}
