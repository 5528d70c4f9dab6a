"""The commands that keep notes safe, and those about the running program itself."""

from __future__ import annotations

import os

from notesapp import __version__
from notesapp.control import calls
from notesapp.control.desk import Desk, command
from notesapp.control.rows import BackupRow, Done, FindingRow, KitRow, StatusRow
from notesapp.store.backup import Backup


@command
async def backup(desk: Desk, call: calls.Backup) -> BackupRow:
    """Makes a backup now, among the daily ones or at a path."""
    return _row(await desk.node.backup(None if call.path is None else desk.path(call.path)))


@command
async def backups(desk: Desk, call: calls.Backups) -> tuple[BackupRow, ...]:
    """Lists the backups that are kept."""
    return tuple(_row(made) for made in desk.node.backups())


@command
async def passphrase(desk: Desk, call: calls.Passphrase) -> Done:
    """Sets, changes or takes away the passphrase."""
    await desk.node.set_passphrase(call.old, call.new)
    return Done("" if call.new is not None else desk.node.notice or "")


@command
async def recovery_kit(desk: Desk, call: calls.RecoveryKit) -> KitRow:
    """Tells the recovery kit's words."""
    return KitRow(desk.node.recovery_kit())


@command
async def doctor(desk: Desk, call: calls.Doctor) -> tuple[FindingRow, ...]:
    """Looks whether everything is well."""
    found = await desk.node.doctor()
    rows = [FindingRow(str(one.level), f"{one.sentence} {one.remedy}".strip(), one.remedy) for one in found]
    rows += [FindingRow("warn", sentence) for sentence in desk.node.troubles.values()]
    return tuple(rows)


@command
async def show(desk: Desk, call: calls.Show) -> Done:
    """Brings the window forward with what it was started for."""
    desk.node.show(call.argument)
    return Done()


@command
async def status(desk: Desk, call: calls.Status) -> StatusRow:
    """Tells how the node is."""
    node = desk.node
    return StatusRow(
        version=__version__,
        home=str(node.home.folder),
        pid=os.getpid(),
        running=node.stays,
        window=node.has_window,
        notes=len(node.notes()),
        unsaved=node.unsaved,
        troubles=tuple(node.troubles.values()),
    )


@command
async def notices(desk: Desk, call: calls.Notices) -> tuple[str, ...]:
    """Tells what repairs did that no person has seen yet."""
    return desk.node.notices


@command
async def shutdown(desk: Desk, call: calls.Shutdown) -> Done:
    """Asks the running node to end; it saves everything first."""
    desk.node.ask_to_end()
    return Done()


def _row(made: Backup) -> BackupRow:
    return BackupRow(str(made.path.resolve()), made.size_bytes, made.made_ms, made.reason)
