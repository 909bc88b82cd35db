"""What the Debian package brings beside the program: files in their places, accounts in their groups, a key."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from packaging.version import InvalidVersion, Version

from kiosk.doctor.finding import Check, Finding
from kiosk.doctor.services import Ask
from kiosk.releases.debian import NAME
from kiosk.releases.system_files import SHARE, SYSTEM_FILES, SystemFile

_AGAIN: Final = "apt install --reinstall ./littera-kiosk_*.deb"
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "kiosk": {"dialout": "serial pads and scanners", "lp": "the receipt printer"},
    "littera-screen": {"video": "the screen", "render": "the screen's graphics", "audio": "sounds"},
}
_PACKAGE = Check("package", "names of devices, rights, services and the screen's walls come with it")
_FILES = Check("files of the system", "each does its part; a changed one may do another")
_TRUST = Check("trust in new versions", "the console takes only what is signed with this key")
_VIRTUAL = Check("virtual card reader", "it lets anybody on the network play a card")
_POLKIT = Check(
    "polkit", "without it newer pcscd gives the station no cards, and the console cannot restart the computer"
)


def is_installed(root: Path = Path("/")) -> bool:
    """Say whether the Debian package is on this computer."""
    return (root / SHARE).is_dir()


def examine_installation(version: str, deploy: Path, ask: Ask, root: Path = Path("/")) -> Iterator[Finding]:
    """Check what was installed around *version* of the program, whose own files of the system lie in *deploy*."""
    if not is_installed(root):
        yield _PACKAGE.worrying(
            f"{NAME} is not installed here: nothing of what it brings is checked",
            "on a station's own computer: apt install ./littera-kiosk_*.deb (make deb makes it)",
        )
        return
    yield check_package(version, ask("dpkg-query", "-W", "-f", "${Version}", NAME) or "")
    yield from check_files(deploy, root)
    yield check_trust(root)
    yield check_no_virtual_card_reader(root)
    yield check_polkit(root)


def check_package(at_work: str, installed: str) -> Finding:
    """Compare the version at work with the package's: a newer program may want newer files around it."""
    try:
        older = Version(installed) < Version(at_work)
        newer = Version(installed) > Version(at_work)
    except InvalidVersion:
        return _PACKAGE.worrying(f"dpkg knows of no version of it, {at_work} is at work", _AGAIN)
    if older:
        mend = f"apt install ./{NAME}_{at_work}_*.deb renews services, rules and policies too"
        return _PACKAGE.worrying(f"{installed}, while {at_work} is at work", mend)
    if newer:
        mend = f"the console (Version) says why; kiosk release install /{SHARE}/version.littera tries again"
        return _PACKAGE.worrying(f"{installed} is installed, but {at_work} is still at work", mend)
    return _PACKAGE.good(installed)


def check_files(deploy: Path, root: Path = Path("/")) -> Iterator[Finding]:
    """Name every file of the system that is missing or is not as this version wants it; one finding when all are."""
    well = True
    for file in SYSTEM_FILES:
        differs = file.differs(deploy, root)
        if differs is not False:
            well = False
            yield _missing(file) if differs is None else _different(file)
    if well:
        yield _FILES.good(f"{len(SYSTEM_FILES)} in their places")


def _missing(file: SystemFile) -> Finding:
    option = "-o Dpkg::Options::=--force-confmiss " if file.is_setting else ""
    return _FILES.failed(f"/{file.place} is missing", _AGAIN.replace("--reinstall ", f"{option}--reinstall "))


def _different(file: SystemFile) -> Finding:
    seen = f"/{file.place} is not as this version wants it"
    if file.is_setting:
        mend = f"if nobody changed it on purpose: cp /opt/littera/config/deploy/{file.source} /{file.place}"
        return _FILES.worrying(seen, mend)
    return _FILES.worrying(seen, f"{_AGAIN} of this version; changes of your own belong into /etc")


def check_groups(account: str, groups: frozenset[str] | None) -> Finding:
    """Check that an account is there and in its groups."""
    wanted = GROUPS[account]
    check = Check(f"account {account}", ", ".join(f"{group}: {what}" for group, what in wanted.items()))
    if groups is None:
        return check.failed("there is no such account", "systemd-sysusers littera-kiosk.conf")
    missing = [group for group in wanted if group not in groups]
    if missing:
        mend = f"usermod -aG {','.join(missing)} {account}; then restart the computer"
        return check.failed(f"it is not in {', '.join(missing)}", mend)
    return check.good(f"in {', '.join(wanted)}")


def check_trust(root: Path = Path("/")) -> Finding:
    key = root / "etc/littera/release.pub"
    if not key.exists():
        mend = f"put the public key of whoever releases versions for you into /{key.relative_to(root)}"
        return _TRUST.worrying("nobody's: new versions come by the Debian package alone", mend)
    facts = key.stat()
    if facts.st_uid != root.stat().st_uid or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        mend = f"chown root:root /{key.relative_to(root)}; chmod 644 /{key.relative_to(root)}"
        return _TRUST.failed("others than root may change whom this station trusts", mend)
    return _TRUST.good("the key in /etc/littera/release.pub")


def check_no_virtual_card_reader(root: Path = Path("/")) -> Finding:
    if (root / "usr/lib/pcsc/drivers/serial/libifdvpcd.so").exists():
        mend = "apt-get purge vsmartcard-vpcd; systemctl restart pcscd"
        return _VIRTUAL.failed("vsmartcard-vpcd is installed; it listens on all addresses", mend)
    return _VIRTUAL.good("none")


def check_polkit(root: Path = Path("/")) -> Finding:
    if any((root / place).exists() for place in ("usr/lib/polkit-1/polkitd", "usr/libexec/polkitd")):
        return _POLKIT.good("there, with the station's rules")
    return _POLKIT.worrying("no polkit here", "apt-get install --no-install-recommends polkitd")
