"""Every fault that can be switched on does what its words say, on a real socket."""

import time
from collections.abc import Iterator

import pytest

from kiosk.library.sip2.checksums import Checksum
from kiosk.library.sip2.codec import BadMessage
from kiosk.sip2_simulator.faults import FAULTS, Fault, FaultError, FaultPlan, read_rule
from kiosk.sip2_simulator.system import SimulatedSystem
from tests.sip2_simulator.terminal import Terminal, checkout, running

ITEM, OTHER = "LIB000040", "LIB000041"


@pytest.fixture
def system() -> Iterator[SimulatedSystem]:
    with running("koha") as made:
        yield made


@pytest.fixture
def terminal(system: SimulatedSystem) -> Iterator[Terminal]:
    with Terminal(system) as made:
        yield made.log_in()


def deeds(system: SimulatedSystem) -> list[tuple[str, str | None]]:
    return [(deed.what, deed.item) for deed in system.library.deeds]


def test_a_reply_lost_after_the_deed(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("lost-after on 11")
    terminal.say(checkout(ITEM))
    assert terminal.silent()
    assert deeds(system) == [("lend", ITEM)]
    assert terminal.ask(checkout(OTHER)).message.text("AB") == OTHER


def test_koha_turns_a_blind_repeat_into_a_renewal(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("lost-after on 11")
    terminal.say(checkout(ITEM))
    assert terminal.silent()
    terminal.sequence -= 1
    assert terminal.ask(checkout(ITEM)).message["renewal_ok"] == "Y"
    assert deeds(system) == [("lend", ITEM), ("renew", ITEM)]


def test_the_standard_answers_a_repeat_again() -> None:
    with running() as system, Terminal(system) as terminal:
        terminal.log_in()
        first = terminal.ask(checkout(ITEM))
        terminal.sequence -= 1
        assert terminal.ask(checkout(ITEM)) == first
        assert deeds(system) == [("lend", ITEM)]


def test_a_request_lost_before_the_deed(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("lost-before on 11")
    terminal.say(checkout(ITEM))
    assert terminal.silent()
    assert deeds(system) == []


@pytest.mark.parametrize(("fault", "done"), [("closed-after", 1), ("closed-before", 0), ("cut", 1), ("restart", 0)])
def test_the_connection_closes(system: SimulatedSystem, terminal: Terminal, fault: str, done: int) -> None:
    system.fault(f"{fault} on 11")
    terminal.say(checkout(ITEM))
    with pytest.raises(ConnectionError) as broken:
        terminal.line()
    assert len(deeds(system)) == done
    half = broken.value.args[0].strip()
    assert half.startswith(b"121NN") == (fault == "cut")
    with Terminal(system) as again:
        again.log_in()


def test_the_reply_comes_in_pieces(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("split 3")
    terminal.say(checkout(ITEM))
    pieces = [terminal.socket.recv(4096)]
    while not pieces[-1].endswith(b"\n"):
        pieces.append(terminal.socket.recv(4096))
    assert len(pieces) > 3
    assert b"".join(pieces).startswith(b"121NNY")


def test_two_replies_in_one_segment(system: SimulatedSystem, terminal: Terminal) -> None:
    terminal.ask(checkout(ITEM))
    system.fault("glued")
    assert terminal.ask(checkout(OTHER)).message.text("AB") == ITEM
    assert terminal.line().startswith(b"12")


def test_a_late_reply_of_an_earlier_try(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("late")
    terminal.say(checkout(ITEM))
    assert terminal.silent()
    late = terminal.ask(checkout(OTHER))
    assert (late.message.text("AB"), late.sequence) == (ITEM, 1)
    assert b"AB" + OTHER.encode() in terminal.line()


def test_a_wrong_checksum(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("bad-checksum")
    assert terminal.ask(checkout(ITEM)).checksum is Checksum.WRONG
    assert terminal.ask(checkout(OTHER)).checksum is Checksum.BYTES


def test_a_wrong_sequence_number(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("bad-sequence")
    received = terminal.ask(checkout(ITEM))
    assert (received.sequence, received.checksum) == (6, Checksum.BYTES)


@pytest.mark.parametrize(("fault", "then_a_reply"), [("noise", True), ("garbage", False)])
def test_noise_on_the_line(system: SimulatedSystem, terminal: Terminal, fault: str, then_a_reply: bool) -> None:
    system.fault(fault)
    with pytest.raises(BadMessage):
        terminal.ask(checkout(ITEM))
    assert deeds(system) == [("lend", ITEM)]
    assert terminal.silent() is not then_a_reply


def test_words_that_are_no_message(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("text on 11")
    terminal.say(checkout(ITEM))
    assert terminal.line().startswith(b"Problems handling the request")
    assert deeds(system) == []


def test_a_request_to_say_it_again(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("resend on 11")
    terminal.say(checkout(ITEM))
    assert terminal.line() == b"96AZFEF6"
    assert deeds(system) == []


def test_a_slow_reply(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("slow 0.3")
    asked = time.monotonic()
    terminal.ask(checkout(ITEM))
    assert time.monotonic() - asked >= 0.3


def test_a_request_that_lies_is_carried_out_though_nobody_waits(system: SimulatedSystem) -> None:
    with Terminal(system) as terminal:
        terminal.log_in()
        system.fault("stalled 0.2 on 11")
        terminal.say(checkout(ITEM))
    with Terminal(system) as again:
        again.log_in()
        assert again.ask(f"17{' ' * 18}AOCPL|AB{ITEM}|").message["circulation_status"] == "03"
        until = time.monotonic() + 5
        while not deeds(system) and time.monotonic() < until:
            time.sleep(0.02)
    assert deeds(system) == [("lend", ITEM)]


def test_fields_that_are_missing(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("missing BX on 99")
    assert terminal.ask("9900802.00").message.first("BX") is None
    assert terminal.ask("9900802.00").message.first("BX") is not None


def test_a_refused_login(system: SimulatedSystem) -> None:
    system.fault("login-refused")
    with Terminal(system) as terminal:
        assert terminal.ask("9300CNkiosk|COsecret|").message["ok"] == "0"


def test_silence_until_it_is_mended(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("silent")
    for _ in range(2):
        terminal.say("9900802.00")
        assert terminal.silent(0.05)
    system.mend(Fault.SILENT)
    assert terminal.ask("9900802.00").message["online"] == "Y"


def test_off_line_until_it_is_mended(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("offline")
    assert terminal.ask("9900802.00").message["online"] == "N"
    system.mend()
    assert terminal.ask("9900802.00").message["online"] == "Y"


def test_no_connection_until_it_is_mended(system: SimulatedSystem, terminal: Terminal) -> None:
    system.fault("refused")
    with pytest.raises(ConnectionError):
        terminal.ask("9900802.00")
    with pytest.raises(ConnectionRefusedError):
        Terminal(system)
    system.mend(Fault.REFUSED)
    with Terminal(system) as again:
        again.log_in()


def test_a_restart_forgets_nothing(system: SimulatedSystem, terminal: Terminal) -> None:
    terminal.ask(checkout(ITEM))
    port = system.port
    system.restart()
    with pytest.raises(ConnectionError):
        terminal.ask("9900802.00")
    with Terminal(system) as again:
        again.log_in()
        assert again.ask(f"17{' ' * 18}AOCPL|AB{ITEM}|").message["circulation_status"] == "04"
    assert system.port == port


# --- rules ---


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("lost-after", "lost-after next 1"),
        ("lost-after on 11,09 next 2", "lost-after on 09,11 next 2"),
        ("slow 5 chance 0.2", "slow 5 always chance 0.2"),
        ("slow", "slow 3 next 1"),
        ("offline", "offline always"),
        ("missing AQ,BX always", "missing AQ,BX always"),
    ],
)
def test_rules_are_read_and_said(words: str, understood: str) -> None:
    assert str(read_rule(words)) == understood
    assert str(read_rule(understood)) == understood


@pytest.mark.parametrize(
    "words", ["", "lost", "slow x", "split 0", "cut next 0", "cut next", "cut on", "cut chance 2", "cut when 11"]
)
def test_words_that_are_no_rule_are_refused(words: str) -> None:
    with pytest.raises(FaultError):
        read_rule(words)


def test_every_fault_has_words() -> None:
    assert set(FAULTS) == set(Fault)
    assert all(read_rule(fault).fault is fault for fault in Fault)


def test_chance_is_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        plan = FaultPlan(seed)
        plan.add(read_rule("cut chance 0.5"))
        return [plan.draw("11") is not None for _ in range(50)]

    assert struck(1) == struck(1) != struck(2)
    assert 10 < sum(struck(1)) < 40


def test_a_rule_is_used_up_by_the_messages_it_is_for() -> None:
    plan = FaultPlan()
    plan.add(read_rule("cut on 11 next 2"))
    assert plan.draw("09") is None
    assert [plan.draw("11") is not None for _ in range(3)] == [True, True, False]
    assert plan.rules() == ()
