"""Disks for tests: one that records what SQLite asks of it and forgets at a power cut, one that refuses at will.

The model of a power cut: what was synced stays; of what was written since, each 512-byte sector is there or not, in
any combination (lost, torn, reordered), and so are file names since the last sync of a folder.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512
_BASE = "unix"


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    file: str


@dataclass(frozen=True, slots=True)
class Create:
    file: str


@dataclass(frozen=True, slots=True)
class Delete:
    file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody was told that commit `number` is safe."""

    number: int


Event = Write | Truncate | Sync | Create | Delete | Acknowledged


class _PlainFile(apsw.VFSFile):
    def xLock(self, level: int) -> None:
        try:
            super().xLock(level)
        except apsw.IOError as error:
            # a reader that closes tries for the writer's lock, in vain; SQLite shrugs, but apsw would raise
            raise apsw.BusyError("a reader has no writing lock") from error


class _RecordedFile(_PlainFile):
    def __init__(self, tape: list[Event], name: str, path: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__(_BASE, path, flags)
        self.tape = tape
        self.name = name

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.tape.append(Write(self.name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self.tape.append(Truncate(self.name, newsize))

    def xSync(self, flags: int) -> None:
        self.tape.append(Sync(self.name))  # the tape is the disk: what the real one does here costs time only


class RecordingDisk(apsw.VFS):
    """A file system whose `tape` tells all that happened. Use as vfs "multipleciphers-<name>"."""

    def __init__(self, name: str) -> None:
        self.tape: list[Event] = []
        self.name = name
        super().__init__(name, _BASE)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "an unnamed temporary file would lie unencrypted on the disk"
        path = Path(name if isinstance(name, str) else name.filename())
        if not path.exists():
            self.tape.append(Create(path.name))
        return _RecordedFile(self.tape, path.name, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        if not Path(filename).exists():
            return  # SQLite asks this to be sure; apsw would raise SQLITE_IOERR_DELETE_NOENT through its caller
        super().xDelete(filename, False)
        self.tape.append(Delete(Path(filename).name))


@dataclass(slots=True)
class Platter:
    """What is on the disk for sure, and what is only on its way."""

    sure: dict[str, bytearray] = field(default_factory=dict)
    on_the_way: dict[str, list[Write | Truncate]] = field(default_factory=dict)
    names: list[Create | Delete] = field(default_factory=list)  # since the last sync of the folder

    def feed(self, event: Event) -> None:
        """Goes one event on."""
        match event:
            case Write() | Truncate():
                self.on_the_way.setdefault(event.file, []).append(event)
            case Sync():
                # SQLite syncs the folder with the first sync of a new file; one folder, so all names are sure then
                for name in self.names:
                    self._rename(self.sure, name)
                self.names.clear()
                content = self.sure.setdefault(event.file, bytearray())
                for change in self.on_the_way.pop(event.file, ()):
                    _apply(content, change)
            case Create() | Delete():
                self.names.append(event)
                if isinstance(event, Delete):
                    self.on_the_way.pop(event.file, None)
            case Acknowledged():
                pass

    @staticmethod
    def _rename(files: dict[str, bytearray], name: Create | Delete) -> None:
        if isinstance(name, Delete):
            files.pop(name.file, None)
        else:
            files.setdefault(name.file, bytearray())

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files that are found after a power cut now."""
        files = {name: bytearray(content) for name, content in self.sure.items()}
        for name in self.names[: chance.randint(0, len(self.names))]:
            self._rename(files, name)
        fate = chance.choice((_lost, _kept, _prefix, _reordered, _torn, _torn))
        for file, changes in self.on_the_way.items():
            if file in files:
                fate(files[file], changes, chance)
        return {name: bytes(content) for name, content in files.items()}


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.at - len(content))))
    content[change.at : change.at + len(change.data)] = change.data


_Changes = list[Write | Truncate]


def _lost(content: bytearray, changes: _Changes, chance: random.Random) -> None:
    """Nothing that was not synced came through."""


def _kept(content: bytearray, changes: _Changes, chance: random.Random) -> None:
    for change in changes:
        _apply(content, change)


def _prefix(content: bytearray, changes: _Changes, chance: random.Random) -> None:
    for change in changes[: chance.randint(0, len(changes))]:
        _apply(content, change)


def _reordered(content: bytearray, changes: _Changes, chance: random.Random) -> None:
    for change in changes:
        if chance.random() < 0.5:
            _apply(content, change)


def _torn(content: bytearray, changes: _Changes, chance: random.Random) -> None:
    share = chance.choice((0.1, 0.5, 0.9))
    for change in changes:
        if isinstance(change, Truncate):
            if chance.random() < share:
                _apply(content, change)
            continue
        start = change.at
        while start < change.at + len(change.data):
            end = min((start // SECTOR + 1) * SECTOR, change.at + len(change.data))
            if chance.random() < share:
                _apply(content, Write(change.file, start, change.data[start - change.at : end - change.at]))
            start = end


class _RefusingFile(_PlainFile):
    def __init__(self, disk: RefusingDisk, path: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__(_BASE, path, flags)
        self.disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.ask("write")
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.ask("truncate")
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.disk.ask("sync")


class RefusingDisk(apsw.VFS):
    """A file system that asks `verdict(what, number)` before each write, truncate and sync; it may give an error.

    Use as vfs "multipleciphers-<name>". `number` counts from 1.
    """

    def __init__(self, name: str) -> None:
        self.verdict: Callable[[str, int], Exception | None] = lambda what, number: None
        self.asked = 0
        self.name = name
        super().__init__(name, _BASE)

    def ask(self, what: str) -> None:
        self.asked += 1
        if (error := self.verdict(what, self.asked)) is not None:
            raise error

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "an unnamed temporary file would lie unencrypted on the disk"
        return _RefusingFile(self, name, flags)


def no_room() -> Exception:
    """What a full disk answers."""
    return apsw.FullError("no space left on device")


def broken_sector(what: str) -> Exception:
    """What a failing disk answers (EIO)."""
    codes = {"write": apsw.SQLITE_IOERR_WRITE, "truncate": apsw.SQLITE_IOERR_TRUNCATE, "sync": apsw.SQLITE_IOERR_FSYNC}
    return apsw.exception_for(codes[what])
