"""How far our own feeds went, kept outside the database and its backups. Decides whether a run may go on with a feed.

A feed that is continued from an old copy of the database forks: two entries with one index, which other devices take
for treason. So each own feed's last (index, hash) is also written here, bound to this machine and this folder, and

    **resume a feed if and only if** this file is ours, it names the feed, and the stored feed still holds, at the
    index that is named here, the entry whose hash is named here (it may go on beyond).

The order is: announce a feed before its first commit; then commit → mark (synced) → only then send. It follows:
- power cut before a feed's first mark: it is announced, so it is ours and nothing of it was sent. No new feed.
- power cut between commit and mark: the store is ahead of the mark. It holds all that was ever sent, so going on can't
  fork. No new feed.
- power cut during the mark: two slots per feed are written by turns, so the older one stands; same case as above.
- a restored backup, a salvage or a disk that lied about syncing: the store is behind the mark. New feed.
- the whole folder copied (other disk, other computer, restored by a backup program): machine, device or inode differ,
  nothing here counts. New feed.
- this file lost or rotten: nothing is named. New feed.
A new feed is never wrong, only a little longer on the wire. What can't be seen from inside is a whole virtual machine
or file system set back to an old state with its ids; the sessions notice the same device twice (replication).

File: magic 8 | binding 16 | per feed two slots of 96 bytes: feed 16 | index + 1 8 | hash 32 | MAC 16 | zeros 24.
Written in place, so that the inode, which is part of the binding, stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path

from notesapp.errors import CannotWrite
from notesapp.store import durable
from notesapp.store.rows import Mark

_MAGIC = b"NAHWM\x00\x001"
_HEAD = 24
_SLOT = 96  # two slots of one feed never share a torn 512-byte sector with a third feed's only slot: each has its twin
_ANNOUNCED = Mark(-1, bytes(32))
_PERSON = b"notesapp-highw/1"


class Highwater:
    """The marks of this device's own feeds. For one thread; holds no file open between calls."""

    def __init__(self, path: Path, key: bytes, machine: bytes) -> None:
        self._path = path
        self._mac_key = blake2b(b"highwater", key=key, digest_size=32, person=_PERSON).digest()
        self._machine = machine
        self._marks: dict[bytes, Mark] = {}
        self._places: dict[bytes, tuple[int, int]] = {}  # feed -> number of its pair, slot to be written next
        self._ours = False

    @classmethod
    def open(cls, path: Path, key: bytes, *, machine: bytes | None = None) -> Highwater:
        """The marks at `path`; none if the file is missing, rotten, or another machine's or folder's.

        `key`: the store's 32 bytes. `machine`: for tests; else this machine's own id.
        """
        mine = cls(path, key, machine_id() if machine is None else machine)
        mine._load()
        return mine

    def may_resume(self, feed: bytes, hash_at: Callable[[int], bytes | None]) -> bool:
        """The rule above; `hash_at(index)` is the hash of the stored entry of `feed`, or None."""
        mark = self._marks.get(feed)
        return mark is not None and (mark == _ANNOUNCED or hash_at(mark.index) == mark.hash)

    def marked(self, feed: bytes) -> Mark | None:
        """How far `feed` surely went, or None (also when it was only announced)."""
        mark = self._marks.get(feed)
        return None if mark == _ANNOUNCED else mark

    def announce(self, feeds: Iterable[bytes]) -> None:
        """Writes down that feeds are ours, before their first commit. Raises CannotWrite."""
        self.mark({feed: _ANNOUNCED for feed in feeds if feed not in self._marks})

    def mark(self, marks: Mapping[bytes, Mark]) -> None:
        """Writes down how far feeds went (never back); on return it survives a power cut.

        Raises CannotWrite; then nothing that was just committed may be sent by this run before a later call succeeds.
        """
        newer = {f: m for f, m in marks.items() if f not in self._marks or self._marks[f].index < m.index}
        if not newer:
            return
        try:
            handle = self._begin()
            try:
                for feed, mark in newer.items():
                    pair, slot = self._places.setdefault(feed, (len(self._places), 0))
                    os.lseek(handle, _HEAD + (2 * pair + slot) * _SLOT, os.SEEK_SET)
                    _write_all(handle, self._packed(feed, mark))
                durable.sync(handle)
            finally:
                os.close(handle)
            for feed in newer:  # only now: a failed write is tried again on the same slot, its twin stands
                pair, slot = self._places[feed]
                self._places[feed] = (pair, 1 - slot)
        except OSError as error:
            raise CannotWrite(path=self._path, why=error.strerror or str(error)) from error
        self._marks.update(newer)

    def _begin(self) -> int:
        """The file, open for writing, ours and with its head."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        if self._ours and self._path.exists():
            return os.open(self._path, flags, 0o600)
        self._path.unlink(missing_ok=True)  # somebody else's marks mean nothing here
        handle = os.open(self._path, flags, 0o600)
        try:
            self._marks.clear()
            self._places.clear()
            _write_all(handle, _MAGIC + self._binding(handle))
            durable.sync(handle)
            durable.sync_folder(self._path.parent)
        except OSError:
            os.close(handle)
            raise
        self._ours = True
        return handle

    def _load(self) -> None:
        try:
            with open(self._path, "rb") as file:
                data = file.read(1 << 20)
                binding = self._binding(file.fileno())
        except OSError:
            return
        if data[:8] != _MAGIC or not compare_digest(data[8:_HEAD], binding):
            return
        self._ours = True
        pairs = -(-(len(data) - _HEAD) // (2 * _SLOT))
        for pair in range(pairs):
            start = _HEAD + 2 * pair * _SLOT
            slots = [self._unpacked(data[start + n * _SLOT : start + (n + 1) * _SLOT]) for n in (0, 1)]
            found = [(mark.index, n, feed, mark) for n, slot in enumerate(slots) if slot for feed, mark in (slot,)]
            if found:
                _, newest, feed, mark = max(found, key=lambda f: f[:2])
                self._marks[feed] = mark
                self._places[feed] = (pair, 1 - newest)
            else:
                self._places[b"lost%d" % pair] = (pair, 0)  # a rotten pair keeps its place, so that no other moves

    def _binding(self, handle: int) -> bytes:
        own, folder = os.fstat(handle), os.stat(self._path.parent)
        ids = (own.st_ino, own.st_dev, folder.st_ino, folder.st_dev)
        where = b"".join((n & (2**128 - 1)).to_bytes(16, "big") for n in ids)
        return blake2b(b"bind" + where + self._machine, key=self._mac_key, digest_size=16).digest()

    def _packed(self, feed: bytes, mark: Mark) -> bytes:
        told = feed + (mark.index + 1).to_bytes(8, "big") + mark.hash
        return (told + self._mac(told)).ljust(_SLOT, b"\0")

    def _unpacked(self, slot: bytes) -> tuple[bytes, Mark] | None:
        told, mac = slot[:56], slot[56:72]
        if len(slot) < 72 or not compare_digest(mac, self._mac(told)):
            return None
        return told[:16], Mark(int.from_bytes(told[16:24], "big") - 1, told[24:56])

    def _mac(self, told: bytes) -> bytes:
        return blake2b(b"mark" + told, key=self._mac_key, digest_size=16).digest()


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def machine_id() -> bytes:
    """What tells this computer from another, hashed; the same at each start. Empty facts only weaken the binding."""
    return blake2b(_machine_fact(), digest_size=16, person=_PERSON).digest()


def _machine_fact() -> bytes:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as entry:
                return str(winreg.QueryValueEx(entry, "MachineGuid")[0]).encode()
        except OSError:
            return b""
    elif sys.platform == "darwin":
        import subprocess

        command = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
        try:
            told = subprocess.run(command, capture_output=True, timeout=5, check=True).stdout
        except (OSError, subprocess.SubprocessError):
            return b""
        return b"".join(line for line in told.splitlines() if b"IOPlatformUUID" in line)
    else:
        for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):  # machine-id(5)
            try:
                return Path(name).read_bytes().strip()
            except OSError:
                continue
        return b""
