"""Chips told apart by GetVersion, for their ATRs are the same."""

import pytest

from kiosk.ecard.versions import CardKind, get_version, kind_of, parse_version


@pytest.mark.parametrize(
    ("hardware", "kind"),
    [
        ("04010101001605", CardKind.DESFIRE_EV1),
        ("04010112001605", CardKind.DESFIRE_EV2),
        ("04010122001805", CardKind.DESFIRE_EV2),
        ("04010133001605", CardKind.DESFIRE_EV3),
        ("04810133001605", CardKind.DESFIRE_EV3),
        ("04080130001305", CardKind.DESFIRE_LIGHT),
        ("04040230001105", CardKind.NTAG_424),
        ("04010100001605", CardKind.OTHER),
        ("04040201000F03", CardKind.OTHER),
        ("05010133001605", CardKind.OTHER),
        ("0401", CardKind.OTHER),
    ],
)
def test_a_chip_is_known_by_its_hardware_version(hardware: str, kind: CardKind) -> None:
    assert kind_of(bytes.fromhex(hardware)) is kind


@pytest.mark.parametrize("kind", CardKind)
def test_only_chips_with_the_handshake_are_asked_for_it(kind: CardKind) -> None:
    assert kind.proves is (kind not in {CardKind.DESFIRE_EV1, CardKind.OTHER})


def test_what_a_card_says_of_itself_is_taken_apart() -> None:
    answers = ["0404023000110591AF", "0404020102110591AF", "04958CAA5C5E80CF3E5D64E02219" + "9100"]
    asking = get_version()

    sent = [next(asking), *(asking.send(bytes.fromhex(answer)) for answer in answers[:-1])]
    with pytest.raises(StopIteration) as done:
        asking.send(bytes.fromhex(answers[-1]))

    version = done.value.value
    assert [command.hex().upper() for command in sent] == ["9060000000", "90AF000000", "90AF000000"]
    assert (version.kind, version.uid, version.storage) == (CardKind.NTAG_424, "04958CAA5C5E80", 256)
    assert version.made == "week 22 of 2019"


@pytest.mark.parametrize("answer", ["6E00", "911C", "6D00", "9000", "04049100"])
def test_a_card_that_does_not_know_the_question_is_no_such_chip(answer: str) -> None:
    asking = get_version()
    next(asking)

    with pytest.raises(StopIteration) as done:
        asking.send(bytes.fromhex(answer))
    assert done.value.value is None


def test_a_card_with_a_random_uid_does_not_say_its_own() -> None:
    version = parse_version(bytes.fromhex("04010133001605"), bytes(7), bytes(14))

    assert version is not None
    assert version.uid == ""
