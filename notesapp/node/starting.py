"""Decides how a node comes to life: lock, key, store healed if need be, who we are, notebooks, the list of notes.

A first start makes a person, a device, the home notebook and a notebook “Notes”, all signed and sealed, in one commit.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from notesapp.errors import DiskFull, NotesError, StoreDamaged
from notesapp.identity.primitives import Entropy
from notesapp.node import held as holding
from notesapp.node import home as unlocking
from notesapp.node import persona as personas
from notesapp.node.core import Core
from notesapp.node.entries import Openings, judge
from notesapp.node.held import Held
from notesapp.node.home import Unlock
from notesapp.node.hook import Hook
from notesapp.node.indexes import folders_setting, name_setting, removed_setting
from notesapp.node.library import Library
from notesapp.node.outbox import Deed, Outbox, joined
from notesapp.node.persona import Persona
from notesapp.node.rebirth import go_on_as_new_device
from notesapp.node.tasks import Tasks
from notesapp.node.views import NoteView, from_card
from notesapp.node.worker import Workers
from notesapp.notes.notebook import Notebook
from notesapp.store import aftermath, recovery
from notesapp.store.highwater import Highwater
from notesapp.store.journal import Journal
from notesapp.store.keyfile import Keyfile
from notesapp.store.lock import Lock
from notesapp.store.places import Home
from notesapp.store.rows import Batch, EntryRow, HeadRow
from notesapp.store.space import Reserve
from notesapp.store.store import Store

logger = logging.getLogger(__name__)

HOME_NOTEBOOK = "home-notebook"
FIRST_NOTEBOOK = "Notes"
_HOME_NAME = "Home"


@dataclass(slots=True)
class Wires:
    """What the core calls back: status changes, commits, failures of tasks."""

    status: Callable[[bytes], None]
    committed: Callable[[list[EntryRow], tuple[HeadRow, ...]], None]
    failed: Callable[[str, Exception], None]
    disk: Callable[[NotesError | None], None]


class Late:
    """Carries calls to a node that is being made; what comes before it is there is nobody's business."""

    to: Wires | None = None

    def wires(self) -> Wires:
        """The callbacks."""
        return Wires(
            status=lambda doc_id: self.to.status(doc_id) if self.to else None,
            committed=lambda rows, heads: self.to.committed(rows, heads) if self.to else None,
            failed=lambda doing, error: self.to.failed(doing, error) if self.to else None,
            disk=lambda error: self.to.disk(error) if self.to else None,
        )


@dataclass(slots=True)
class Started:
    """A wired core; `unread` tells that cards were lost, so that the notebooks must be read to list the notes."""

    core: Core
    lock: Lock
    report: recovery.Report
    unread: bool


@dataclass(frozen=True, slots=True)
class _Found:
    persona: Persona | None
    held: dict[bytes, Held]
    views: list[NoteView]
    names: dict[bytes, str]
    folders: dict[bytes, list[str]]
    removed: set[bytes]
    home_notebook: bytes
    unread: bool


async def start(home: Home, how: Unlock, wires: Wires, clock: Callable[[], int], entropy: Entropy) -> Started:
    """All of it; what was taken is given back if a step fails. Raises what the steps raise."""
    await asyncio.to_thread(home.prepare)
    lock = Lock.take(home.lockfile)
    try:
        keyfile, key = await asyncio.to_thread(unlocking.unlock, home, how)
        try:
            try:
                return await _open(home, keyfile, key, lock, wires, clock, entropy, suspicious=False)
            except DiskFull:  # this is what the reserve is for
                if not await asyncio.to_thread(Reserve(home.reserve).release):
                    raise
                return await _open(home, keyfile, key, lock, wires, clock, entropy, suspicious=False)
        except StoreDamaged as damage:  # rot that the quick look passed over: now every page is read
            logger.error("! %s", damage)
            return await _open(home, keyfile, key, lock, wires, clock, entropy, suspicious=True)
    except BaseException:
        lock.release()
        raise


async def _open(
    home: Home,
    keyfile: Keyfile,
    key: bytes,
    lock: Lock,
    wires: Wires,
    clock: Callable[[], int],
    entropy: Entropy,
    *,
    suspicious: bool,
) -> Started:
    report, untold = await asyncio.to_thread(_heal, home, key, clock(), suspicious)
    journal = await Journal.open(home, key, trouble=wires.disk)
    try:
        core, unread = await _wire(home, keyfile, key, journal, wires, clock, entropy)
    except BaseException:
        await journal.close()
        raise
    core.untold = untold
    return Started(core, lock, report, unread)


def _heal(home: Home, key: bytes, now_ms: int, suspicious: bool) -> tuple[recovery.Report, tuple[str, ...]]:
    store, report = recovery.open_store(home, key, now_ms, verify_entry=judge(), check=suspicious)
    untold = aftermath.untold(store, now_ms)
    store.close()
    return report, untold


async def _wire(
    home: Home,
    keyfile: Keyfile,
    key: bytes,
    journal: Journal,
    wires: Wires,
    clock: Callable[[], int],
    entropy: Entropy,
) -> tuple[Core, bool]:
    openings = Openings()
    await journal.write_with(lambda store: go_on_as_new_device(store, clock, entropy))
    found = await journal.read(lambda store: _read(store, journal.highwater, openings, clock, entropy))
    library = Library()
    library.put(found.views)
    for notebook_id, name in found.names.items():
        library.put_notebook(notebook_id, name)
        found.held[notebook_id].name = name
        library.put_folders(notebook_id, found.folders[notebook_id])
    library.removed |= found.removed
    outbox = Outbox(journal.submit, wires.status, wires.committed)
    held, persona, home_notebook = found.held, found.persona, found.home_notebook
    if persona is None:
        persona, held, home_notebook, deed = _first_start(openings, clock, entropy)
        await outbox.put(deed)
        library.put_notebook(next(key for key in held if key != home_notebook), FIRST_NOTEBOOK)
    keyfile = await asyncio.to_thread(unlocking.keep_recoverable, keyfile, key, persona.recovery_box)
    tasks = await Tasks(wires.failed).open()
    core = Core(
        home=home,
        key=key,
        keyfile=keyfile,
        journal=journal,
        outbox=outbox,
        persona=persona,
        held=held,
        library=library,
        hook=Hook(),
        workers=Workers(),
        tasks=tasks,
        openings=openings,
        clock=clock,
        entropy=entropy,
        home_notebook=home_notebook,
    )
    return core, found.unread


def _read(
    store: Store, highwater: Highwater | None, openings: Openings, clock: Callable[[], int], entropy: Entropy
) -> _Found:
    persona = personas.load(store)
    if persona is None:
        return _Found(None, {}, [], {}, {}, set(), b"", False)
    held = holding.load(store, highwater, persona, openings, clock, entropy)
    home_notebook = store.setting(HOME_NOTEBOOK) or b""
    names: dict[bytes, str] = {}
    folders: dict[bytes, list[str]] = {}
    removed: set[bytes] = set()
    unread = False
    for notebook_id in held:
        if notebook_id == home_notebook:
            continue
        name = store.setting(name_setting(notebook_id))
        names[notebook_id] = name.decode() if name is not None else notebook_id.hex()[:8]
        folders[notebook_id] = (store.setting(folders_setting(notebook_id)) or b"").decode().splitlines()
        if store.setting(removed_setting(notebook_id)):
            removed.add(notebook_id)
        unread |= name is None
    views: list[NoteView] = []
    for row in store.cards():
        view = from_card(row.data or b"")
        if view is None:
            unread = True
        else:
            views.append(view)
    return _Found(persona, held, views, names, folders, removed, home_notebook, unread)


def _first_start(
    openings: Openings, clock: Callable[[], int], entropy: Entropy
) -> tuple[Persona, dict[bytes, Held], bytes, Deed]:
    persona, rows = personas.found(clock(), entropy)
    batches = [rows]
    deed = Deed()
    held: dict[bytes, Held] = {}
    for name in (_HOME_NAME, FIRST_NOTEBOOK):
        one, records = holding.found(persona, openings, clock, entropy)
        notebook = Notebook.create(one.notebook_id, one.feed.actor, name)
        raws = tuple(change.raw for change in notebook.replica.changes_since(()))
        deed.changes.append((one.feed, one.index_id, raws))
        batches.append(records)
        if name == _HOME_NAME:
            batches.append(Batch(settings={HOME_NOTEBOOK: one.notebook_id}))
        else:
            batches.append(Batch(settings={name_setting(one.notebook_id): name.encode()}))
        held[one.notebook_id] = one
    deed.rows = joined(batches)
    return persona, held, next(iter(held)), deed
