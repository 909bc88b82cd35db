"""How the line is opened, kept and given up: signing in, numbers, encryption, silence. Real sockets."""

import datetime as dt
import logging
import ssl

import pytest

from kiosk.circulation.model import BranchId, CardNumber, ItemId
from kiosk.library.remote.system import OutcomeUnknown, SystemSilent, Who
from kiosk.library.sip2.checksums import checksum_of
from kiosk.library.sip2.connection import Tls
from kiosk.library.sip2.requests import Names
from kiosk.library.sip2.signing_in import Login
from tests.library.sip2.certificates import Certificates
from tests.library.sip2.scripted import (
    BEGIN,
    CLOSE,
    NOW,
    SIGNED_IN,
    SILENT,
    STATUS,
    ScriptedServer,
    manner,
    server,
    system_at,
)

ITEM = ItemId("LIB000041")
ANNA = Who(CardNumber("P0002"), "s3cret!")
SHOWN = b"1803020120261123    031538ABLIB000041|AJ\xd0\x9a\xd0\xbe\xd0\xb1\xd0\xb7\xd0\xb0\xd1\x80|\r"
LENT = b"121NNY20261123    031538AOCPL|AAP0002|ABLIB000041|AJKobzar|AH20261214    235900|\r"
BACK = b"101YNN20261123    031538AOCPL|ABLIB000041|AQCPL|AJKobzar|\r"


def numbered(body: bytes, number: int) -> bytes:
    raw = body.rstrip(b"\r") + b"AY%dAZ" % number
    return raw + checksum_of(raw).encode() + b"\r"


def number_of(request: bytes) -> int:
    return int(request[request.rindex(b"AY") + 2 : request.rindex(b"AZ")])


# --- what is sent --------------------------------------------------------------------------------------


def test_the_first_words_and_every_request_as_bytes() -> None:
    with server(
        (*BEGIN, SHOWN, LENT, BACK, b"301YNN20261123    031538AAP0002|ABLIB000041|AJx|AH20270104|\r", STATUS)
    ) as library:
        station = system_at(library.port, manner())
        station.item(ITEM)
        station.lend(ANNA, ITEM)
        station.take_back(ITEM, NOW - dt.timedelta(hours=30))
        station.renew(ANNA, ITEM)
        station.close()

    now = b"20261123    031538"
    assert library.heard[:-1] == [
        b"9300CNkiosk1|COkioskpw|CPKIOSK-1|",
        b"9900802.00",
        b"17" + now + b"AOCPL|ABLIB000041|AC|",
        b"11NN" + now + now + b"AOCPL|AAP0002|ABLIB000041|ADs3cret!|AC|BON|",
        b"09N" + now + b"20261121    211538APCPL|AOCPL|ABLIB000041|AC|BIN|",
        b"29NN" + now + now + b"AOCPL|AAP0002|ADs3cret!|ABLIB000041|AC|BON|",
    ]


def test_a_loan_taken_back_says_that_it_cancels() -> None:
    with server((*BEGIN, BACK)) as library:
        system_at(library.port, manner("alma")).take_back(ITEM, NOW, cancels=True)

    assert library.heard[-1] == b"09N20261123    03153820261123    031538AP|AOCPL|ABLIB000041|AC|BIY|"


def test_a_hold_names_the_copy_the_kind_and_the_place() -> None:
    with server((*BEGIN, b"161N20261123    031538AAP0002|BR3|\r")) as library:
        said = system_at(library.port, manner()).place_hold(ANNA, "LIB000041", BranchId("CPL"))

    assert (said.accepted, said.place) == (True, 3)
    assert library.heard[-1] == b"15+20261123    031538BSCPL|BY2|AOCPL|AAP0002|ADs3cret!|ABLIB000041|AC|"


def test_a_library_nobody_named_is_called_what_it_calls_itself() -> None:
    with server((*BEGIN, SHOWN)) as library:
        system_at(library.port, manner(), names=Names()).item(ITEM)

    assert library.heard[-1] == b"1720261123    031538AOCPL|ABLIB000041|AC|"


def test_a_loan_that_is_listed_by_its_title_is_renewed_by_it() -> None:
    renewed = b"301YNN20261123    031538AAP0002|AB|AJKobzar|AH20270104|\r"
    with server((*BEGIN, renewed)) as by_title, server((*BEGIN, renewed)) as by_barcode:
        assert system_at(by_title.port, manner()).renew(ANNA, ItemId("Kobzar and others")).renewed
        system_at(by_barcode.port, manner("koha")).renew(ANNA, ItemId("NODIGITS"))

    assert b"|AJKobzar and others|" in by_title.heard[-1]
    assert b"|ABNODIGITS|" in by_barcode.heard[-1]


def test_a_login_the_line_cannot_carry_is_said() -> None:
    with server(BEGIN) as library, pytest.raises(SystemSilent, match="login holds a sign"):
        system_at(library.port, manner(), login=Login("kiosk|1", "x")).pulse()


def test_times_in_utc_where_the_system_wants_them() -> None:
    with server((*BEGIN, SHOWN)) as library:
        system_at(library.port, manner(utc_dates=True)).item(ITEM)

    assert library.heard[-1].startswith(b"1720261123   Z011538")


# --- signing in ----------------------------------------------------------------------------------------


def test_a_system_that_wants_its_status_asked_for_first() -> None:
    with server((STATUS, *BEGIN, SHOWN)) as library:
        assert system_at(library.port, manner(status_before_login=True)).item(ITEM).title == "Кобзар"

    assert [heard[:2] for heard in library.heard] == [b"99", b"93", b"99", b"17"]


def test_a_system_that_knows_the_station_by_its_address() -> None:
    with server((STATUS, SHOWN)) as library:
        assert system_at(library.port, manner(sign_in="none")).item(ITEM).title == "Кобзар"


def test_prompts_of_a_telnet_login() -> None:
    script = (b"password: ", b"Login OK.  Initiating SIP\r\n", STATUS, SHOWN)
    with server(script, greeting=b"\xff\xfb\x01login: ") as library:
        assert system_at(library.port, manner(sign_in="telnet")).item(ITEM).title == "Кобзар"

    assert library.heard[:2] == [b"kiosk1", b"kioskpw"]


def test_a_telnet_login_that_is_refused() -> None:
    script = (b"password: ", b"\r\nLogin incorrect\r\nlogin: ")
    with (
        server(script, greeting=b"login: ") as library,
        pytest.raises(SystemSilent, match="refuses the station's login"),
    ):
        system_at(library.port, manner(sign_in="telnet")).pulse()


def test_a_good_status_after_a_bad_login_is_not_believed() -> None:
    with server((b"940\r", STATUS)) as library, pytest.raises(SystemSilent, match="refuses"):  # Evergreen
        system_at(library.port, manner()).pulse()

    assert len(library.heard) == 1


# --- numbers and checksums -----------------------------------------------------------------------------


def test_numbers_are_kept_where_the_system_answers_with_them() -> None:
    def begin(raw: bytes) -> bytes:
        return numbered(SIGNED_IN if raw.startswith(b"93") else STATUS, number_of(raw))

    shown = tuple([lambda raw: numbered(SHOWN, number_of(raw))] * 9)
    with server((begin, begin, *shown)) as library:
        station = system_at(library.port, manner(error_detection="auto"))
        for _ in shown:
            station.item(ITEM)

    assert [number_of(raw) for raw in library.heard] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]


def test_numbers_are_left_out_where_the_system_does_not_answer_with_them() -> None:
    with server((*BEGIN, SHOWN)) as library:
        system_at(library.port, manner(error_detection="auto")).item(ITEM)

    assert [b"AZ" in raw for raw in library.heard] == [True, False, False]


@pytest.mark.parametrize("answer", [CLOSE, b"96\r", b"Problems handling the request\r"])
def test_a_system_that_does_not_bear_numbers_is_asked_without(answer: bytes) -> None:
    with server((answer, CLOSE), (*BEGIN, SHOWN)) as library:
        assert system_at(library.port, manner(error_detection="auto")).item(ITEM).title == "Кобзар"

    asked = [b"AZ" in raw for raw in library.heard]
    assert asked[-4:] == [True, False, False, False]
    assert all(asked[:-3])


def test_a_damaged_answer_to_a_loan_is_asked_for_again_and_the_loan_is_not() -> None:
    damaged = numbered(LENT, 2).replace(b"Kobzar", b"Kobzzr")
    script = (numbered(SIGNED_IN, 0), numbered(STATUS, 1), damaged, numbered(LENT, 0))  # Koha numbers it AY0
    with server(script) as library:
        said = system_at(library.port, manner(error_detection="on")).lend(ANNA, ITEM)

    assert said.lent
    assert library.heard[-1] == b"97AZFEF5"


def test_an_answer_damaged_twice_is_no_answer() -> None:
    damaged = numbered(LENT, 2).replace(b"Kobzar", b"Kobzzr")
    script = (numbered(SIGNED_IN, 0), numbered(STATUS, 1), damaged, damaged.replace(b"Kobzzr", b"Kxbzar"))
    with server(script) as library, pytest.raises(OutcomeUnknown, match="damaged twice"):
        system_at(library.port, manner(error_detection="on")).lend(ANNA, ITEM)


def test_what_comes_twice_the_same_was_not_damaged() -> None:
    odd = SHOWN.rstrip(b"\r") + b"AY2AZ1234\r"  # a sum of something nobody knows
    with server((numbered(SIGNED_IN, 0), numbered(STATUS, 1), odd, odd)) as library:
        assert system_at(library.port, manner(error_detection="on")).item(ITEM).title == "Кобзар"


def test_a_late_answer_with_another_number_is_thrown_away() -> None:
    glued = numbered(SHOWN.replace(b"\xd0\x9a", b"X"), 1) + numbered(SHOWN, 2)
    with server((numbered(SIGNED_IN, 0), numbered(STATUS, 1), glued)) as library:
        assert system_at(library.port, manner(error_detection="on")).item(ITEM).title == "Кобзар"


def test_a_question_that_was_not_understood_is_sent_once_more_as_it_was() -> None:
    script = (numbered(SIGNED_IN, 0), numbered(STATUS, 1), b"96AZFEF6\r", numbered(SHOWN, 2))
    with server(script) as library:
        assert system_at(library.port, manner(error_detection="on")).item(ITEM).known

    assert library.heard[-1] == library.heard[-2]


def test_without_numbers_an_answer_about_an_earlier_copy_is_thrown_away() -> None:
    other = SHOWN.replace(b"41|", b"42|").replace(b"\xd0\x9a", b"X")
    with server((*BEGIN, SHOWN, (SHOWN + other,))) as library:
        station = system_at(library.port, manner())
        station.item(ITEM)

        assert station.item(ItemId("LIB000042")).title == "Xобзар"


# --- pieces, ends, silence -----------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n\r"])
def test_answers_in_pieces_with_any_end(end: bytes) -> None:
    pieces = tuple(bytes([octet]) for octet in SHOWN.rstrip(b"\r") + end)
    with server((SIGNED_IN.rstrip() + end, STATUS.rstrip() + end, pieces)) as library:
        assert system_at(library.port, manner()).item(ITEM).title == "Кобзар"


def test_what_nobody_asked_for_is_thrown_away_before_the_next_question() -> None:
    with server((*BEGIN, SHOWN + LENT + LENT, SHOWN)) as library:
        station = system_at(library.port, manner())

        assert [station.item(ITEM).title for _ in range(2)] == ["Кобзар", "Кобзар"]
    assert library.connections == 1


def test_a_line_that_ended_in_a_quiet_hour_is_no_lost_loan() -> None:
    with server((*BEGIN, SHOWN, CLOSE), (*BEGIN, LENT)) as library:
        station = system_at(library.port, manner())
        station.item(ITEM)
        with pytest.raises(OutcomeUnknown):
            station.lend(ANNA, ITEM)  # this one was sent

        assert station.lend(ANNA, ITEM).lent


def test_a_line_that_is_found_ended_is_opened_anew_before_a_loan_is_sent() -> None:
    with server((*BEGIN, SHOWN), (*BEGIN, LENT)) as library:
        station = system_at(library.port, manner())
        station.item(ITEM)
        library.hang_up()

        assert station.lend(ANNA, ITEM).lent
    assert [raw[:2] for raw in library.heard].count(b"11") == 1


def test_silence_ends_in_time_and_says_which_kind() -> None:
    with server((*BEGIN, SILENT, SILENT), (*BEGIN, SILENT)) as library:
        station = system_at(library.port, manner(answer_s=0.1))
        with pytest.raises(OutcomeUnknown, match="did not answer in time"):
            station.lend(ANNA, ITEM)
        with pytest.raises(SystemSilent, match=r"did not answer|nobody listens|closed"):
            station.item(ITEM)


def test_a_flood_is_not_read_for_ever() -> None:
    with server((*BEGIN, b"x" * (1 << 21)), (*BEGIN, SHOWN)) as library:
        assert system_at(library.port, manner(answer_s=5)).item(ITEM).title == "Кобзар"


def test_a_name_nobody_knows() -> None:
    with pytest.raises(SystemSilent, match=r"the name nowhere\.invalid is not"):
        system_at(1, manner(), host="nowhere.invalid").pulse()


def test_every_answer_is_a_sign_of_life() -> None:
    beats = []
    with server((*BEGIN, SHOWN, SHOWN)) as library:
        station = system_at(library.port, manner())
        station.heed(lambda: beats.append(1))
        station.item(ITEM)
        station.item(ITEM)

    assert len(beats) >= 3


def test_a_system_of_the_first_version_is_asked_only_what_that_one_knows() -> None:
    status = b"98YYYYNN10000520261123    0315021.00AOCPL|\r"
    patron = b"24              00020261123    031538AEAnna Miller|AAP0002|BLY|CQY|AOCPL|\r"
    with server((SIGNED_IN, status, patron)) as library:
        station = system_at(library.port, manner())
        station.pulse()
        library_says = station.patron(ANNA)
        unasked = (station.charged(ANNA), station.renew(ANNA, ITEM).renewed, station.item(ITEM).on_loan)
        station.goodbye(ANNA)

    assert (library_says.name, library_says.pin_right) == ("Anna Miller", True)
    assert unasked == (None, False, None)
    assert {raw[:2] for raw in library.heard} == {b"93", b"99", b"23"}


def test_the_end_of_a_visit_is_told_unless_the_profile_forbids() -> None:
    with server((*BEGIN, b"36Y20261123    031538AOCPL|AAP0002|\r")) as library:
        system_at(library.port, manner()).goodbye(ANNA)
    assert library.heard[-1].startswith(b"35")

    with server(BEGIN) as quiet:
        system_at(quiet.port, manner(ends_sessions=False)).goodbye(ANNA)
    assert quiet.heard == []


def test_closing_says_that_the_station_shuts_down() -> None:
    with server((*BEGIN, STATUS)) as library:
        station = system_at(library.port, manner())
        station.pulse()
        station.close()
        station.close()

    assert library.heard[-1] == b"9920802.00"


def test_no_log_holds_a_secret_or_a_name(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    patron = (
        b"64"
        + b" " * 14
        + b"00020261123    031538"
        + b"0" * 24
        + b"AEAnna Miller|AAP0002|BLY|CQY|BEanna@example.org|\r"
    )
    with server((*BEGIN, patron, b"Anna Miller P0002 s3cret!\r", CLOSE), (CLOSE,), (b"940\r",)) as library:
        station = system_at(library.port, manner(error_detection="auto"))
        station.patron(ANNA)
        for _ in range(3):
            with pytest.raises(SystemSilent) as silent:
                station.lend(ANNA, ITEM)
            caplog.records.append(logging.makeLogRecord({"msg": str(silent.value)}))

    told = "\n".join(record.getMessage() for record in caplog.records)
    assert told
    for secret in ("Anna", "P0002", "s3cret", "kioskpw", "LIB000041", "anna@"):
        assert secret not in told


# --- encryption ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


def encrypted(certificates: Certificates, *, asks_back: bool = False) -> ScriptedServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.server_key)
    if asks_back:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificates.ca)
    one = ScriptedServer([(*BEGIN, SHOWN)], context=context)
    one.start()
    return one


def test_an_encrypted_line_with_a_ca_of_the_librarys_own(certificates: Certificates) -> None:
    library = encrypted(certificates)
    tls = Tls(ca_file=str(certificates.ca), server_name="sip.library.example")

    assert system_at(library.port, manner(connect_s=5, answer_s=5), tls).item(ITEM).title == "Кобзар"
    library.stop()


def test_a_server_that_wants_to_know_the_station(certificates: Certificates) -> None:
    library = encrypted(certificates, asks_back=True)
    own = {"certificate_file": str(certificates.client), "key_file": str(certificates.client_key)}
    tls = Tls(ca_file=str(certificates.ca), server_name="sip.library.example", **own)

    assert system_at(library.port, manner(connect_s=5, answer_s=5), tls).item(ITEM).title == "Кобзар"
    library.stop()


@pytest.mark.parametrize(
    ("tls", "words"),
    [
        (Tls(server_name="sip.library.example"), "certificate is not to be trusted"),
        (Tls(ca_file="/nowhere/ca.pem"), "a file of library.sip2.tls is missing"),
    ],
)
def test_whom_the_station_does_not_trust_is_told_nothing(certificates: Certificates, tls: Tls, words: str) -> None:
    library = encrypted(certificates)

    with pytest.raises(SystemSilent, match=words):
        system_at(library.port, manner(connect_s=5), tls).pulse()
    assert library.heard == []
    library.stop()


def test_another_name_in_the_certificate(certificates: Certificates) -> None:
    library = encrypted(certificates)

    with pytest.raises(SystemSilent, match="not to be trusted"):
        system_at(library.port, manner(connect_s=5), Tls(ca_file=str(certificates.ca))).pulse()
    library.stop()


def test_a_plain_server_where_encryption_is_wanted(certificates: Certificates) -> None:
    with server((STATUS,)) as library, pytest.raises(SystemSilent, match="encrypt"):
        system_at(library.port, manner(connect_s=0.3), Tls(ca_file=str(certificates.ca))).pulse()
