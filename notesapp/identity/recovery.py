"""The store's key, sealed so that the recovery kit opens it. Decides the wrap; the kit's words are `words`' business.

It is sealed to a public key that grew from the root seed, so that the store's key can change after the root has
left the device, and no secret of the kit stays behind.
"""

from __future__ import annotations

from notesapp.errors import LocalError, RecoveryKitOther, RemoteError
from notesapp.identity.keys import Root
from notesapp.identity.primitives import BOX_BYTES, KEY_BYTES, Entropy, box_seal, domain

DOMAIN = domain("recovery-wrap")
WRAPPED_BYTES = len(DOMAIN) + KEY_BYTES + BOX_BYTES


def wrap_store_key(store_key: bytes, recovery_box: bytes, entropy: Entropy) -> bytes:
    """The store's key (32 bytes) sealed to a person's `Root.recovery_box`: the bytes that the key file keeps."""
    if len(store_key) != KEY_BYTES:
        raise LocalError(what=f"a store's key has {len(store_key)} bytes instead of 32")
    return DOMAIN + box_seal(store_key, recovery_box, entropy)


def unwrap_store_key(wrapped: bytes, root: Root) -> bytes:
    """The store's key; `RecoveryKitOther` if the kit belongs to other notes, `RemoteError` if the bytes are no wrap."""
    if len(wrapped) != WRAPPED_BYTES or not wrapped.startswith(DOMAIN):
        raise RemoteError(reason="the recovery slot of the key file is damaged")
    try:
        return root.open_box(wrapped[len(DOMAIN) :])
    except RemoteError:
        raise RecoveryKitOther from None
