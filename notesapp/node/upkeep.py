"""Keeps the store well while the node runs: a backup a day, a sweep of attachments, the passphrase, the doctor.

Decides when; what a backup or a finding is, the store knows. Nothing here stops a person from typing.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path

from notesapp.errors import BadRequest, CannotWrite, LocalError, NotesError
from notesapp.node import home as unlocking
from notesapp.node.core import Core
from notesapp.node.entries import judge
from notesapp.node.erasing import erase_heard
from notesapp.node.home import Unlock
from notesapp.node.outbox import Deed
from notesapp.store import aftermath, backup, database, doctor, durable
from notesapp.store.backup import Backup
from notesapp.store.blobs import Blobs
from notesapp.store.doctor import Finding, Level
from notesapp.store.keyfile import Kind
from notesapp.store.rows import Batch

logger = logging.getLogger(__name__)

_FIRST_LOOK_S = 60.0  # a start has better things to do
_LOOK_S = 3600.0
BY_THE_WAY_BYTES = 256 << 20  # about two seconds; a larger store is not copied while somebody waits for a command
_YOUNG_MS, _YOUNG_NOTES = 20 * 3600 * 1000, 50  # what was begun just now, and is small, need not be copied yet


class Upkeep:
    """The upkeep of one node."""

    def __init__(self, core: Core, how: Unlock) -> None:
        self._core = core
        self._how = how
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Looks after the store once an hour, as long as the node runs."""
        wait_s = _FIRST_LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = _LOOK_S
            try:
                await self.look()
                self._core.over("backup")
            except NotesError as error:
                self._core.trouble("backup", error)
            except Exception as error:
                logger.exception("! looking after the store failed")  # tomorrow's backup must be made all the same
                self._core.trouble("backup", LocalError(what=f"the daily backup: {type(error).__name__}: {error}"))

    async def look(self) -> None:
        """The daily backup if it is due; what others deleted for ever, and attachments without a reference, go."""
        if await asyncio.to_thread(backup.is_due, self._core.home.backups, self._core.clock()):
            if self._core.journal.low_space:
                logger.warning("! no backup: the disk is nearly full")
            else:
                await self.backup("daily")
        await erase_heard(self._core)
        now_ms = self._core.clock()
        swept = await self._core.journal.write_with(lambda store: Blobs(store.db).sweep(now_ms))
        if swept.blobs:
            logger.info("= swept %d attachments, %d bytes", swept.blobs, swept.freed_bytes)

    async def look_by_the_way(self) -> None:
        """As `look`, for a node that lives for one command: the daily backup, if it is due and quickly made."""
        if self._core.journal.low_space or not await asyncio.to_thread(self._is_due):
            return
        if self._core.home.database.stat().st_size <= BY_THE_WAY_BYTES:
            await self.look()

    def late(self) -> tuple[str, ...]:
        """What a person who uses single commands only must hear of the daily backup: that it is left to him."""
        if not self._is_due() or self._core.home.database.stat().st_size <= BY_THE_WAY_BYTES:
            return ()
        return ("Today's backup was not made yet: these notes are large, so it is left to you: `notesapp backup`.",)

    def _is_due(self) -> bool:
        core, now_ms = self._core, self._core.clock()
        if backup.backups(core.home.backups) or len(core.library) > _YOUNG_NOTES:
            return backup.is_due(core.home.backups, now_ms)
        return not 0 <= now_ms - min(held.time_made_ms for held in core.held.values()) < _YOUNG_MS

    async def backup(self, reason: backup.Reason = "asked", to: Path | None = None) -> Backup:
        """A proved backup now, among those that are kept, or (also) at a path of the person's own."""
        await self._core.outbox.settled()
        async with self._lock:  # two at once would only wait for each other's disk
            made = await asyncio.to_thread(backup.make, self._core.home, self._core.key, self._core.clock(), reason)
        return made if to is None else await asyncio.to_thread(_copy, made, to)

    def backups(self) -> tuple[Backup, ...]:
        """The backups that are kept, the newest first."""
        return backup.backups(self._core.home.backups)

    async def set_passphrase(self, old: str | None, new: str | None) -> None:
        """Keeps the key under a new passphrase, or (None) without one; `old` is asked for if there is one."""
        core = self._core

        def change() -> None:
            keyfile = core.keyfile
            if keyfile.kind is Kind.PASSPHRASE:
                keyfile.unlock(old)
            core.keyfile = unlocking.change_passphrase(keyfile, core.key, self._how, new)

        await asyncio.to_thread(change)

    async def doctor(self) -> tuple[Finding, ...]:
        """What the doctor finds, after everything typed so far is on the disk (if that takes it)."""
        core = self._core
        await core.outbox.patiently(core.outbox.settled())
        found = await asyncio.to_thread(lambda: doctor.examine(core.home, core.key, core.clock(), verify_entry=judge()))
        if any(finding.remedy == database.RESTART for finding in found):
            aftermath.suspect(core.home)  # so that the next start does what was said
        told, core.untold = core.untold, ()
        for number in range(len(told)):
            core.over(f"recovery {number}")
        if told:
            core.outbox.put(Deed(rows=Batch(also=(aftermath.seen,))))
        return (*found, *(Finding(Level.WARN, "repair", sentence) for sentence in told))


def _copy(made: Backup, to: Path) -> Backup:
    """The backup and its key file at the person's own path; never over another file."""
    if to.is_dir():
        to = to / made.path.name
    if to.exists():
        raise BadRequest(what=f"“{to}” exists already; name a new file.")
    try:
        for source, target in ((made.key_path, to.with_suffix(".key")), (made.path, to)):
            if source.exists():
                partial = target.with_name(target.name + ".partial")
                durable.private(partial)  # the key file may hold the key itself
                shutil.copyfile(source, partial)
                partial.replace(target)
    except OSError as error:
        raise CannotWrite(path=to, why=error.strerror or str(error)) from None
    return Backup(to, made.made_ms, made.reason, made.size_bytes)
