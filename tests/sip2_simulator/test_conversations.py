"""What the simulated library makes of a line: logins, silence, empty lines, encryption, a telnet prompt."""

import ssl
import subprocess
from pathlib import Path

import pytest

from kiosk.sip2_simulator.conversation import Account, Conversation
from kiosk.sip2_simulator.library import SimulatedLibrary
from kiosk.sip2_simulator.manner import changed, manner
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.koha_shelf import koha_shelf
from tests.sip2_simulator.terminal import NOW, Terminal, noon, running


@pytest.mark.parametrize(("name", "tries"), [("koha", 1), ("evergreen", 3)])
def test_a_wrong_login_may_be_tried_as_often_as_the_system_allows(name: str, tries: int) -> None:
    accounts = {"kiosk": Account(manner(name), "secret")}
    with running(name, accounts=accounts) as system, Terminal(system) as terminal:
        for _ in range(tries):
            assert terminal.ask("9300CNkiosk|COwrong|CP|").message["ok"] == "0"
        with pytest.raises(ConnectionError):
            terminal.ask("9900802.00")


def test_nothing_is_answered_before_the_login() -> None:
    with running("koha") as system, Terminal(system) as terminal, pytest.raises(ConnectionError):
        terminal.ask("9900802.00")


def test_a_login_speaks_in_a_manner_of_its_own() -> None:
    other = changed(manner("koha"), status={"institution": "MPL"})
    accounts = {"one": Account(manner("koha"), "x"), "two": Account(other, "x")}
    with running("koha", accounts=accounts) as system:
        for user, institution in (("one", "CPL"), ("two", "MPL")):
            with Terminal(system) as terminal:
                terminal.log_in(user, "x")
                assert terminal.ask("9900802.00").message.text("AO") == institution


def test_the_line_is_closed_after_a_silence() -> None:
    spoken = changed(manner("koha"), session={"idle_s": 0.1})
    with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system, Terminal(system) as terminal:
        terminal.log_in()
        with pytest.raises(ConnectionError):
            terminal.line()


def test_a_telnet_prompt_asks_for_the_login_and_turns_a_wrong_one_away() -> None:
    spoken = changed(manner("koha"), session={"telnet": True})
    accounts = {"kiosk": Account(spoken, "secret")}
    library = SimulatedLibrary(koha_shelf(), noon)
    right = Conversation(library, spoken, accounts)
    assert right.greeting() == b"login: "
    assert right.answer(b"kiosk").raw == b"password: "
    assert right.answer(b"secret").raw.startswith(b"Login OK")
    assert right.answer(b"9900802.00").raw.startswith(b"98Y")
    wrong = Conversation(library, spoken, accounts)
    wrong.answer(b"kiosk")
    assert wrong.answer(b"guess").hang_up


def test_the_manner_that_drops_an_empty_line_and_the_one_that_does_not() -> None:
    for name, hangs_up in (("koha", True), ("evergreen", False)):
        conversation = Conversation(SimulatedLibrary(koha_shelf(), noon), manner(name), {})
        conversation.answer(b"9300CNx|COy|")
        assert [conversation.answer(line).hang_up for line in conversation.lines(b"\r")] == [True] * hangs_up


def test_a_system_that_falls_back_to_the_first_version_says_so() -> None:
    with running("koha") as system, Terminal(system) as terminal:
        old = terminal.log_in().ask("9900801.00").message
        assert (old["protocol_version"], old.first("BX")) == ("1.00", None)


def test_an_encrypted_line(tmp_path: Path) -> None:
    pem, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*words, "-keyout", key, "-out", pem, *subject], check=True, capture_output=True)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(pem, key)
    with running("koha", tls=served) as system:
        with Terminal(system, tls=ssl.create_default_context(cafile=str(pem))) as terminal:
            assert terminal.log_in().ask("9900802.00").message["online"] == "Y"
        with Terminal(system) as plain, pytest.raises(ConnectionError):
            plain.ask("9900802.00")
        with Terminal(system, tls=ssl.create_default_context(cafile=str(pem))) as again:
            again.log_in()


def test_a_system_that_insists_on_fields_and_one_that_minds_empty_ones() -> None:
    bare, filled_in = f"23000{NOW}AOCPL|AAP0002|", f"23000{NOW}AOCPL|AAP0002|AC|AD|"
    for setting, good, bad in (
        ({"required_fields": frozenset({"AC", "AD"})}, filled_in, bare),
        ({"refuses_empty_fields": True}, bare, filled_in),
    ):
        spoken = changed(manner("koha"), session=setting)
        with SimulatedSystem(koha_shelf(), spoken, clock=noon) as system, Terminal(system) as terminal:
            terminal.log_in()
            assert terminal.ask(good).message.kind == "24"
            assert terminal.ask(bad).message.kind == "96"
