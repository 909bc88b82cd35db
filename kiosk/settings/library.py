"""Which library system decides: the station's own, or one the library has already and that speaks SIP2."""

import codecs
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kiosk.library.remote.line import WhenSilent
from kiosk.library.sip2.dates import DayOrder
from kiosk.library.sip2.profile import (
    ErrorDetection,
    Holds,
    LineEnd,
    Lists,
    Profile,
    SignIn,
    load_profile,
    profile_names,
)
from kiosk.settings.sections import Section, one_of


def _known_profile(name: str) -> str:
    return one_of(profile_names(), name)


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as err:
        raise ValueError(f'"{name}" is no character set; write one like "utf-8" or "cp1251"') from err
    return name


Encoding = Annotated[str, AfterValidator(_known_encoding)]
Sign = Annotated[str, Field(pattern=r"^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$")]


class Sip2Overrides(Section):
    """What a system does otherwise than its profile says. `kiosk library check` finds most of it out."""

    encoding: Encoding | None = None
    """Character set, `utf-8`, `cp1251`, `koi8-u`, ..."""
    ends_with: LineEnd | None = None
    """What the station ends a message with: `cr`, `crlf` or `lf`."""
    answers_end_with: LineEnd | None = None
    """What ends an answer: `cr`, which takes CRLF as well, or `lf`."""
    delimiter: Sign | None = None
    """The sign after every field."""
    error_detection: ErrorDetection | None = None
    """Numbers and checksums: `on`, `off`, or `auto` for a system that answers with them."""
    sign_in: SignIn | None = None
    """How the station signs in: `sip`, `telnet` (two prompts), or `none`."""
    status_before_login: bool | None = None
    """Whether the system wants its status asked for before the login."""
    ends_sessions: bool | None = None
    """Whether the system is told that a visit is over."""
    unsure_unlocks: bool | None = None
    """Whether a loan whose gate bit the system says nothing about (`U`) may leave."""
    empty_pin: bool | None = None
    """Whether the field of the PIN is sent when there is none."""
    empty_terminal_password: bool | None = None
    """Whether the field of the terminal's password is sent when there is none."""
    sends_location: bool | None = None
    """Whether a return says where the station is."""
    lists: Lists | None = None
    """What the lists of an account hold: `barcodes`, `titles`, or `auto`."""
    holds: Holds | None = None
    """What can be done about holds: `all`, `cancel` or `none`."""
    day_order: DayOrder | None = None
    """Which number of 07/12/2026 is the day: `day-first`, `month-first`; unless said such a date is shown as text."""
    utc_dates: bool | None = None
    """Whether times are sent in UTC rather than the branch's."""
    language: Annotated[str, Field(pattern=r"^\d{3}$")] | None = None
    """The number of the language asked for; 000 leaves it to the system."""
    answer_s: Annotated[float, Field(ge=0.5, le=7)] | None = None
    """Seconds an answer may take."""
    connect_s: Annotated[float, Field(ge=0.5, le=7)] | None = None
    """Seconds the connection may take."""
    rights_need_pin: bool | None = None
    """Whether what a card may do is believed only together with a right PIN."""
    connections: Annotated[int, Field(ge=1, le=4)] | None = None
    """Lines a station may have at once: with more than one a long account is read side by side."""
    birth_date: str | None = None
    """The two letters of the field with the date of birth."""
    expires: str | None = None
    """The two letters of the field with the day the card expires."""
    noise: tuple[str, ...] | None = None
    """Words in messages that say nothing and are left out."""


class Sip2Tls(Section):
    """An encrypted connection. With stunnel beside the station this stays off, and `host` is stunnel's."""

    on: bool = False
    """Whether the connection is encrypted."""
    ca_file: str = ""
    """The CA that signed the server's certificate; empty for the usual ones."""
    certificate_file: str = ""
    """The station's own certificate, where the server asks for one."""
    key_file: str = ""
    """Its key, where that is a file of its own."""
    server_name: str = ""
    """The name in the server's certificate, where it is not `host`."""


class Sip2Section(Section):
    """A library system that speaks SIP2."""

    host: str = ""
    """Name or address of the server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 6001
    """Its port."""
    profile: Annotated[str, AfterValidator(_known_profile)] = "generic"
    """Which system it is: `alma`, `evergreen`, `folio`, `fsip2`, `generic`, `koha`, `polaris`, `sierra`, `symphony`."""
    institution: str = ""
    """The library as the system calls it (AO): a branch code in Koha and Evergreen, a number in Polaris."""
    location: str = ""
    """Where the station is as the system calls it (AP): a branch code, or empty."""
    user: str = ""
    """Name of the station's login there."""
    password_file: str = ""
    """File with its password; `$CREDENTIALS_DIRECTORY/sip2` for a credential of systemd."""
    workstation: str = ""
    """Location of the login (CP): a workstation's name in Evergreen, the UUID of a service point in FOLIO."""
    terminal_password_file: str = ""
    """File with the terminal's password (AC); empty for none, as most have it."""
    overrides: Sip2Overrides = Sip2Overrides()
    """What this server does otherwise than its profile says."""
    tls: Sip2Tls = Sip2Tls()
    """Encryption."""

    def manner(self) -> Profile:
        """Make the profile with what this branch says otherwise."""
        return load_profile(self.profile, self.overrides.model_dump(exclude_none=True))


class LibrarySection(Section):
    """Which library system decides."""

    kind: Literal["local", "sip2"] = "local"
    """`local`: the station's own, with the centre; `sip2`: a system the library has, asked in SIP2."""
    when_silent: WhenSilent = WhenSilent.RETURNS
    """What is done while that system is silent: `off`, `returns`, or `both` to lend as well."""
    silent_days: Annotated[int, Field(ge=1, le=365)] = 14
    """For how many days a copy is lent then, until the system says otherwise."""
    silent_loans: Annotated[int, Field(ge=1, le=100)] = 5
    """How many copies one patron gets then."""
    settles_s: Annotated[float, Field(ge=0.1, le=600)] = 20.0
    """Seconds a system that gave no answer may still be busy with what it was asked."""
    sip2: Sip2Section = Sip2Section()
    """The system that speaks SIP2."""
