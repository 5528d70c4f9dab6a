"""How the store's key is kept. Decides between keyring, passphrase and plain file, and changes between them safely.

The key itself (32 random bytes) never changes; only its wrapping does, so that a new passphrase rewrites a small file
and not the store. `key.json` is replaced whole: a kill in between leaves the old way of opening, which still works.
Recovery slots hold the key wrapped by somebody else's means: opaque bytes here.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path

import msgspec
from nacl import exceptions, pwhash
from nacl.secret import Aead

from notesapp.errors import (
    BadRequest,
    CannotWrite,
    KeyLost,
    KeyringSilent,
    PassphraseNeeded,
    StoreNewer,
    UnreadableFile,
    WrongPassphrase,
)
from notesapp.store import durable
from notesapp.store.ring import Ring

FORMAT = 1
MOST_MEMORY = 1 << 30  # a file from elsewhere must not make us take more than 1 GiB for a guess
MOST_ROUNDS = 16


class Kind(StrEnum):
    """Who keeps the key."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    FILE = "file"


NOTICE = (
    "These notes are encrypted, but their key lies beside them in “{path}”, because this computer offers no keyring:"
    " whoever can read your files can read your notes. Set a passphrase with `notesapp passphrase`."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one guess at a passphrase costs (Argon2id, RFC 9106): passes over `memory_bytes`."""

    rounds: int = pwhash.argon2id.OPSLIMIT_MODERATE
    memory_bytes: int = pwhash.argon2id.MEMLIMIT_MODERATE  # 256 MiB: about half a second


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`key.json`; bytes are base64."""

    format: int
    kind: Kind
    name: str  # under which a keyring keeps it
    check: bytes  # tells a right key from a wrong one
    key: bytes = b""  # FILE: the key; PASSPHRASE: the key sealed under the passphrase
    salt: bytes = b""
    rounds: int = 0
    memory_bytes: int = 0
    recovery: dict[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Keyfile:
    """The kept key of one home. A value: each change returns the next one, after it is on the disk."""

    path: Path
    _form: _Form = field(repr=False)

    @classmethod
    def exists(cls, path: Path) -> bool:
        """Whether a key was ever made here."""
        return path.exists()

    @classmethod
    def read(cls, path: Path) -> Keyfile:
        """What is kept at `path`. Raises KeyLost (no file), UnreadableFile, StoreNewer."""
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise KeyLost(place=f"“{path}”") from error
        except OSError as error:
            raise UnreadableFile(path=path, why=error.strerror or str(error)) from error
        try:
            version = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("format", msgspec.Raw(b"0"))
            if (found := msgspec.json.decode(version, type=int)) > FORMAT:
                raise StoreNewer(found=f"key {found}", known=f"key {FORMAT}")
            return cls(path, msgspec.json.decode(data, type=_Form))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableFile(path=path, why=f"it is not a key file of Notesapp ({error})") from error

    @classmethod
    def create(
        cls, path: Path, *, passphrase: str | None = None, ring: Ring | None = None, limits: Limits | None = None
    ) -> tuple[Keyfile, bytes]:
        """A new key, kept by `passphrase`, else by `ring`, else in the file itself; and the key.

        Never over an existing file: that would be the end of somebody's notes.
        """
        if path.exists():
            raise BadRequest(what=f"“{path}” exists already; a new key would lock its notes away for ever.")
        return cls.wrap(path, secrets.token_bytes(32), passphrase=passphrase, ring=ring, limits=limits)

    @classmethod
    def wrap(
        cls,
        path: Path,
        key: bytes,
        *,
        passphrase: str | None = None,
        ring: Ring | None = None,
        limits: Limits | None = None,
        recovery: Mapping[str, bytes] | None = None,
    ) -> tuple[Keyfile, bytes]:
        """Keeps a known `key` anew (after a recovery), in place of what was there."""
        form = _Form(FORMAT, Kind.FILE, secrets.token_hex(8), _check(key), key=key, recovery=dict(recovery or {}))
        keyfile = cls(path, form)
        if passphrase is not None:
            return keyfile.with_passphrase(key, passphrase, limits=limits), key
        if ring is not None:
            try:
                return keyfile.with_ring(key, ring), key
            except (KeyringSilent, KeyLost):
                pass  # a keyring that can't keep it is as good as none: the notice says so
        keyfile._save()
        return keyfile, key

    @property
    def kind(self) -> Kind:
        """Who keeps the key."""
        return self._form.kind

    @property
    def notice(self) -> str | None:
        """What a person must be told, as long as it is so; None if all is well."""
        return NOTICE.format(path=self.path) if self.kind is Kind.FILE else None

    def unlock(self, passphrase: str | None = None, ring: Ring | None = None) -> bytes:
        """The store's key. Raises PassphraseNeeded, WrongPassphrase, KeyLost, KeyringSilent.

        Takes half a second of work for a passphrase, up to 5 s of waiting for a keyring: not for a thread with a face.
        """
        match self._form.kind:
            case Kind.FILE:
                return self._checked(self._form.key, f"“{self.path}”")
            case Kind.KEYRING:
                if ring is None:
                    raise KeyringSilent(why="there is none any more")
                told = ring.get(self._form.name) or ""
                try:
                    key = bytes.fromhex(told)
                except ValueError:
                    key = b""
                return self._checked(key, "this computer's keyring")
            case Kind.PASSPHRASE:
                if passphrase is None:
                    raise PassphraseNeeded
                return self._opened(passphrase)

    def with_passphrase(self, key: bytes, passphrase: str, *, limits: Limits | None = None) -> Keyfile:
        """Keeps `key` under a (new) passphrase from now on; the old way of opening ends when this returns."""
        if not passphrase:
            raise BadRequest(what="An empty passphrase protects nothing; type one of several words.")
        cost = limits or Limits()
        salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
        sealed = bytes(Aead(_stretched(passphrase, salt, cost)).encrypt(key, _AAD))
        return self._change(
            key, kind=Kind.PASSPHRASE, key=sealed, salt=salt, rounds=cost.rounds, memory_bytes=cost.memory_bytes
        )

    def with_ring(self, key: bytes, ring: Ring) -> Keyfile:
        """Leaves `key` to the keyring from now on, after it has proved that it gives it back."""
        name = secrets.token_hex(8)  # a new name: the old entry, if any, stays good until the file is replaced
        ring.put(name, key.hex())
        if ring.get(name) != key.hex():
            raise KeyLost(place="this computer's keyring")
        return self._change(key, kind=Kind.KEYRING, name=name, key=b"", salt=b"", rounds=0, memory_bytes=0)

    def with_file(self, key: bytes) -> Keyfile:
        """Keeps `key` in the file itself from now on; `notice` says what that means."""
        return self._change(key, kind=Kind.FILE, key=key, salt=b"", rounds=0, memory_bytes=0)

    def recovery(self, slot: str) -> bytes | None:
        """The key as wrapped by the recovery means called `slot`."""
        return self._form.recovery.get(slot)

    def with_recovery(self, slot: str, wrapped: bytes | None) -> Keyfile:
        """Keeps (or with None drops) a recovery wrapping."""
        slots = {**self._form.recovery, slot: wrapped or b""}
        if wrapped is None:
            del slots[slot]
        return self._saved(msgspec.structs.replace(self._form, recovery=slots))

    def is_key(self, key: bytes) -> bool:
        """Whether `key` is the one of these notes (after a recovery, before it is wrapped anew)."""
        return compare_digest(_check(key), self._form.check)

    def _change(self, whose: bytes, **changes: object) -> Keyfile:
        if not self.is_key(whose):
            raise KeyLost(place="what was given")
        return self._saved(msgspec.structs.replace(self._form, **changes))

    def _saved(self, form: _Form) -> Keyfile:
        changed = replace(self, _form=form)
        changed._save()
        return changed

    def _save(self) -> None:
        try:
            durable.write_whole(self.path, msgspec.json.format(msgspec.json.encode(self._form)) + b"\n")
        except OSError as error:
            raise CannotWrite(path=self.path, why=error.strerror or str(error)) from error

    def _opened(self, passphrase: str) -> bytes:
        form = self._form
        if not (0 < form.rounds <= MOST_ROUNDS and 0 < form.memory_bytes <= MOST_MEMORY):
            raise UnreadableFile(path=self.path, why="it asks for too much work for a passphrase")
        if len(form.salt) != pwhash.argon2id.SALTBYTES:
            raise UnreadableFile(path=self.path, why="its salt is cut off")
        try:
            stretched = _stretched(passphrase, form.salt, Limits(form.rounds, form.memory_bytes))
            key = Aead(stretched).decrypt(form.key, _AAD)
        except (exceptions.CryptoError, ValueError) as error:
            raise WrongPassphrase from error
        return self._checked(key, f"“{self.path}”")

    def _checked(self, key: bytes, place: str) -> bytes:
        if len(key) != 32 or not self.is_key(key):
            raise KeyLost(place=place)
        return key


_AAD = b"notesapp/store-key/1"


def _stretched(passphrase: str, salt: bytes, cost: Limits) -> bytes:
    # NFC, so that the same letters typed on macOS and Linux are the same passphrase
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return pwhash.argon2id.kdf(32, typed, salt, opslimit=cost.rounds, memlimit=cost.memory_bytes)


def _check(key: bytes) -> bytes:
    return blake2b(b"check", key=key[:64], digest_size=16, person=b"notesapp-keych/1").digest()


def readable_by_others(path: Path) -> bool:
    """Whether somebody else on this computer may read the key file (for the doctor)."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)
