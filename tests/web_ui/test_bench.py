"""The bench moves what a hand would move, says what a hand cannot do, and shows the bytes taken apart."""

import json

import pytest

from tests.web_ui.fake_bench import AGREED, ANSWERED, ASKED, SELECTED, FakeBench
from tests.web_ui.serving import Desk, served
from tests.web_ui.test_streams import listening
from tests.web_ui.test_touches import HERE, token_of
from web_ui.bench.anatomy import take_apart
from web_ui.bench.port import Channel, WireBytes
from web_ui.guard import TOKEN_HEADER


@pytest.fixture
def bench():
    return FakeBench()


@pytest.fixture
def client(bench):
    return Desk(bench=bench).app().test_client()


def do(client, act, *ids, sent=None):
    headers = {"Origin": HERE, TOKEN_HEADER: token_of(client)}
    return client.post(f"/bench/api/{act}", json=sent or {"ids": list(ids)}, base_url=HERE, headers=headers)


def unplugged(bench):
    return {(device.id, device.at) for device in bench.latest()[1].devices if not device.plugged}


def on_pad(bench):
    return {book.id for book in bench.latest()[1].books if book.on_pad}


def test_a_stack_is_laid_at_once_and_lifted_again(bench, client):
    before = bench.latest()[0]

    assert do(client, "lay", "b000", "b001", "b002").status_code == 204
    laid, moves = on_pad(bench), bench.latest()[0] - before
    do(client, "lift", "b001")

    assert laid == {"b000", "b001", "b002"}
    assert moves == 1
    assert on_pad(bench) == {"b000", "b002"}


def test_everything_can_be_lifted_at_once(bench, client):
    do(client, "lay", "b000", "b001")

    do(client, "lift-all")

    assert on_pad(bench) == set()


def test_a_card_is_laid_on_the_card_reader_and_taken(bench, client):
    do(client, "insert-card", "marko")
    lying = [card.id for card in bench.latest()[1].cards if card.slot]
    do(client, "remove-card", "marko")

    assert lying == ["marko"]
    assert not any(card.slot for card in bench.latest()[1].cards)


@pytest.mark.parametrize(
    ("act", "mark", "value"), [("lock", "locked", True), ("snatch", "snatching", True), ("unlock", "locked", False)]
)
def test_a_tag_can_be_tricked(bench, client, act, mark, value):
    do(client, act, "b003")

    (book,) = [book for book in bench.latest()[1].books if book.id == "b003"]
    assert getattr(book, mark) is value


def test_a_plug_is_pulled_and_put_back(bench, client):
    do(client, "unplug", "pad", "paper")
    out = unplugged(bench)
    do(client, "plug", "pad")

    assert out == {("pad", "hall"), ("paper", "hall")}
    assert unplugged(bench) == {("paper", "hall")}


def test_every_station_has_plugs_of_its_own(bench, client):
    do(client, "unplug", sent={"ids": ["network"], "at": "children"})

    assert unplugged(bench) == {("network", "children")}


def test_a_book_is_laid_at_the_station_that_is_named(bench, client):
    do(client, "lay", sent={"ids": ["b000"], "at": "children"})
    do(client, "lift-all", sent={"ids": [], "at": "hall"})

    assert {(book.id, book.at) for book in bench.latest()[1].books if book.on_pad} == {("b000", "children")}


def test_the_barcode_of_a_card_or_a_book_is_scanned_where_it_is_said(bench, client):
    do(client, "scan", sent={"ids": ["b001", "marko"], "at": "children"})

    assert bench.scanned == [("b001", "children"), ("marko", "children")]


def test_what_a_hand_cannot_do_is_said_in_words(client):
    answer = do(client, "lay", "b999")

    assert answer.status_code == 409
    assert "there is no b999 on this table" in answer.get_data(as_text=True)


def test_an_unknown_act_names_those_there_are(client):
    answer = do(client, "burn", "b001")

    assert answer.status_code == 404
    assert "lay, lift, lift-all" in answer.get_data(as_text=True)


@pytest.mark.parametrize("sent", [{"ids": "b001"}, {"ids": [1]}, {"books": []}, ["b001"], {"ids": [], "at": 2}])
def test_an_act_upon_nothing_sensible_is_refused(client, sent):
    assert do(client, "lay", sent=sent).status_code == 400


def test_nobody_else_moves_things_on_the_bench(bench, client):
    answer = client.post("/bench/api/lay", json={"ids": ["b001"]}, base_url=HERE, headers={"Origin": HERE})

    assert answer.status_code == 403
    assert on_pad(bench) == set()


@pytest.mark.parametrize(
    ("lang", "words"), [("uk", "Прикладіть квиток"), ("en", "Tap a card"), ("xx", "Прикладіть квиток")]
)
def test_the_page_greets_a_newcomer_in_three_steps(client, lang, words):
    page = client.get(f"/bench/?lang={lang}", base_url=HERE).get_data(as_text=True)

    assert words in page
    assert 'src="/"' in page


def test_the_stream_tells_the_table_and_the_bytes_and_then_what_changes(bench):
    with served(Desk(bench=bench).app()) as address, listening(address, "/bench/events") as browser:
        table = browser.event()
        wire = browser.event()
        bench.lay(("b005",))
        changed = browser.event()

    assert (table["event"], wire["event"], changed["event"]) == ("table", "wire", "news")
    assert len(json.loads(table["data"])["books"]) == 40
    assert [line["number"] for line in json.loads(wire["data"])] == [1, 2, 3, 4]
    assert [(book["id"], book["on_pad"]) for book in json.loads(changed["data"])["books"]] == [("b005", True)]
    assert list(json.loads(changed["data"])) == ["books"]


def test_many_moves_within_a_moment_are_told_at_most_ten_times_a_second(bench):
    with served(Desk(bench=bench).app()) as address, listening(address, "/bench/events") as browser:
        browser.event(), browser.event()
        for _ in range(200):
            bench.lock("b001")
        last = bench.latest()[0]

        told = 1
        while browser.event()["id"] != str(last):
            told += 1

    assert told <= 3


@pytest.mark.parametrize(
    ("wire", "roles", "words"),
    [
        (ASKED, ["length", "address", "command", "body", "check"], "what lies there?"),
        (ANSWERED, ["length", "address", "command", "status", "body", "check"], "tag: ok"),
        (SELECTED, ["address", "command", "parameter", "length", "body", "length"], "select"),
        (AGREED, ["status"], "ok"),
    ],
)
def test_frames_are_taken_apart_without_losing_a_byte(wire, roles, words):
    line = take_apart(wire)

    assert [part.role for part in line.parts] == roles
    assert bytes.fromhex(" ".join(part.hex for part in line.parts)) == wire.data
    assert line.words == words


@pytest.mark.parametrize(
    ("frame", "outgoing", "roles", "words"),
    [
        ("D60005FE0005FA40", True, ["address", "length", "command", "body", "check"], "what lies there?"),
        (
            "D6000C0906E00401003123AA26AE82",
            False,
            ["address", "length", "command", "status", "body", "check"],
            "write AFI: no tag",
        ),
        (b"050010\r".hex(), True, ["command", "body", "check"], "what lies there?"),
        (b"0001824008E00401502D4210E3\r".hex(), False, ["status", "body", "check"], "ok"),
        ("D500050400118C66", True, ["address", "length", "command", "body", "check"], "begin"),
    ],
)
def test_frames_of_another_make_of_pad_are_told_apart(frame, outgoing, roles, words):
    line = take_apart(WireBytes(1, Channel.PAD, outgoing, bytes.fromhex(frame)))

    assert [part.role for part in line.parts] == roles
    assert bytes.fromhex(" ".join(part.hex for part in line.parts)) == bytes.fromhex(frame)
    assert line.words == words


def test_a_message_to_a_library_system_is_shown_in_letters_without_the_pin():
    raw = b"11NN20261123    12000020261123    120000AOCPL|AAP0002|ABLIB000041|AD2222|AC|AY3AZEC11\r"

    line = take_apart(WireBytes(1, Channel.LIBRARY, outgoing=True, data=raw))

    assert [(part.role, part.hex) for part in line.parts] == [
        ("command", "11"),
        ("parameter", "NN20261123····12000020261123····120000"),
        ("body", "AOCPL|AAP0002|ABLIB000041|AD••••|AC|"),
        ("check", "AY3AZEC11"),
    ]
    assert line.words == "11 lend LIB000041 to …002 with a PIN"


@pytest.mark.parametrize("length", range(0, 80, 7))
def test_a_message_cut_anywhere_is_shown_as_far_as_it_goes(length):
    raw = b"121NNY20261123    120000AOCPL|AAP0002|ABLIB000041|AJTitle|AH20261214    235900|"[:length]

    line = take_apart(WireBytes(1, Channel.LIBRARY, outgoing=False, data=raw))

    assert "".join(part.hex for part in line.parts).replace("·", " ") == raw.decode().strip()


def test_a_long_frame_has_a_longer_length():
    long = bytes.fromhex("020009FFB0230000") + b"\x01\x02"

    line = take_apart(WireBytes(1, Channel.PAD, outgoing=True, data=long))

    assert (line.parts[0].hex, line.words) == ("02 00 09", "read blocks")


@pytest.mark.parametrize("channel", [Channel.PAD, Channel.CARD])
@pytest.mark.parametrize("outgoing", [True, False])
@pytest.mark.parametrize("length", range(12))
def test_a_frame_cut_anywhere_is_shown_as_far_as_it_goes(channel, outgoing, length):
    data = bytes.fromhex("00A4040007D2760000850101")[:length]

    line = take_apart(WireBytes(1, channel, outgoing, data))

    assert bytes.fromhex(" ".join(part.hex for part in line.parts)) == data
