"""The change log moves a thing forward each time it is touched."""

from sqlalchemy import select

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.tables import changes
from kiosk.wire.messages import Kind


def test_what_is_touched_again_moves_to_the_end(centre: Centre) -> None:
    centre.carry_out(lambda work: touch(work, centre.network, Kind.ITEM, ["a", "b", "a"]))
    centre.carry_out(lambda work: touch(work, centre.network, Kind.ITEM, ["a"]))

    ordered = select(changes.c.key).order_by(changes.c.xid, changes.c.id)
    assert centre.look(lambda work: list(work.execute(ordered).scalars())) == ["b", "a"]
