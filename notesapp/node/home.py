"""Decides how a home's key is come by: made at the first start, told by keyring or passphrase, won back by the kit.

Blocking (half a second for a passphrase, up to five for a silent keyring): to be run on a thread without a face.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from notesapp.errors import KeyFileLost, KeyLost, UnreadableFile
from notesapp.identity.keys import Root
from notesapp.identity.recovery import unwrap_store_key, wrap_store_key
from notesapp.identity.words import parse_kit
from notesapp.store.backup import backups
from notesapp.store.keyfile import Keyfile, Kind, Limits
from notesapp.store.places import Home
from notesapp.store.ring import Ring, SystemRing

RECOVERY_SLOT = "kit"


@dataclass(frozen=True, slots=True)
class Unlock:
    """What the person gives to open the notes: nothing, a passphrase, or the words of the recovery kit.

    With `kit`, the key is wrapped anew: under `passphrase` if there is one, else as on a first start. `keyring` False:
    never ask the system's keyring. `limits` is for tests.
    """

    passphrase: str | None = field(default=None, repr=False)
    kit: str | None = field(default=None, repr=False)
    keyring: bool = True
    limits: Limits | None = None

    def ring(self) -> Ring | None:
        """The keyring to use, if any."""
        if not self.keyring or os.environ.get("NOTESAPP_KEYRING") == "off":
            return None
        return SystemRing.find()


def unlock(home: Home, how: Unlock) -> tuple[Keyfile, bytes]:
    """The home's key file and key. A home without notes gets a new key; one with notes and no key raises KeyLost.

    Also raises PassphraseNeeded, WrongPassphrase, KeyringSilent, RecoveryKitOther and the kit's spelling errors.
    """
    if how.kit is not None:
        return _with_kit(home, how)
    if not Keyfile.exists(home.keyfile):
        if _had_notes(home):
            raise KeyFileLost(path=home.keyfile, why="it is gone", backups=home.backups)
        ring = None if how.passphrase is not None else how.ring()
        return Keyfile.create(home.keyfile, passphrase=how.passphrase, ring=ring, limits=how.limits)
    keyfile = kept(home)
    ring = how.ring() if keyfile.kind is Kind.KEYRING else None
    return keyfile, keyfile.unlock(how.passphrase, ring)


def _had_notes(home: Home) -> bool:
    """Whether a new key would lock away what is here."""
    store = home.database
    return (store.exists() and store.stat().st_size > 0) or home.highwater.exists() or bool(backups(home.backups))


def kept(home: Home) -> Keyfile:
    """The home's key file; KeyFileLost if it is gone or garbled."""
    try:
        return Keyfile.read(home.keyfile)
    except (KeyLost, UnreadableFile) as error:
        why = error.facts.get("why", "it is gone")
        raise KeyFileLost(path=home.keyfile, why=why, backups=home.backups) from error


def keep_recoverable(keyfile: Keyfile, key: bytes, recovery_box: bytes) -> Keyfile:
    """The key file with the key wrapped for the recovery kit too, if it wasn't and the person's box is known."""
    if keyfile.recovery(RECOVERY_SLOT) is not None or not recovery_box:
        return keyfile
    return keyfile.with_recovery(RECOVERY_SLOT, wrap_store_key(key, recovery_box, os.urandom))


def change_passphrase(keyfile: Keyfile, key: bytes, how: Unlock, new: str | None) -> Keyfile:
    """Keeps the key under a new passphrase; None: leaves it to the keyring, or to the file where there is none."""
    if new is not None:
        return keyfile.with_passphrase(key, new, limits=how.limits)
    ring = how.ring()
    return keyfile.with_file(key) if ring is None else keyfile.with_ring(key, ring)


def _with_kit(home: Home, how: Unlock) -> tuple[Keyfile, bytes]:
    seed = parse_kit(how.kit or "")
    keyfile = kept(home)
    wrapped = keyfile.recovery(RECOVERY_SLOT)
    if wrapped is None:
        raise KeyLost(place="the recovery slot")
    key = unwrap_store_key(wrapped, Root.from_seed(seed))
    if not keyfile.is_key(key):
        raise KeyLost(place="the recovery slot")
    return change_passphrase(keyfile, key, how, how.passphrase), key
