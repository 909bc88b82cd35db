"""A private PC/SC service with virtual card readers: the real pcscd and vpcd, for the demo and the tests.

It stands beside the system's pcscd and does not touch it: its own socket (handed over as systemd would), its
own configuration, ports on loopback only. It needs no rights, and ends with the program that started it.
Clients find it by the environment variable PCSCLITE_CSOCK_NAME. Cards are laid on its slots by
`virtual_card.VirtualCard`.

Not for production: a real card reader belongs to the system's pcscd. (A USB card reader that is plugged in is
listed by a private pcscd too.)
"""

import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

VPCD_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SLOTS_PER_ENTRY = 2  # vpcd makes two slots, on two adjacent ports, of one entry in its configuration
ENTRY_NAMES = "AB"
MOST_SLOTS = SLOTS_PER_ENTRY * len(ENTRY_NAMES)
LONGEST_SOCKET_PATH = 107  # sun_path of sockaddr_un, less its closing zero
START_WITHIN = 5.0
END_WITHIN = 2.0
PACKAGES = "apt-get install pcscd vsmartcard-vpcd gcc libc6-dev"

_SHIM = Path(__file__).with_name("pcscd_shim.c")
# The socket comes in as stdin and moves to descriptor 3, where sd_listen_fds(3) looks; exec keeps the pid $$.
_LAUNCH = 'shim=$1; shift; exec 3<&0 0</dev/null; LD_PRELOAD=$shim LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'


class ServiceUnavailable(Exception):
    """The private PC/SC service could not be started; the message says what to install or where to look."""


@dataclass(frozen=True, slots=True)
class VirtualSlot:
    """One virtual card reader: its PC/SC name, and the loopback port its card connects to."""

    name: str
    port: int


class VirtualPcscd:
    """A pcscd of one's own with one to four virtual card readers.

    Its socket and ports stay the same over stop, kill and start, so clients may outlive it. Use as a context
    manager, or call stop(). Its log is `pcscd.log` in *directory*. *driver* may stand in for vpcd.
    Raises: ServiceUnavailable, ValueError.
    """

    def __init__(self, directory: Path, card_readers: int = 1, driver: Path | None = None) -> None:
        if not 1 <= card_readers <= MOST_SLOTS:
            raise ValueError(f"one to {MOST_SLOTS} virtual card readers, not {card_readers}")
        self.socket = directory / "pcscd.comm"
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            raise ValueError(f"{self.socket} is too long for a socket (at most {LONGEST_SOCKET_PATH} bytes)")
        self._pcscd = _find_program("pcscd")
        self._directory = directory
        self._log = directory / "pcscd.log"
        self._shim = build_shim(directory)
        self._process: subprocess.Popen[bytes] | None = None
        self.slots = self._configure(card_readers, driver or VPCD_DRIVER)

    @property
    def environment(self) -> dict[str, str]:
        """What a PC/SC client needs in its environment to talk to this service."""
        return {"PCSCLITE_CSOCK_NAME": str(self.socket)}

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def start(self, within: float = START_WITHIN) -> None:
        """Start it and wait until every slot takes cards, *within* seconds. Does nothing when it runs."""
        if self._process is not None:
            return
        command = [self._pcscd, "--foreground", "--config", str(self._directory / "reader.conf.d")]
        if "polkit" in _say_version(self._pcscd):
            command.append("--disable-polkit")
        with self._listen() as listener, self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a program found on PATH, arguments made here
                ["/bin/sh", "-c", _LAUNCH, "sh", str(self._shim), *command],
                stdin=listener.fileno(),
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self._await_slots(self._process, within)

    def stop(self) -> None:
        """End it in good order (SIGTERM). Does nothing when it does not run."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it answering without ending it (SIGSTOP)."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        self._running().send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        process.send_signal(signal.SIGCONT)  # a frozen process hears SIGTERM only when it goes on
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.socket.unlink(missing_ok=True)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServiceUnavailable("the private PC/SC service is not running; start it first")
        return self._process

    def _configure(self, card_readers: int, driver: Path) -> tuple[VirtualSlot, ...]:
        """Write the configuration; every entry has its own copy of the driver.

        vpcd keeps its slots in one global table, so two entries with one file show each other's cards.
        """
        if not driver.exists():
            raise ServiceUnavailable(f"the virtual card reader driver {driver} is missing: {PACKAGES}")
        folder = self._directory / "reader.conf.d"
        folder.mkdir(parents=True, exist_ok=True)
        slots: list[VirtualSlot] = []
        entries = -(-card_readers // SLOTS_PER_ENTRY)
        for entry, port in zip(range(entries), _free_port_pairs(), strict=False):
            name = f"Virtual PCD {ENTRY_NAMES[entry]}"  # pcscd would give two of one name the same number
            own = self._directory / f"vpcd-{entry}.so"
            shutil.copyfile(driver, own)
            (folder / f"vpcd-{entry}").write_text(
                f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{port:#06x}\nLIBPATH {own}\nCHANNELID {port:#06x}\n'
            )
            slots += [VirtualSlot(f"{name} 00 {n:02d}", port + n) for n in range(SLOTS_PER_ENTRY)]
        return tuple(slots[:card_readers])

    def _listen(self) -> socket.socket:
        """Make the socket clients connect to. Only the daemon keeps it: dead, it refuses them."""
        self.socket.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self.socket))
        listener.listen(64)
        return listener

    def _await_slots(self, process: subprocess.Popen[bytes], within: float) -> None:
        """Wait until the daemon itself listens on every port; a port somebody else took is noticed here."""
        wanted = {slot.port for slot in self.slots}
        give_up = time.monotonic() + within
        while not wanted <= _listening_ports(process.pid):
            if process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                tail = self._log.read_text(errors="replace")[-600:]
                raise ServiceUnavailable(
                    f"pcscd did not open its virtual slots {sorted(wanted)}; its log ends:\n{tail}"
                )
            time.sleep(0.005)


def build_shim(directory: Path) -> Path:
    """Compile the library that keeps a private pcscd on loopback, once per source and directory.

    Raises: ServiceUnavailable - no C compiler, or it objects.
    """
    target = directory / f"pcscd-shim-{hashlib.sha256(_SHIM.read_bytes()).hexdigest()[:12]}.so"
    if target.exists():
        return target
    directory.mkdir(parents=True, exist_ok=True)
    compiler = _find_program("cc")
    draft = target.with_suffix(f".{os.getpid()}")
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(draft), str(_SHIM), "-ldl", "-lpthread"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own source
    if built.returncode != 0:
        raise ServiceUnavailable(f"the compiler refused {_SHIM.name} ({PACKAGES}):\n{built.stderr}")
    draft.rename(target)
    return target


def _find_program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is None:
        raise ServiceUnavailable(f"{name} is not installed: {PACKAGES}")
    return found


def _say_version(pcscd: str) -> str:
    return subprocess.run([pcscd, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - as above


def _free_port_pairs() -> Iterator[int]:
    """Find pairs of adjacent ports nobody listens on, below the range the kernel hands out itself.

    The start is random, so that two services being set up at once do not choose the same pair.
    """
    first = 10_000 + secrets.randbelow(20_000)
    for port in range(first, first + 2_000, SLOTS_PER_ENTRY):
        if all(_is_free(port + n) for n in range(SLOTS_PER_ENTRY)):
            yield port
    raise ServiceUnavailable(f"no two free ports side by side from {first} on")


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("", port))
        return True
    return False


def _listening_ports(pid: int) -> set[int]:
    """Say which TCP ports process *pid* itself listens on (proc(5): net/tcp, state 0A)."""
    own: set[str] = set()
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            own |= set(re.findall(r"socket:\[(\d+)]", str(descriptor.readlink())))
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rsplit(":")[1], 16) for row in rows if row[3] == "0A" and row[9] in own}
