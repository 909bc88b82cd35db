"""Whether a chip is NXP's own: its signature over its UID (NXP AN12196, section 7.2; NT4H2421Gx, section 8.6).

A signature can be read and copied together with the UID, so it proves nothing about a patron; it tells a technician
that a batch of cards was bought from somebody who makes copies.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP224R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224

SIGNATURE_SIZE = 56
_KEYS = tuple(
    bytes.fromhex(key)
    for key in (
        # NTAG 424 DNA (AN12196)
        "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410",
        # NTAG 424 DNA, DESFire EV2
        "04B304DC4C615F5326FE9383DDEC9AA892DF3A57FA7FFB3276192BC0EAA252ED45A865E3B093A3D0DCE5BE29E92F1392CE7DE321E3E5C52B3A",
        # DESFire EV2 XL
        "04CD5D45E50B1502F0BA4656FF37669597E7E183251150F9574CC8DA56BF01C7ABE019E29FEA48F9CE22C3EA4029A765E1BC95A89543BAD1BC",
        # DESFire EV3
        "041DB46C145D0A36539C6544BD6D9B0AA62FF91EC48CBC6ABAE36E0089A46F0D08C8A715EA40A63313B92E90DDC1730230E0458A33276FB743",
        # DESFire Light
        "040E98E117AAA36457F43173DC920A8757267F44CE4EC5ADD3C54075571AEBBF7B942A9774A1D94AD02572427E5AE0A2DD36591B1FB34FCF3D",
        # DESFire EV1
        "04BB5D514F7050025C7D0F397310360EEC91EAF792E96FC7E0F496CB4E669D414F877B7B27901FE67C2E3B33CD39D1C797715189AC951C2ADD",
    )
)


def is_genuine(uid: bytes, signature: bytes) -> bool:
    """Say whether NXP signed this UID, with the key of any of its series: ECDSA over the bare UID, on secp224r1."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    half = SIGNATURE_SIZE // 2
    r_and_s = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    return any(_signed(key, uid.rjust(half, b"\0"), r_and_s) for key in _KEYS)


def _signed(key: bytes, digest: bytes, r_and_s: bytes) -> bool:
    """*digest* is the bare UID, which is the number that is signed; zeros in front make it as long as a digest."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP224R1(), key).verify(r_and_s, digest, ECDSA(Prehashed(SHA224())))
    except InvalidSignature:
        return False
    return True
