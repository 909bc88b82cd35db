"""The log and the samples a station keeps: bounded, back after a restart, and harmless when damaged."""

import logging
from pathlib import Path

from kiosk.console.log_book import LogBook, LogKeeping
from kiosk.console.samples import Sample, Samples


def test_a_book_keeps_the_latest_lines_and_finds_them_by_level_and_word() -> None:
    book = LogBook(kept=3)
    logger = logging.getLogger("tests.pad")
    logger.setLevel("INFO")
    logger.addHandler(book)
    for number in range(5):
        logger.info("sweep %d", number)
    logger.error("the pad is gone")

    assert [line.says for line in book.lines()] == ["sweep 3", "sweep 4", "the pad is gone"]
    assert [line.says for line in book.lines("warning")] == ["the pad is gone"]
    assert [line.says for line in book.lines(search="PAD IS")] == ["the pad is gone"]
    assert [line.says for line in book.lines(after=5)] == ["the pad is gone"]


def test_a_line_is_scrubbed_before_it_is_kept() -> None:
    book = LogBook()
    logger = logging.getLogger("tests.cards")
    logger.addHandler(book)

    logger.warning("card %s could not be read", "20012345")

    assert [line.says for line in book.lines()] == ["card …45 could not be read"]


def test_a_book_is_under_the_root_logger_as_long_as_the_station_runs() -> None:
    book = LogBook()
    keeping = LogKeeping(book)
    keeping.start(lambda _: None)
    logging.getLogger("somewhere").error("heard")
    keeping.stop()
    logging.getLogger("somewhere").error("not heard")

    assert [line.says for line in book.lines(search="heard")] == ["heard"]


def test_samples_are_back_after_a_restart_and_never_more_than_a_week(tmp_path: Path) -> None:
    path = tmp_path / "samples"
    first = Samples(path, kept=3)
    for at in range(5):
        first.add(Sample(float(at), queue=at))

    assert [one.at for one in Samples(path, kept=3).since(0)] == [2.0, 3.0, 4.0]
    assert len(path.read_text().splitlines()) <= 6


def test_a_damaged_line_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "samples"
    path.write_text('{"at": 1.0, "queue": 2, "retries": 0, "card_errors": 0}\n{"at": \n[]\n', encoding="utf-8")

    assert [one.queue for one in Samples(path).since(0)] == [2]


def test_a_folder_that_cannot_be_written_costs_the_charts_and_nothing_else(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "nowhere" / "samples")

    samples.add(Sample(1.0))

    assert len(samples.since(0)) == 1
