"""Every manner answers every message, and each speaks as its file and the reference say."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.codec import Dialect
from kiosk.library.sip2.layouts import LAYOUTS
from kiosk.sip2_simulator.conversation import ANSWERS
from kiosk.sip2_simulator.manner import FOLDER, MannerError, changed, manner, manner_names
from kiosk.sip2_simulator.outcomes import No
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.koha_shelf import koha_shelf
from tests.sip2_simulator.terminal import NOW, Terminal, checkin, checkout, information, noon, numbered, running

EVERY_MESSAGE = {
    "99": "9900802.00",
    "23": f"23000{NOW}AOCPL|AAP0002|AD2222|AC|",
    "63": information(),
    "11": checkout("LIB000041"),
    "29": f"29NN{NOW}{NOW}AOCPL|AAP0002|AD2222|ABLIB000041|AC|BON|",
    "65": f"65{NOW}AOCPL|AAP0002|AD2222|AC|BON|",
    "17": f"17{NOW}AOCPL|ABLIB000041|AC|",
    "37": f"37{NOW}0400UAHBV1.00|AOCPL|AAP0006|AD6666|AC|",
    "09": checkin("LIB000041"),
    "15": f"15-{NOW}AOCPL|AAP0010|AD1010|ABLIB000060|AC|",
    "19": f"19{NOW}AOCPL|ABLIB000041|AC|CHx|",
    "25": f"25{NOW}AOCPL|AAP0002|AD2222|AC|",
    "01": f"01N{NOW}AOCPL|ALlost|AAP0002|AC|",
    "35": f"35{NOW}AOCPL|AAP0002|AD2222|AC|",
}


@contextmanager
def talking(name: str) -> Iterator[tuple[SimulatedSystem, Terminal]]:
    with running(name) as system, Terminal(system) as terminal:
        terminal.dialect = Dialect(encoding=manner(name).wire.charset)
        yield system, terminal.log_in()


@pytest.mark.parametrize("name", manner_names())
def test_every_manner_answers_every_message_or_says_how_it_does_not(name: str) -> None:
    session = manner(name).session
    with talking(name) as (_system, terminal):
        for kind, body in EVERY_MESSAGE.items():
            if kind in session.unsupported:
                if session.on_unsupported in {"close", "ignore"}:
                    continue
                terminal.say(body)
                assert terminal.line()[:2] in {b"96", b"Pr"}, (name, kind)
                continue
            received = terminal.ask(body)
            assert received.message.kind == LAYOUTS[kind].answer, (name, kind)
            assert received.checksum in {Checksum.BYTES, Checksum.CODE_POINTS}, (name, kind)
            assert received.sequence == (terminal.sequence - 1) % 10, (name, kind)
    assert set(EVERY_MESSAGE) == set(ANSWERS) | {"99"}


@pytest.mark.parametrize("name", manner_names())
def test_every_manner_lends_renews_and_takes_back(name: str) -> None:
    with talking(name) as (system, terminal):
        assert terminal.ask(EVERY_MESSAGE["11"]).message["ok"] == "1"
        renewed = terminal.ask(EVERY_MESSAGE["29"]).message
        assert (renewed["ok"], bool(renewed.text("AH"))) == ("1", True)
        assert terminal.ask(EVERY_MESSAGE["09"]).message["ok"] == "1"
        assert [deed.what for deed in system.library.deeds] == ["lend", "renew", "return"]


@pytest.mark.parametrize(
    ("name", "policy", "what"),
    [
        ("koha", "N", "renew"),
        ("alma", "N", "renew"),
        ("evergreen", "Y", "renew"),
        ("evergreen", "N", "refused"),
        ("folio", "Y", "refused"),
        ("standard", "N", "refused"),
        ("standard", "Y", "renew"),
    ],
)
def test_a_copy_the_patron_has_already(name: str, policy: str, what: str) -> None:
    with talking(name) as (system, terminal):
        terminal.ask(checkout("LIB000041"))
        again = terminal.ask(checkout("LIB000041", policy=policy)).message
        assert again["ok"] == ("1" if what == "renew" else "0")
        assert [deed.what for deed in system.library.deeds][1:] == (["renew"] if what == "renew" else [])


def test_evergreen_decomposes_letters_lists_titles_and_dates_in_iso() -> None:
    with running("evergreen") as system, Terminal(system) as terminal:
        terminal.log_in()
        terminal.say(checkout("LIB000011"))
        raw = terminal.line()
        assert "И\u0306".encode() not in raw
        assert "І\u0308жак".encode() in raw
        assert b"|AH2026-12-14 23:59:59|" in raw
        assert terminal.ask(information()).message.every("AU")[0].strip() == "Ґудзик і п’ятірка «Їжак»"
        assert terminal.ask(information(pin="0000")).message["patron_status"] == "  Y           "


def test_folio_wants_error_detection_a_service_point_and_has_no_cyrillic() -> None:
    with running("folio") as system, Terminal(system, numbering=False) as terminal:
        terminal.say("9900802.00")
        with pytest.raises(ConnectionError):
            terminal.line()
    with running("folio") as system, Terminal(system) as terminal:
        assert terminal.ask("9300CNx|COy|CPKIOSK-1|").message["ok"] == "0"
        terminal.log_in()
        assert terminal.ask("17" + NOW + "AOCPL|ABLIB000001|").message.text("AJ") == "??????"
        terminal.numbering = False
        terminal.say("9900802.00")
        assert terminal.line() == b"96AZFEF6"
        terminal.say("2300020261123    120000AOCPL|AAP0013|AC|AD1313|")
        assert terminal.line() == b"96AZFEF6"


def test_folio_takes_the_delimiter_out_and_sierra_lets_it_through() -> None:
    with talking("folio") as (_system, terminal):
        assert terminal.ask(information("P0013", "1313")).message.text("AE") == "Pia O Pipe"
    with running("sierra") as system, Terminal(system) as terminal:
        terminal.log_in().say(information("P0013", "1313"))
        assert b"|AEPia O|Pipe|" in terminal.line()


def test_sierra_and_polaris_deny_everything_for_a_wrong_pin() -> None:
    with talking("sierra") as (_system, terminal):
        wrong = terminal.ask(information(pin="0000")).message
        assert (wrong["patron_status"], wrong.text("CQ"), len(wrong.every("AF"))) == ("Y  YYYYYYYYYYY", "N", 2)
        assert wrong["transaction_date"] == "202611230000120000"
        assert terminal.ask("9900802.00").message.first("AO") == "sierra "
    with talking("polaris") as (_system, terminal):
        wrong = terminal.ask(information(pin="0000")).message
        assert (wrong["patron_status"][:4], wrong.text("CQ")) == ("YYYY", "N")
        holder = terminal.ask(information("P0010", "1010")).message
        assert holder["unavailable_count"] == "0000"
        assert terminal.ask(information("NOBODY")).message.first("AE").strip() == ","


def test_fsip2_never_says_whether_to_desensitise() -> None:
    with talking("fsip2") as (_system, terminal):
        assert terminal.ask(checkout("LIB000041")).message["desensitize"] == "U"


def test_symphony_replies_in_two_segments() -> None:
    with running("symphony") as system, Terminal(system) as terminal:
        terminal.log_in().say(information())
        assert len(terminal.socket.recv(4096)) == 40


def test_alma_undoes_a_loan_that_is_cancelled_and_names_no_alerts() -> None:
    with talking("alma") as (system, terminal):
        terminal.ask(checkout("LIB000041"))
        terminal.ask(checkin("LIB000041", more="BIY|"))
        assert [deed.what for deed in system.library.deeds] == ["lend", "undo"]
        back = terminal.ask(checkin("LIB000061")).message
        assert (back["alert"], back.first("CT"), back.first("CV")) == ("N", None, None)


def test_invenio_refuses_a_repeated_number_and_pads_no_checksum() -> None:
    with running("invenio") as system, Terminal(system) as terminal:
        terminal.log_in().ask("9900802.00")
        terminal.sequence -= 1
        terminal.say("9900802.00")
        assert terminal.line() == b"96AZFEF6"
    assert manner("invenio").wire.checksum_digits == 1


def test_checksums_over_code_points() -> None:
    spoken = changed(manner("koha"), wire={"checksum_over": "code points"})
    with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system, Terminal(system) as terminal:
        terminal.log_in()
        assert terminal.ask(f"17{NOW}AOCPL|ABLIB000001|").checksum is Checksum.CODE_POINTS


def test_koha_does_and_then_hangs_up_when_a_return_date_is_blank() -> None:
    with talking("koha") as (system, terminal):
        terminal.ask(checkout("LIB000041"))
        terminal.socket.sendall(numbered(f"09N{NOW}{' ' * 18}APCPL|AOCPL|ABLIB000041|AC|", terminal.sequence))
        with pytest.raises(ConnectionError):
            terminal.line()
        assert [deed.what for deed in system.library.deeds] == ["lend", "return"]


def test_a_return_says_where_the_copy_goes() -> None:
    with talking("koha") as (_system, terminal):
        here = terminal.ask(checkin("LIB000061")).message
        assert (here["alert"], here.text("CV"), here.text("CT"), here.text("CY")) == ("Y", "01", "CPL", "P0010")
        elsewhere = terminal.ask(checkin("LIB000062")).message
        assert (elsewhere.text("CV"), elsewhere.text("CT")) == ("02", "MPL")
        terminal.ask(checkout("LIB000044"))
        travels = terminal.ask(checkin("LIB000044")).message
        assert (travels.text("CV"), travels.text("CT"), travels.first("CY")) == ("04", "MPL", None)


def test_fields_can_be_hidden() -> None:
    spoken = changed(manner("koha"), wire={"hides": frozenset({"AQ", "BX"})})
    with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system, Terminal(system) as terminal:
        terminal.log_in()
        assert terminal.ask("9900802.00").message.first("BX") is None
        assert terminal.ask(f"17{NOW}AOCPL|ABLIB000001|").message.first("AQ") is None


# --- the files ---


def test_every_file_is_a_manner_with_a_source() -> None:
    for name in manner_names()[1:]:
        assert manner(name).title
        assert manner(name).source, name


def test_every_refusal_has_words() -> None:
    assert all(manner("standard").say(refusal) for refusal in No)


@pytest.mark.parametrize("name", ["klingon", "../koha", ""])
def test_a_manner_there_is_not_is_named(name: str) -> None:
    with pytest.raises(MannerError, match="there are: standard, alma"):
        manner(name)


def test_a_setting_there_is_not_is_refused() -> None:
    with pytest.raises(MannerError, match="charsett"):
        changed(manner("koha"), wire={"charsett": "utf-8"})
    with pytest.raises(MannerError, match="no part 'wires'"):
        changed(manner("koha"), wires={})


def test_the_files_travel_with_the_program() -> None:
    assert FOLDER.is_dir()
