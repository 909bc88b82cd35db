"""What the examination of a library system says of each kind there is, and of the ways one can be set up wrongly."""

import tomllib

import pytest

from kiosk.circulation.model import CardNumber, ItemId
from kiosk.library.sip2.checkup import Asked, Checkup, Finding, Level
from kiosk.library.sip2.checkup.charsets import Guess, guess
from kiosk.library.sip2.connection import Endpoint
from kiosk.library.sip2.profile import load_profile
from kiosk.library.sip2.requests import Names, Requests
from kiosk.library.sip2.signing_in import Login
from kiosk.settings.library import LibrarySection
from kiosk.sip2_simulator.manner import changed, manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.library.sip2.scripted import BEGIN, CLOSE, KYIV, NOW, SIGNED_IN, STATUS, server
from tests.sip2_simulator.koha_shelf import koha_shelf
from tests.sip2_simulator.terminal import UUID, noon, running

ALL = Asked(CardNumber("P0009"), "9999", ItemId("LIB000011"), lend=True)
PATRON = b"64" + b" " * 14 + b"00020261123    031538" + b"0" * 24 + b"AOCPL|AAP0002|AEAnna Miller|BLY|"


def checkup(port: int, *, profile: str = "generic", user: str = "kiosk", within: float = 1.0, now=noon) -> Checkup:
    requests = Requests(load_profile(profile), Names(), lambda: now().replace(tzinfo=KYIV), KYIV)
    return Checkup(Endpoint("127.0.0.1", port), requests, Login(user, "secret", UUID), within)


def findings(examination: Checkup, asked: Asked = ALL) -> dict[str, Finding]:
    """The worst finding about each thing."""
    order = [Level.FITS, Level.LOOK, Level.FAILED]
    worst: dict[str, Finding] = {}
    for finding in examination.run(asked):
        before = worst.get(finding.about)
        if before is None or order.index(finding.level) >= order.index(before.level):
            worst[finding.about] = finding
    return worst


def settings_of(examination: Checkup) -> LibrarySection:
    lines = examination.proposal({"user": "kiosk", "password_file": "/etc/littera/sip2"})
    assert lines is not None
    return LibrarySection.model_validate(tomllib.loads(lines)["library"], strict=False)


@pytest.mark.parametrize("name", ["koha", "evergreen", "sierra", "polaris", "symphony", "alma", "folio", "fsip2"])
def test_every_system_is_known_by_its_habits_and_the_settings_fit_it(name: str) -> None:
    with running(name) as system:
        examination = checkup(system.port)
        found = findings(examination)
        section = settings_of(examination)

    assert found["profile"].advice == f'profile = "{name}"'
    assert (section.sip2.profile, section.sip2.port, section.kind) == (name, system.port, "sip2")
    assert section.sip2.manner() == load_profile(name, section.sip2.overrides.model_dump(exclude_none=True))
    assert found["loan"].level is found["return"].level is found["PIN"].level is Level.FITS
    assert [deed.what for deed in system.library.deeds] == ["lend", "return"]


def test_the_settings_that_are_there_already_are_not_proposed_again() -> None:
    with running("koha") as system:
        found = findings(checkup(system.port, profile="koha"))

    assert found["profile"].level is Level.FITS
    assert "as the settings say" in found["profile"].words


@pytest.mark.parametrize(
    ("session", "pin", "advice"),
    [
        ({"refuses_empty_fields": True}, "9999", "empty_terminal_password = false"),
        ({"required_fields": frozenset({"AD"})}, None, "empty_pin = true"),
    ],
)
def test_a_system_that_minds_an_empty_field_or_misses_one_is_understood(session, pin, advice) -> None:
    spoken = changed(manner("koha"), session=session)
    with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system:
        examination = checkup(system.port)
        found = findings(examination, Asked(ALL.card, pin, ALL.item, lend=pin is not None))
        overrides = settings_of(examination).sip2.overrides.model_dump(exclude_none=True)

    assert found["empty fields"].advice == advice
    assert {key for key in overrides if key.startswith("empty")} == {advice.partition(" ")[0]}
    assert [deed.what for deed in system.library.deeds] == (["lend", "return"] if pin else [])


def test_no_finding_names_anybody() -> None:
    with running("koha") as system:
        told = "\n".join(map(repr, checkup(system.port).run(ALL)))

    for secret in ("P0009", "Olga", "9999", "secret", "LIB000050"):
        assert secret not in told


def test_nothing_is_changed_unless_it_is_asked_for() -> None:
    with running("koha") as system:
        findings(checkup(system.port), Asked(ALL.card, ALL.pin, ALL.item))

        assert system.library.deeds == ()


def test_nobody_listens() -> None:
    found = findings(checkup(1))

    assert found["connection"].level is Level.FAILED
    assert "nobody listens there" in found["connection"].words


def test_a_login_that_is_refused_is_tried_once() -> None:
    with server((b"940\r",), BEGIN) as library:
        examination = checkup(library.port)
        found = findings(examination)

    assert "refuses the station's login" in found["login"].words
    assert library.connections == 1
    assert examination.proposal({}) is None


@pytest.mark.parametrize(("way", "key"), [(1, "error_detection"), (2, "ends_with")])
def test_a_system_that_bears_less_is_found_out(way: int, key: str) -> None:
    refusals = [(b"96\r",)] * way
    with server(*refusals, (*BEGIN, CLOSE)) as library:
        examination = checkup(library.port)
        findings(examination, Asked())
        overrides = settings_of(examination).sip2.overrides

    assert getattr(overrides, key) == {"error_detection": "off", "ends_with": "crlf"}[key]


def test_a_system_whose_answers_end_in_line_feeds() -> None:
    answers = tuple(answer.replace(b"\r", b"\n") for answer in BEGIN)
    with server(answers, answers) as library:
        examination = checkup(library.port, within=0.3)
        found = findings(examination, Asked())
        overrides = settings_of(examination).sip2.overrides

    assert found["login"].level is Level.FITS
    assert overrides.answers_end_with == "lf"


def test_a_system_that_wants_its_status_asked_for_first() -> None:
    with server(*[(CLOSE,)] * 4, (STATUS, SIGNED_IN, STATUS)) as library:
        examination = checkup(library.port)
        findings(examination, Asked())

        assert settings_of(examination).sip2.overrides.status_before_login is True


def test_a_system_that_asks_by_telnet() -> None:
    with server((b"password: ", b"Login OK.\r\n", STATUS), greeting=b"login: ") as library:
        examination = checkup(library.port)
        found = findings(examination, Asked())

    assert "two prompts" in found["login"].words
    assert settings_of(examination).sip2.overrides.sign_in == "telnet"


@pytest.mark.parametrize(
    ("status", "about", "words"),
    [
        (STATUS.replace(b"2.00", b"1.00"), "version", "first version of SIP"),
        (STATUS.replace(b"98YYY", b"98NYY"), "status", "off-line"),
        (STATUS.replace(b"98YYY", b"98YYN"), "status", "does not lend"),
        (STATUS.replace(b"YYYYYYYYYYYNYYYY", b"YYYYYYYYYYNNYYYY"), "functions", "after a lost answer"),
        (STATUS.replace(b"    031538", b"    011538").replace(b"    031502", b"    011502"), "clock", "UTC"),
        (STATUS.replace(b"20261123", b"20261101"), "clock", "differs by"),
    ],
)
def test_what_a_status_gives_away(status: bytes, about: str, words: str) -> None:
    with server((SIGNED_IN, status)) as library:
        found = findings(checkup(library.port, now=lambda: NOW), Asked())

    assert words in found[about].words


@pytest.mark.parametrize(
    ("to_wrong", "to_right", "words"),
    [
        (b"CQY|", b"CQY|", "a wrong PIN is right"),
        (b"", b"", "does not say whether a PIN is right"),
        (b"CQN|", b"CQN|", "this PIN is wrong"),
    ],
)
def test_what_the_pin_check_of_a_system_is_worth(to_wrong: bytes, to_right: bytes, words: str) -> None:
    script = (*BEGIN, PATRON + to_wrong + b"\r", PATRON + to_right + b"\r", b"36Y20261123    031538AO|AA|\r")
    with server(script) as library:
        failed = [f.words for f in checkup(library.port).run(Asked(ALL.card, "9999")) if f.level is Level.FAILED]

    assert any(words in text for text in failed)


def test_a_loan_that_does_not_show_in_the_account_is_told() -> None:
    lent = b"121NNY20261123    031538AO|AAx|ABLIB000011|AJx|AH20261214|\r"
    back = b"101YNN20261123    031538AO|ABLIB000011|\r"
    shown = b"1803010120261123    031538ABLIB000011|AJx|AQCPL|\r"
    end = b"36Y20261123    031538AO|AA|\r"
    with server((*BEGIN, PATRON + b"\r", shown, lent, PATRON + b"\r", back, end)) as library:
        examination = checkup(library.port)
        found = findings(examination, Asked(ALL.card, None, ALL.item, lend=True))

    assert "does not stand in the account" in found["lists"].words
    assert "does not say where the copy belongs" in found["return"].words
    assert settings_of(examination).sip2.overrides.lists == "titles"


def test_a_date_that_can_be_read_two_ways_is_asked_about() -> None:
    shown = b"1804020120261123    031538ABx|AJBook|AQCPL|AH07/12/2026|\r"
    with server((*BEGIN, shown)) as library:
        found = findings(checkup(library.port), Asked(item=ItemId("x")))

    assert "which is the day" in found["due dates"].words


def test_a_system_that_drops_the_line_at_the_end_of_a_visit() -> None:
    with server((*BEGIN, PATRON + b"\r", CLOSE), BEGIN) as library:
        examination = checkup(library.port)
        findings(examination, Asked(ALL.card))

        assert settings_of(examination).sip2.overrides.ends_sessions is False


# --- letters -------------------------------------------------------------------------------------------

TITLE = "Під тихими вербами, Тіні забутих предків, Їжак і Єва"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-u", "cp1125"])
def test_a_character_set_is_known_by_the_words_it_makes(encoding: str) -> None:
    assert guess([TITLE.encode(encoding), b"AEShevchenko|"]).encoding == encoding


def test_accents_of_their_own_are_seen() -> None:
    assert guess(["І\u0308жак".encode()]) == Guess("utf-8", decomposed=True)


def test_polish_in_dos_letters() -> None:
    assert guess(["Mickiewicz Müller Café".encode("cp850")]).encoding in ("cp850", "iso-8859-1")


@pytest.mark.parametrize("raw", [b"AJ?????? ? ????????|", b"AJT?ma|"])
def test_lost_letters_are_seen(raw: bytes) -> None:
    assert guess([raw]).lost


def test_a_question_is_no_lost_letter() -> None:
    assert not guess([b"AJWhat is to be done?|AJWhy?|"]).lost
