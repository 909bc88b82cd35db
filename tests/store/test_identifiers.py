from datetime import UTC, datetime, timedelta

from kiosk.store.identifiers import new_epoch, new_id, uuid7

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_a_version_7_uuid_is_the_one_of_the_standard() -> None:
    """RFC 9562, appendix A.6."""
    random_bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F

    made = uuid7(0x017F22E279B0, random_bits)

    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert made.version == 7


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    made = [new_id(NOON + timedelta(milliseconds=number)) for number in range(50)]

    assert made == sorted(made)


def test_no_two_identifiers_of_one_moment_are_alike() -> None:
    assert len({new_id(NOON) for _ in range(1000)}) == 1000


def test_every_run_of_the_program_has_its_own_epoch() -> None:
    assert len({new_epoch() for _ in range(100)}) == 100
