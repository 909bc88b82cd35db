"""Whether a chip is NXP's own: its signature over its UID (NXP AN12196, section 7.2; NT4H2421Gx, section 8.6).

A signature can be read and copied together with the UID, so it proves nothing about a patron; it tells a technician
that a batch of cards was bought from somebody who makes copies.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP224R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224

SIGNATURE_SIZE = 56
_NXP = bytes.fromhex(
    "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410"
)


def is_genuine(uid: bytes, signature: bytes) -> bool:
    """Say whether NXP signed this UID: ECDSA over the bare UID, no hash, on secp224r1."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    half = SIGNATURE_SIZE // 2
    r_and_s = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    key = EllipticCurvePublicKey.from_encoded_point(SECP224R1(), _NXP)
    try:
        # The bare UID is the number that is signed; zeros in front make it as long as a digest.
        key.verify(r_and_s, uid.rjust(half, b"\0"), ECDSA(Prehashed(SHA224())))
    except InvalidSignature:
        return False
    return True
