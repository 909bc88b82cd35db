"""The two chips a virtual card can be: NTAG 424 DNA, and DESFire EV2 or EV3; blank, as they leave the factory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from drivers.card_readers.card_memory import CardApplication, CardFile, Key
from drivers.card_readers.proving_card import Handler, ProvingCard, Refusal
from kiosk.ecard.apdu import ALL, END_OF_FILE, OK, Command, Response
from kiosk.ecard.layouts import NTAG_APPLICATION
from kiosk.ecard.messaging import Mode
from kiosk.ecard.native import Ins, Status

SOFTWARE = bytes.fromhex("04040201021105")
_LOT = bytes.fromhex("CF3E5D64E02219")
_HARDWARE = {
    "NTAG 424 DNA": bytes.fromhex("04040230001105"),
    "DESFire EV2": bytes.fromhex("04010112001605"),
    "DESFire EV3": bytes.fromhex("04010133001605"),
}
_CAPABILITY = bytes.fromhex("001720010000FF0406E104010000000506E10500808283")
_PICC_KEYS = 1


@dataclass(slots=True)
class Ntag424(ProvingCard):
    """One application with five keys and three files, ISO commands, SUN (NT4H2421Gx, sections 8.2 and 9.3)."""

    _iso: CardFile | None = field(default=None, init=False)
    _told: bytes | None = field(default=None, init=False)  # the NDEF file with the SUN message of this selection

    def power_on_application(self) -> CardApplication | None:
        return self.applications[NTAG_APPLICATION]

    def answer_iso(self, command: Command) -> Response:
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB0:
                return self._read_binary(command)
            case 0xD6:
                return self._update_binary(command)
            case _:
                return Response(0x6D00)

    def _select(self, command: Command) -> Response:
        self._end_session()
        self._told = None
        match command.p1, command.data:
            case 0x04, name if name == NTAG_APPLICATION:
                self.current, self._iso = self.applications[NTAG_APPLICATION], None
                return Response(OK)
            case 0x00 | 0x02, name:
                file = self._app().iso_file(name)
                if file is not None:
                    self._iso = file
                    return Response(OK)
        return Response(0x6A82)

    def _read_binary(self, command: Command) -> Response:
        file, offset = self._iso, command.p1 << 8 | command.p2
        if file is None:
            return Response(0x6986)
        if not file.may("read", None):
            return Response(0x6982)
        if self._told is None:
            self._told = self._mirror(file)
        if offset > len(self._told):
            return Response(0x6B00)
        length = command.le or ALL
        rest = self._told[offset : offset + length]
        return Response(OK if length in (ALL, len(rest)) else END_OF_FILE, rest)

    def _update_binary(self, command: Command) -> Response:
        file, offset = self._iso, command.p1 << 8 | command.p2
        if file is None:
            return Response(0x6986)
        if not file.may("write", None):
            return Response(0x6982)
        if offset + len(command.data) > len(file.data) or not command.data:
            return Response(0x6A84 if command.data else 0x6700)
        file.data[offset : offset + len(command.data)] = command.data
        self._told = None
        return Response(OK)

    def handlers(self) -> dict[int, Handler]:
        return ProvingCard.handlers(self) | {Ins.GET_FILE_COUNTERS: self._get_file_counters}

    def _get_file_counters(self, data: bytes) -> Response:
        session = self._session()
        session.open_command(Ins.GET_FILE_COUNTERS, data, 1, Mode.MAC)
        return Response(0x9100, session.seal_answer(self.taps.to_bytes(3, "little") + bytes(2), Mode.FULL))

    def _mirror(self, file: CardFile) -> bytes:
        """Count the tap at the first read after the selection, and write its message."""
        if file.mirror is None:
            return bytes(file.data)
        self.taps += 1
        keys = self._key(file.mirror.meta_key).value, self._key(file.mirror.file_key).value
        return file.mirror.write(bytes(file.data), self.uid, self.taps, keys, self.shown[:4].ljust(5, b"\x5a"))


@dataclass(slots=True)
class Desfire(ProvingCard):
    """Applications and files are made by whoever asks, as a blank card allows (MF3D(H)x3, section 10.4)."""

    def handlers(self) -> dict[int, Handler]:
        return ProvingCard.handlers(self) | {
            Ins.SELECT_APPLICATION: self._select_application,
            Ins.CREATE_APPLICATION: self._create_application,
            Ins.CREATE_FILE: self._create_file,
            Ins.GET_FILE_IDS: self._get_file_ids,
            Ins.GET_APPLICATION_IDS: self._get_application_ids,
        }

    def _select_application(self, data: bytes) -> Response:
        self._end_session()
        if data not in self.applications:
            self.current = None
            raise Refusal(Status.NO_APPLICATION)
        self.current = self.applications[data]
        return Response(0x9100)

    def _create_application(self, data: bytes) -> Response:
        if len(data) < 5:
            raise Refusal(Status.LENGTH)
        aid, keys = data[:3], data[4]
        if self.current is not self.applications[bytes(3)]:
            raise Refusal(Status.PERMISSION)
        if aid in self.applications:
            raise Refusal(Status.DUPLICATE)
        if not keys & 0x80:
            raise Refusal(Status.PARAMETER)  # only AES is done here
        self.applications[aid] = CardApplication([Key() for _ in range(keys & 0x0F)])
        return Response(0x9100)

    def _get_application_ids(self, data: bytes) -> Response:
        """Name every application but the card itself; in a session, under its seal."""
        names = b"".join(sorted(aid for aid in self.applications if any(aid)))
        if self.session is None:
            return Response(0x9100, names)
        self.session.open_command(Ins.GET_APPLICATION_IDS, data, 0, Mode.MAC)
        return Response(0x9100, self.session.seal_answer(names, Mode.MAC))

    def _get_file_ids(self, data: bytes) -> Response:
        session = self._session()
        session.open_command(Ins.GET_FILE_IDS, data, 0, Mode.MAC)
        return Response(0x9100, session.seal_answer(bytes(sorted(self._app().files)), Mode.MAC))

    def _create_file(self, data: bytes) -> Response:
        session = self._session()
        header, _ = session.open_command(Ins.CREATE_FILE, data, 7, Mode.MAC)
        if self.key != 0:
            raise Refusal(Status.PERMISSION)
        if len(header) != 7:
            raise Refusal(Status.LENGTH)
        files = self._app().files
        if header[0] in files:
            raise Refusal(Status.DUPLICATE)
        files[header[0]] = CardFile.of_size(int.from_bytes(header[4:7], "little"), header[1:4])
        return Response(0x9100, session.seal_answer(b"", Mode.MAC))


def blank_ntag424(uid: str) -> Ntag424:
    """Make an NTAG 424 DNA as it is bought. Raises: ValueError - its UID has 7 bytes."""
    files = {
        1: CardFile.of_size(32, bytes.fromhex("0000E0"), bytes.fromhex("E103"), _CAPABILITY),
        2: CardFile.of_size(256, bytes.fromhex("00E0EE"), bytes.fromhex("E104")),
        3: CardFile.of_size(128, bytes.fromhex("033023"), bytes.fromhex("E105")),
    }
    application = CardApplication([Key() for _ in range(5)], files)
    return Ntag424(_uid(uid), _version("NTAG 424 DNA", uid), {NTAG_APPLICATION: application})


def blank_desfire(uid: str, kind: str = "DESFire EV3") -> Desfire:
    """Make a DESFire EV2 or EV3 as it is bought. Raises: ValueError - its UID has 7 bytes."""
    return Desfire(_uid(uid), _version(kind, uid), {bytes(3): CardApplication([Key() for _ in range(_PICC_KEYS)])})


def _uid(uid: str) -> bytes:
    raw = bytes.fromhex(uid)
    if len(raw) != 7:
        raise ValueError(f"the UID of such a chip has 7 bytes; {uid!r} has {len(raw)}")
    return raw


def _version(kind: str, uid: str) -> tuple[bytes, bytes, bytes]:
    return _HARDWARE[kind], SOFTWARE, _uid(uid) + _LOT


CHIPS: Final[Mapping[str, Callable[[str], ProvingCard]]] = MappingProxyType(
    {
        "ntag424": blank_ntag424,
        "desfire-ev2": lambda uid: blank_desfire(uid, "DESFire EV2"),
        "desfire-ev3": lambda uid: blank_desfire(uid, "DESFire EV3"),
    }
)
"""Each makes a blank chip of its UID. Raises: ValueError - the UID has not 7 bytes."""
