"""Decides how notes come back when no node can open them: a backup put in place, or the recovery kit's words.

Blocking, and only while nobody else has the home: each takes the instance lock itself. What stood there is kept aside.
"""

from __future__ import annotations

import time
from pathlib import Path

from notesapp.errors import (
    AlreadyRunning,
    CloseFirst,
    KeyLost,
    NotABackup,
    NotesError,
    PassphraseNeeded,
    UnreadableFile,
    WrongPassphrase,
)
from notesapp.identity.keys import Root
from notesapp.identity.recovery import unwrap_store_key
from notesapp.identity.words import parse_kit
from notesapp.node.home import RECOVERY_SLOT, Unlock, kept, unlock
from notesapp.store import backup
from notesapp.store.keyfile import Keyfile, Kind
from notesapp.store.lock import Lock
from notesapp.store.places import Home
from notesapp.store.restore import finish, restore


def restore_backup(home: Home, file: Path, how: Unlock) -> str:
    """Puts the backup `file` in the place of the notes of `home`; the sentence for the person.

    The key comes from this home, else from the `.key` file beside the backup: by its passphrase, this computer's
    keyring, or the recovery kit. Raises NotABackup, CloseFirst, PassphraseNeeded, WrongPassphrase, KeyLost and what
    `store.restore.restore` raises; then the present notes are untouched.
    """
    if not file.is_file():
        raise UnreadableFile(path=file, why="there is no such file")
    home.prepare()
    with _only_one(home):
        finish(home)
        key = _key_of_home(home, file, how) or _key_beside(file, how)
        done = restore(file, home, key, time.time_ns() // 1_000_000)
        if how.kit is not None:
            unlock(home, how)
        return done.sentence


def use_kit(home: Home, how: Unlock) -> str:
    """Opens the home by the words of the recovery kit and keeps its key anew; the sentence for the person."""
    with _only_one(home):
        had_passphrase = home.keyfile.is_file() and kept(home).kind is Kind.PASSPHRASE
        keyfile, _ = unlock(home, how)
    unprotected = (
        " The old passphrase no longer protects them; set a new one with `notesapp passphrase`."
        if had_passphrase and how.passphrase is None
        else ""
    )
    match keyfile.kind:
        case Kind.PASSPHRASE:
            return "The kit opened these notes; from now on the new passphrase does."
        case Kind.KEYRING:
            return f"The kit opened these notes; from now on this computer's keyring keeps their key.{unprotected}"
        case Kind.FILE:
            return f"The kit opened these notes.{unprotected} {keyfile.notice or ''}".rstrip()


def _only_one(home: Home) -> Lock:
    try:
        return Lock.take(home.lockfile)
    except AlreadyRunning:
        raise CloseFirst(path=home.folder) from None


def _key_of_home(home: Home, file: Path, how: Unlock) -> bytes | None:
    """The key of this home if it opens the backup too."""
    if how.kit is not None or not Keyfile.exists(home.keyfile):
        return None
    try:
        _, key = unlock(home, how)
        backup.prove(file, key)
    except (PassphraseNeeded, WrongPassphrase, KeyLost, NotABackup):
        return None
    return key


def _key_beside(file: Path, how: Unlock) -> bytes:
    """The key in the file that a backup has beside it."""
    beside = file.with_suffix(".key")
    if not beside.is_file():
        raise NotABackup(path=file, why=f"it isn't of these notes, and “{beside.name}”, made with it, isn't beside it")
    keyfile = Keyfile.read(beside)
    if how.kit is not None:
        wrapped = keyfile.recovery(RECOVERY_SLOT)
        if wrapped is None:
            raise KeyLost(place=f"“{beside.name}”")
        return unwrap_store_key(wrapped, Root.from_seed(parse_kit(how.kit)))
    try:
        return keyfile.unlock(how.passphrase, how.ring() if keyfile.kind is Kind.KEYRING else None)
    except NotesError as error:
        if keyfile.kind is Kind.KEYRING:
            raise PassphraseNeeded from error
        raise
