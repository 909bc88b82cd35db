"""Where the keys of cards are. The keys themselves are in no file of settings, and nothing here opens a store."""

from typing import Annotated, Literal

from pydantic import Field

from kiosk.settings.sections import Section, Word


class SealedKeysOptions(Section):
    """Keys sealed by systemd to this computer or its TPM."""

    name: Word = "card-keys"
    """A credential of the station's unit, or the path of a file: sealed (`*.cred`), or readable by its owner only."""


class TokenKeysOptions(Section):
    """Keys in a token that gives none out, over PKCS#11."""

    module: Word = "/usr/lib/softhsm/libsofthsm2.so"
    """The token's PKCS#11 library."""
    token: Word = "littera"  # noqa: S105 - a label
    """The token's label."""
    pin_file: Word = "/etc/littera/card-token.pin"
    """File with the token's PIN, for its owner only; a credential's path will do."""
    label: Word = "littera"
    """What the labels of the keys begin with: `littera-read`, `littera-sun-meta`, ..."""
    system: Annotated[str, Field(min_length=5, max_length=20)] = "LITTERA1"
    """The name that is part of every card's keys: the same wherever the network's cards are written and read."""


class ClaimedCardsSection(Section):
    """What a card may that can be copied, at a station where others prove themselves (`card_reader.pcsc.scheme`)."""

    served: bool = True
    """Whether it is served at all; a card whose keys cannot be reached just now is."""
    pin: bool = True
    """Whether it needs a PIN, whatever `pin.needed` says."""
    loans: Annotated[int, Field(ge=0, le=100)] = 3
    """Copies it may borrow in one visit."""
    account: bool = False
    """Whether the name, the account, renewals and holds are open to it."""


class CardKeysSection(Section):
    """Where the keys are that cards prove themselves with. The keys themselves are never in a settings file."""

    store: Literal["none", "sealed", "pkcs11", "centre"] = "none"
    """`sealed` by systemd, `pkcs11` in a token, asked of the `centre`, or `none`: then every card is a claim."""
    sealed: SealedKeysOptions = SealedKeysOptions()
    """Options of the `sealed` store."""
    pkcs11: TokenKeysOptions = TokenKeysOptions()
    """Options of the `pkcs11` store."""

    @property
    def options(self) -> dict[str, object]:
        """Hand out the options of the chosen store, by the names the store gives them."""
        table = getattr(self, self.store, None)
        return table.model_dump() if isinstance(table, Section) else {}
