"""Another program that uses the card: run as a process of its own, holds what it was told to, until stdin closes.

foreign_client.py exclusive|transaction|reset SLOT        says "holding" once it does
"""

import sys

from smartcard import scard


def must(code: int, *rest: int) -> tuple[int, ...]:
    assert code == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(code)
    return rest


def main(manner: str, slot: str) -> None:
    (context,) = must(*scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
    share = scard.SCARD_SHARE_EXCLUSIVE if manner == "exclusive" else scard.SCARD_SHARE_SHARED
    card, _protocol = must(*scard.SCardConnect(context, slot, share, scard.SCARD_PROTOCOL_ANY))
    if manner == "transaction":
        must(scard.SCardBeginTransaction(card))
    print("holding", flush=True)
    sys.stdin.read()
    scard.SCardDisconnect(card, scard.SCARD_RESET_CARD if manner == "reset" else scard.SCARD_LEAVE_CARD)


if __name__ == "__main__":
    main(*sys.argv[1:])
