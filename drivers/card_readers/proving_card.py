"""What a card that can prove itself answers: NTAG 424 DNA and DESFire EV2/EV3, blank or issued. No socket.

The native commands of both chips that our cards need, under the rules of the real ones: selecting ends a session,
an error ends it, nothing outlives the power (`reset`). What a chip does not have it does not know.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.card_readers.card_memory import CardApplication, CardFile, Key
from drivers.key_stores.aes import SoftwareCipher
from kiosk.circulation.model import CardNumber
from kiosk.ecard.apdu import OK, Command, MalformedCommand, Response
from kiosk.ecard.ev2 import CardHandshake, NotProven
from kiosk.ecard.key_change import changed_key
from kiosk.ecard.messaging import Mode, SealBroken, Session
from kiosk.ecard.native import CLA, Ins, Status

NAP_AFTER = 50
"""Wrong keys in a row after which a key rests (NT4H2421Gx, section 9.1.9)."""
RANDOM_UID = 0x02
UID_COMMAND = bytes.fromhex("FFCA0000")

Handler = Callable[[bytes], Response]


class Refusal(Exception):
    """The card says no; the session ends."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:02X}")
        self.status = status


@dataclass(slots=True)
class ProvingCard:
    """One chip. *version*: its three answers to GetVersion. *applications* by AID; `current` is the one selected."""

    uid: bytes
    version: tuple[bytes, bytes, bytes]
    applications: dict[bytes, CardApplication]
    number: CardNumber | None = None  # what it says only to whoever has the key
    random_uid: bool = False
    taps: int = 0  # the SUN counter
    current: CardApplication | None = field(default=None, init=False)
    session: Session | None = field(default=None, init=False)
    key: int | None = field(default=None, init=False)
    pending: tuple[CardHandshake, int, bool] | None = field(default=None, init=False)
    frames: list[bytes] = field(default_factory=list, init=False)
    shown: bytes = field(default=b"", init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Lose the power: the session, the selection, and the random UID."""
        self._end_session()
        self.current = self.power_on_application()
        self.shown = b"\x08" + secrets.token_bytes(3) if self.random_uid else self.uid

    def power_on_application(self) -> CardApplication | None:
        """Say what is selected before anything is."""
        return self.applications.get(bytes(3))

    def answer(self, raw: bytes) -> bytes:
        """Answer one command, as bytes with their status word; whatever came, something is answered."""
        if raw.startswith(UID_COMMAND):  # asked of the card reader, which remembers it from the selection
            return Response(OK, self.shown).to_bytes()
        try:
            command = Command.from_bytes(raw)
        except MalformedCommand:
            return Response(0x6700).to_bytes()
        if command.cla == 0x00:
            return self.answer_iso(command).to_bytes()
        if command.cla != CLA:
            return Response(0x6E00).to_bytes()
        return self._answer_native(command).to_bytes()

    def answer_iso(self, _command: Command) -> Response:
        """Answer what is not native. A plain DESFire needs none of it."""
        return Response(0x6A82)

    def _answer_native(self, command: Command) -> Response:
        pending, self.pending = self.pending, None
        frames, self.frames = self.frames, []
        try:
            if command.ins == Ins.MORE:
                return self._go_on(command.data, pending, frames)
            return self.handlers().get(command.ins, _unknown)(command.data)
        except Refusal as no:
            self._end_session()
            return Response(0x9100 | no.status)
        except SealBroken:
            self._end_session()
            return Response(0x9100 | Status.INTEGRITY)

    def handlers(self) -> dict[int, Handler]:
        """Every command this chip knows."""
        return {
            Ins.GET_VERSION: self._get_version,
            Ins.AUTHENTICATE_FIRST: lambda data: self._authenticate(data, first=True),
            Ins.AUTHENTICATE_NON_FIRST: lambda data: self._authenticate(data, first=False),
            Ins.GET_CARD_UID: self._get_card_uid,
            Ins.GET_KEY_VERSION: self._get_key_version,
            Ins.GET_FILE_SETTINGS: self._get_file_settings,
            Ins.CHANGE_FILE_SETTINGS: self._change_file_settings,
            Ins.SET_CONFIGURATION: self._set_configuration,
            Ins.READ_DATA: self._read_data,
            Ins.WRITE_DATA: self._write_data,
            Ins.CHANGE_KEY: self._change_key,
        }

    # --- who is there ---

    def _go_on(self, data: bytes, pending: tuple[CardHandshake, int, bool] | None, frames: list[bytes]) -> Response:
        if frames:
            self.frames = frames[1:]
            return Response(0x9100 | (Status.MORE if self.frames else Status.OK), frames[0])
        if pending is None:
            raise Refusal(Status.ABORTED)
        handshake, number, first = pending
        counter = 0 if first or self.session is None else self.session.counter
        try:
            answer, keys = handshake.finish(data, first=first)
        except NotProven:
            self._key(number).failures += 1
            raise Refusal(Status.AUTHENTICATION) from None
        self._key(number).failures = 0
        self.session, self.key = Session(keys, SoftwareCipher, counter), number
        return Response(0x9100, answer)

    def _authenticate(self, data: bytes, *, first: bool) -> Response:
        if len(data) < (2 if first else 1):
            raise Refusal(Status.LENGTH)
        key = self._key(data[0] & 0x3F)
        if key.failures >= NAP_AFTER:
            raise Refusal(Status.DELAY)
        if first:
            self._end_session()
        elif self.session is None:
            raise Refusal(Status.AUTHENTICATION)
        ti = secrets.token_bytes(4) if self.session is None else self.session.keys.ti
        handshake = CardHandshake(SoftwareCipher(key.value), secrets.token_bytes(16), ti)
        self.pending = handshake, data[0] & 0x3F, first
        return Response(0x9100 | Status.MORE, handshake.challenge)

    def _get_version(self, _data: bytes) -> Response:
        last = self.version[2] if not self.random_uid else bytes(7) + self.version[2][7:]
        self.frames = [self.version[1], last]
        return Response(0x9100 | Status.MORE, self.version[0])

    def _get_card_uid(self, data: bytes) -> Response:
        session = self._session()
        session.open_command(Ins.GET_CARD_UID, data, 0, Mode.MAC)
        return Response(0x9100, session.seal_answer(self.uid, Mode.FULL))

    # --- keys ---

    def _get_key_version(self, data: bytes) -> Response:
        if self.session is None:
            return Response(0x9100, bytes([self._key(_first(data)).version]))
        header, _ = self.session.open_command(Ins.GET_KEY_VERSION, data, 1, Mode.MAC)
        version = bytes([self._key(_first(header)).version])
        return Response(0x9100, self.session.seal_answer(version, Mode.MAC))

    def _change_key(self, data: bytes) -> Response:
        session = self._session()
        header, hidden = session.open_command(Ins.CHANGE_KEY, data, 1, Mode.FULL)
        number = _first(header) & 0x3F
        if self.key != 0:
            raise Refusal(Status.PERMISSION)
        key, own = self._key(number), number == self.key
        try:
            value, version = changed_key(hidden, key.value, own=own)
        except ValueError:
            raise Refusal(Status.INTEGRITY) from None
        self._app().keys[number] = Key(value, version)
        if not own:
            return Response(0x9100, session.seal_answer(b"", Mode.MAC))
        self._end_session()
        return Response(0x9100)

    # --- files ---

    def _get_file_settings(self, data: bytes) -> Response:
        if self.session is None:
            return Response(0x9100, self._file(_first(data)).settings())
        header, _ = self.session.open_command(Ins.GET_FILE_SETTINGS, data, 1, Mode.MAC)
        return Response(0x9100, self.session.seal_answer(self._file(_first(header)).settings(), Mode.MAC))

    def _change_file_settings(self, data: bytes) -> Response:
        session = self._session()
        header, settings = session.open_command(Ins.CHANGE_FILE_SETTINGS, data, 1, Mode.FULL)
        file = self._file(_first(header))
        if not file.may("change", self.key):
            raise Refusal(Status.PERMISSION)
        try:
            file.change(settings)
        except ValueError:
            raise Refusal(Status.PARAMETER) from None
        return Response(0x9100, session.seal_answer(b"", Mode.MAC))

    def _set_configuration(self, data: bytes) -> Response:
        session = self._session()
        header, settings = session.open_command(Ins.SET_CONFIGURATION, data, 1, Mode.FULL)
        if self.key != 0 or header != b"\0" or len(settings) != 1:
            raise Refusal(Status.PERMISSION if self.key else Status.PARAMETER)
        self.random_uid = bool(settings[0] & RANDOM_UID)
        return Response(0x9100, session.seal_answer(b"", Mode.MAC))

    def _read_data(self, data: bytes) -> Response:
        if len(data) < 7:
            raise Refusal(Status.LENGTH)
        file = self._file(data[0])
        mode = self._allow(file, "read")
        header = data
        if self.session is not None:
            header, _ = self.session.open_command(Ins.READ_DATA, data, 7, Mode.MAC if mode is not Mode.PLAIN else mode)
        at, length = _span(header)
        length = length or len(file.data) - at
        if at + length > len(file.data):
            raise Refusal(Status.BOUNDARY)
        content = bytes(file.data[at : at + length])
        return Response(0x9100, content if self.session is None else self.session.seal_answer(content, mode))

    def _write_data(self, data: bytes) -> Response:
        if len(data) < 7:
            raise Refusal(Status.LENGTH)
        file = self._file(data[0])
        mode = self._allow(file, "write")
        answer_mode = Mode.PLAIN if mode is Mode.PLAIN else Mode.MAC
        header, content = data[:7], data[7:]
        if self.session is not None:
            header, content = self.session.open_command(Ins.WRITE_DATA, data, 7, mode)
        at, length = _span(header)
        if length != len(content) or at + length > len(file.data):
            raise Refusal(Status.BOUNDARY if length == len(content) else Status.LENGTH)
        file.data[at : at + length] = content
        answer = b"" if self.session is None else self.session.seal_answer(b"", answer_mode)
        return Response(0x9100, answer)

    def _allow(self, file: CardFile, wanted: str) -> Mode:
        """Say how the access travels: as the file says for a key, in the open for anybody."""
        if self.session is not None and file.may(wanted, self.key):
            return file.mode
        if not file.may(wanted, None):
            raise Refusal(Status.AUTHENTICATION if self.session is None else Status.PERMISSION)
        return Mode.PLAIN

    # --- the state ---

    def _app(self) -> CardApplication:
        if self.current is None:
            raise Refusal(Status.NO_APPLICATION)
        return self.current

    def _key(self, number: int) -> Key:
        key = self._app().key(number)
        if key is None:
            raise Refusal(Status.NO_SUCH_KEY)
        return key

    def _file(self, number: int) -> CardFile:
        file = self._app().files.get(number)
        if file is None:
            raise Refusal(Status.NO_FILE)
        return file

    def _session(self) -> Session:
        if self.session is None:
            raise Refusal(Status.AUTHENTICATION)
        return self.session

    def _end_session(self) -> None:
        self.session = self.key = self.pending = None
        self.frames = []


def _unknown(_data: bytes) -> Response:
    raise Refusal(Status.UNKNOWN_COMMAND)


def _first(data: bytes) -> int:
    if not data:
        raise Refusal(Status.LENGTH)
    return data[0]


def _span(header: bytes) -> tuple[int, int]:
    return int.from_bytes(header[1:4], "little"), int.from_bytes(header[4:7], "little")
