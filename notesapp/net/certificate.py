"""The certificate of one run. Says nothing about who we are: identity is proven above, over its hash."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate, its key (never stored) and its `binding`, the SHA-256 of its DER bytes."""

    chain: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    binding: bytes

    @classmethod
    def fresh(cls) -> Certificate:
        """A new one with P-256, which every TLS 1.3 speaks; the same words and dates in everybody's."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "notesapp")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
            .not_valid_after(datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC))
            .sign(key, SHA256())
        )
        return cls(made, key, binding_of(made))


def binding_of(certificate: x509.Certificate) -> bytes:
    """What both ends of a link know about it: SHA-256 of the listener's certificate."""
    return sha256(certificate.public_bytes(Encoding.DER)).digest()
