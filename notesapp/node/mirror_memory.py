"""What is remembered of plain-file mirrors, in the store: where they lie, and of each file what we wrote there."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from notesapp.node.core import Core
from notesapp.node.outbox import Deed
from notesapp.store.rows import Batch, PendingRow
from notesapp.store.store import Store

_SETTING = "mirror:"


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """One mirror. `plain`: every file is called as its note, so one can be written without looking at the others."""

    path: str
    written_ms: int = 0
    plain: bool = False


class Wrote(msgspec.Struct, frozen=True, array_like=True):
    """One file: digests of what we wrote (the newest last) or are about to write, and how it looked afterwards."""

    digests: tuple[bytes, ...]
    doc_id: bytes = b""  # the note or attachment
    place: str = ""  # a note's folder and name as they were
    mtime_ns: int = 0
    size: int = 0


class MirrorMemory:
    """Asks the store, and tells it; while the disk refuses, nothing here waits for it longer than a moment."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def mirrors(self) -> dict[bytes, Kept]:
        """All mirrors, by notebook."""
        found = await self._core.journal.read(mirror_settings)
        return {
            bytes.fromhex(name.removeprefix(_SETTING)): msgspec.msgpack.decode(value, type=Kept)
            for name, value in found.items()
        }

    async def files(self, notebook_id: bytes) -> dict[str, Wrote]:
        """What was written of a notebook, by path."""
        rows = await self._core.journal.read(lambda store: list(store.pending(_scope(notebook_id))))
        return {row.id.decode(): msgspec.msgpack.decode(row.data or b"", type=Wrote) for row in rows}

    async def remember(self, notebook_id: bytes, files: Mapping[str, Wrote | None]) -> None:
        """Files were written, or (None) are ours no more."""
        if not files:
            return
        scope = _scope(notebook_id)
        rows = tuple(
            PendingRow(scope, path.encode(), None if wrote is None else msgspec.msgpack.encode(wrote))
            for path, wrote in files.items()
        )
        await self._put(Batch(pending=rows))

    async def keep(self, notebook_id: bytes, kept: Kept) -> None:
        """A mirror as it is now."""
        await self._put(Batch(settings={_SETTING + notebook_id.hex(): msgspec.msgpack.encode(kept)}))

    async def forget(self, notebook_id: bytes) -> None:
        """There is no such mirror any more."""
        await self.remember(notebook_id, dict.fromkeys(await self.files(notebook_id)))
        await self._put(Batch(settings={_SETTING + notebook_id.hex(): None}))

    async def _put(self, rows: Batch) -> None:
        await self._core.outbox.patiently(self._core.outbox.put(Deed(rows=rows)))


def mirror_settings(store: Store) -> dict[str, bytes]:
    """The settings that name mirrors. Blocking."""
    return dict(store.db.execute("SELECT name, value FROM settings WHERE name GLOB ?", (f"{_SETTING}*",)))


def _scope(notebook_id: bytes) -> bytes:
    return b"mirror " + notebook_id
