"""The settings of the centre: the shape of `central.toml`. What is lent to whom it takes from the branches' files."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from kiosk.settings.card_keys import CardKeysSection
from kiosk.settings.files import Layer, merge, read_table
from kiosk.settings.problems import SettingsError
from kiosk.settings.sections import Section, Word
from kiosk.settings.wording import describe

CENTRAL_FILE = "central.toml"


class Security(StrEnum):
    """How the line to the mail server is kept from being read along."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class ServeSection(Section):
    """Where and how the centre listens."""

    host: Word = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    """Port to listen on; 0 takes any that is free."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Processes."""
    threads: Annotated[int, Field(ge=4, le=2000)] = 64
    """Threads of each process; a station that waits for news holds one."""
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """How many proxies stand in front and are believed about who asks."""
    https: bool = True
    """Whether people reach it by https only: then cookies travel by nothing else."""


class PrivacySection(Section):
    """What is forgotten when."""

    loan_history_days: Annotated[int, Field(ge=0, le=3650)] = 30
    """Days a closed loan keeps its patron."""


class HoldsSection(Section):
    """The hold shelf."""

    shelf_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Days a copy waits there for its patron."""


class MailSection(Section):
    """Receipts by e-mail (`kiosk central mail`)."""

    host: str = ""
    """SMTP server that takes the mails; empty for a network that sends none."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port: 587 with STARTTLS, 465 with TLS from the start."""
    security: Security = Security.STARTTLS
    """`starttls`, `tls`, or `none`, which is for a server on this computer only."""
    user: str = ""
    """Name to sign in with; empty for a server that asks for none."""
    password_file: str = ""
    """File with the password, readable by the centre's account only."""
    ca_file: str = ""
    """A CA of the library's own to trust beside the usual ones; empty for none."""
    sender: str = ""
    """Address the mails are from; its server must allow ours to send for it."""
    reply_to: str = ""
    """Address answers go to; empty for the sender."""
    too_old_days: Annotated[int, Field(ge=1, le=90)] = 7
    """A receipt wanted longer ago is not sent any more: a station was without a line for so long."""
    tries: Annotated[int, Field(ge=1, le=50)] = 10
    """How often a mail is tried before it waits for a person."""
    every_s: Annotated[float, Field(ge=1, le=3600)] = 10
    """How often the postman looks for mails, in seconds."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and "@" not in self.sender:
            raise ValueError("a server is named and no sender: write the address mails are from into `sender`")
        if self.security is Security.NONE and self.user:
            raise ValueError("a password would cross the line for everybody to read: use starttls or tls")
        return self


class MetricsSection(Section):
    """What Prometheus is told."""

    on: bool = True
    """Whether /metrics answers; to this computer only."""


class CentralSettings(Section):
    """Everything `central.toml` may say."""

    network: Word
    """The key everything of this network is kept under."""
    database: Word
    """SQLAlchemy's address of the database."""
    serve: ServeSection = ServeSection()
    """Where and how it listens."""
    privacy: PrivacySection = PrivacySection()
    """What is forgotten when."""
    holds: HoldsSection = HoldsSection()
    """The hold shelf."""
    mail: MailSection = MailSection()
    """Receipts by e-mail."""
    metrics: MetricsSection = MetricsSection()
    """What Prometheus is told."""
    card_keys: CardKeysSection = CardKeysSection()
    """Where the keys of cards are, for stations that hold none (their `card_keys.store` is `centre`)."""

    @model_validator(mode="after")
    def _has_its_own_keys(self) -> Self:
        if self.card_keys.store == "centre":
            raise ValueError("card_keys.store: the centre cannot ask itself; name `sealed`, `pkcs11` or `none`")
        return self


def load_central(config_dir: Path) -> CentralSettings:
    """Read `central.toml`. Raises: SettingsError with every problem there is."""
    merged = merge((Layer(CENTRAL_FILE, read_table(config_dir / CENTRAL_FILE, CENTRAL_FILE)),))
    try:
        return CentralSettings.model_validate_json(json.dumps(merged.table, default=str))
    except ValidationError as err:
        problems = [describe(error, merged, CentralSettings) for error in err.errors()]
        raise SettingsError("the centre", problems) from err
