"""From the settings to whoever can use the keys of cards, and what the doctor says of them."""

from drivers.key_stores.guarded import GuardedKeys
from drivers.key_stores.key_file import KeyStoreError
from drivers.key_stores.registry import KEY_STORES
from kiosk.bootstrap.syncing import key_path
from kiosk.doctor.finding import Check, Finding
from kiosk.ecard.keys import CardKeys, KeyRole, MasterKeys, NoKeys
from kiosk.settings import Settings

PROVEN = "proven"


def card_keys_of(settings: Settings) -> CardKeys:
    """Say how this station's keys are used; they are opened when the first card wants one, or by the doctor."""
    section = settings.card_keys
    if section.store == "none":
        return NoKeys()
    if section.store == "centre":
        from kiosk.bootstrap.relayed_keys import relayed_keys_of  # noqa: PLC0415 - brings the sync along

        return relayed_keys_of(settings)
    return GuardedKeys(lambda: open_card_keys(settings))


def open_card_keys(settings: Settings) -> MasterKeys:
    """Open the store now. Raises: KeyStoreError."""
    if settings.card_keys.store not in KEY_STORES:
        raise KeyStoreError(
            f"{settings.branch.id} holds no card keys itself: name a store under [card_keys], or a file"
        )
    return KEY_STORES[settings.card_keys.store](settings.card_keys.options)


def examine_card_keys(settings: Settings) -> Finding:
    """Check that the keys can be used, that they are those a station needs, and none that it should not have."""
    check = Check("card keys", "without them a card cannot prove itself, and a copy of one is as good as the card")
    section, asks = settings.card_keys, settings.asks_for_proofs
    if section.store == "none":
        if not asks:
            return check.good("none: every card is a claim, and none is asked to prove itself")
        remedy = "name the store of the keys under [card_keys], see docs/cards.md"
        return check.failed("cards are asked to prove themselves, and there are no keys", remedy)
    if section.store == "centre":
        path = key_path(settings)
        if not path.exists():
            return check.failed("the centre is to be asked, and this station is not enrolled there", "kiosk enrol")
        return check.good("asked of the centre")
    try:
        masters = open_card_keys(settings).masters
    except KeyStoreError as err:
        return check.failed(str(err), "see docs/cards.md; until then every card is a claim")
    seen = f"{section.store}: {', '.join(role.value for role in masters)}"
    if KeyRole.MASTER in masters:
        remedy = "seal only the keys a station needs: kiosk card keys --for station"
        return check.worrying(f"{seen}; with `master` this computer can rewrite every card", remedy)
    if not masters.keys() & {KeyRole.READ, KeyRole.SUN_FILE}:
        return check.failed(f"{seen}: no card can be checked with that", "the `read` key is missing")
    if not asks:
        return check.worrying(f"{seen}, and no card is asked", f'set card_reader.pcsc.scheme = "{PROVEN}"')
    return check.good(seen)
