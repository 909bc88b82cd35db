"""Waiting for news: woken by a change, let go after a while."""

import threading

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.feed import head
from kiosk.central.newsroom import Newsroom
from kiosk.wire.messages import Kind
from tests.central_bench import NETWORK


def end_of(centre: Centre) -> tuple[int, int]:
    return centre.look(lambda work: head(work, NETWORK))


def test_whoever_waits_is_woken_by_a_change(centre: Centre) -> None:
    newsroom, known = Newsroom(centre), end_of(centre)
    heard: list[bool] = []
    waiting = [threading.Thread(target=lambda: heard.append(newsroom.wait(known, 30))) for _ in range(5)]
    for one in waiting:
        one.start()

    centre.carry_out(lambda work: touch(work, NETWORK, Kind.ITEM, ["i1"]))
    for one in waiting:
        one.join(30)

    assert heard == [True] * 5
    assert newsroom.waiting == 0


def test_without_news_the_wait_ends(centre: Centre) -> None:
    assert Newsroom(centre).wait(end_of(centre), 0.3) is False


def test_news_that_is_there_already_is_told_at_once(centre: Centre) -> None:
    known = end_of(centre)
    centre.carry_out(lambda work: touch(work, NETWORK, Kind.ITEM, ["i1"]))

    assert Newsroom(centre).wait(known, 30) is True


def test_whoever_finds_no_seat_does_not_wait(centre: Centre) -> None:
    assert Newsroom(centre, seats=0).wait(end_of(centre), 30) is False
