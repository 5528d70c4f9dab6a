"""Plain-file mirrors: a notebook written one way into a folder of Markdown files, and kept so. Decides when, and what.

An edit rewrites the files of the notes that it touched; a note that came, went or moved makes the whole plan anew (most
files are then found as they were left). What is about to be written is noted in the store first, so that after a kill
our own half of the work isn't taken for somebody else's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from notesapp.errors import BadRequest, NotesError
from notesapp.node import mirror_folder
from notesapp.node.attachments import Attachments
from notesapp.node.core import Core
from notesapp.node.events import Event, NoteListChanged
from notesapp.node.exporting import Exporting, ExportReport, make_folder
from notesapp.node.indexes import Indexes
from notesapp.node.indexing import Indexing
from notesapp.node.mirror_folder import Piece
from notesapp.node.mirror_memory import Kept, MirrorMemory, Wrote
from notesapp.node.views import NoteView
from notesapp.notes.file_names import name_from_title
from notesapp.notes.vault import digest_of

logger = logging.getLogger(__name__)

_FIRST_LOOK_S = 5.0  # what the last run left undone; a start has better things to do
_REST_S, _AT_MOST_S = 2.0, 15.0
_AGAIN_S = 300.0  # after trouble: a disk may be plugged in again
_AT_CLOSE_S = 4.0

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class MirrorView:
    """A mirror: where it lies, when it was last brought up to date (0: not yet), what keeps it from that ("")."""

    notebook_id: bytes
    path: Path
    written_ms: int = 0
    trouble: str = ""


@dataclass(slots=True)
class MirrorReport:
    """What a pass did. `files`: (path, what happened, why) for those that need a word."""

    path: Path
    notes: int = 0
    attachments: int = 0
    written: int = 0
    same: int = 0
    removed: int = 0
    files: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Mirror:
    kept: Kept
    files: dict[str, Wrote] | None = None  # read from the store when first needed
    touched: set[bytes] = field(default_factory=set)
    whole: bool = False  # the plan must be made anew
    trouble: str = ""


class Mirroring:
    """The mirrors of one node."""

    def __init__(
        self, core: Core, indexes: Indexes, indexing: Indexing, exports: Exporting, attachments: Attachments
    ) -> None:
        self._core = core
        self._indexes = indexes
        self._indexing = indexing
        self._exports = exports
        self._attachments = attachments
        self._mirrors: dict[bytes, _Mirror] = {}
        self._memory = MirrorMemory(core)
        self._lock = asyncio.Lock()
        self._woken = asyncio.Event()
        self._last_s = 0.0

    async def load(self) -> None:
        """Reads which mirrors there are, and follows the notebooks from now on."""
        kept = await self._memory.mirrors()
        self._mirrors = {key: _Mirror(mirror) for key, mirror in kept.items() if key in self._core.held}
        self._core.hook.subscribe(self._heard)

    def views(self) -> tuple[MirrorView, ...]:
        """All mirrors, by the name of their notebook."""
        found = sorted(self._mirrors.items(), key=lambda item: self._core.library.name_of(item[0]).casefold())
        return tuple(
            MirrorView(notebook_id, Path(mirror.kept.path), mirror.kept.written_ms, mirror.trouble)
            for notebook_id, mirror in found
        )

    async def begin(self, notebook_id: bytes, root: Path, progress: Progress | None = None) -> MirrorReport:
        """Mirrors a notebook into a folder from now on; the first writing is done when it returns."""
        self._core.notebook(notebook_id)
        async with self._lock:
            old = self._mirrors.get(notebook_id)
            apart = [self._core.home.folder]
            apart += [Path(other.kept.path) for key, other in self._mirrors.items() if key != notebook_id]
            await asyncio.to_thread(mirror_folder.begin, root, notebook_id, apart)
            if old is not None and Path(old.kept.path) != root:
                await asyncio.to_thread(mirror_folder.leave, Path(old.kept.path), notebook_id)
                await self._memory.forget(notebook_id)
            mirror = self._mirrors[notebook_id] = _Mirror(Kept(str(root)))
            await self._memory.keep(notebook_id, mirror.kept)
            report = await self._pass(notebook_id, mirror, progress)
            self._over(notebook_id, mirror, report)
            return report

    async def stop(self, notebook_id: bytes) -> None:
        """Mirrors it no more; what was written stays. BadRequest if there is no mirror."""
        async with self._lock:
            mirror = self._mirrors.pop(notebook_id, None)
            if mirror is None:
                name = self._core.library.name_of(notebook_id)
                raise BadRequest(what=f"The notebook “{name}” isn't mirrored; `notesapp mirror` lists those that are.")
            await asyncio.to_thread(mirror_folder.leave, Path(mirror.kept.path), notebook_id)
            await self._memory.forget(notebook_id)
            self._core.over(_key(notebook_id))

    async def run(self) -> None:
        """Follows the notebooks as long as the node runs."""
        await asyncio.sleep(_FIRST_LOOK_S)
        for mirror in self._mirrors.values():
            mirror.whole = True  # of what a kill left undone nothing tells
        loop = asyncio.get_running_loop()
        while True:
            await self.catch_up()
            try:
                async with asyncio.timeout(_AGAIN_S if any(m.trouble for m in self._mirrors.values()) else None):
                    await self._woken.wait()
            except TimeoutError:
                continue
            self._woken.clear()
            since_s = loop.time()
            while (rest_s := min(self._last_s + _REST_S, since_s + _AT_MOST_S) - loop.time()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(rest_s)  # it is time itself that is waited for

    async def catch_up(self) -> None:
        """Brings every mirror up to date whose notebook changed; what keeps it from that is a trouble."""
        async with self._lock:
            for notebook_id, mirror in tuple(self._mirrors.items()):
                if not (mirror.touched or mirror.whole or mirror.trouble):
                    continue
                try:
                    self._over(notebook_id, mirror, await self._pass(notebook_id, mirror, None))
                except NotesError as error:
                    self._trouble(notebook_id, mirror, error.sentence)

    async def finish(self) -> None:
        """The end of a run: what is quickly done, is; the rest is found by the next run that stays."""
        if not any(mirror.touched or mirror.whole for mirror in self._mirrors.values()):
            return
        try:
            async with asyncio.timeout(_AT_CLOSE_S):
                await self.catch_up()
        except TimeoutError:
            logger.warning("! the mirrors are left for the next start")

    def _heard(self, event: Event) -> None:
        if not isinstance(event, NoteListChanged) or not self._mirrors:
            return
        if not event.note_ids:  # everything, or an attachment of some notebook
            for mirror in self._mirrors.values():
                mirror.whole = True
        for note_id in event.note_ids or ():
            view = self._core.library.get(note_id)
            if view is not None and (found := self._mirrors.get(view.notebook_id)) is not None:
                found.touched.add(note_id)
        if any(mirror.touched or mirror.whole for mirror in self._mirrors.values()):
            self._last_s = asyncio.get_running_loop().time()
            self._woken.set()

    # -- one pass -------------------------------------------------------------------------------------------------

    async def _pass(self, notebook_id: bytes, mirror: _Mirror, progress: Progress | None) -> MirrorReport:
        root = Path(mirror.kept.path)
        await asyncio.to_thread(mirror_folder.check, root, notebook_id)
        if mirror.files is None:
            mirror.files = await self._memory.files(notebook_id)
        touched, mirror.touched = mirror.touched, set()
        whole, mirror.whole = mirror.whole, False
        report = MirrorReport(root)
        try:
            pieces = None if whole or not mirror.kept.plain else await self._pieces_of(touched, mirror.files)
            if pieces is None:
                pieces = await self._plan(notebook_id, mirror, report)
                await self._remove(notebook_id, mirror.files, {piece.path for piece in pieces}, report)
            await self._write(notebook_id, mirror.files, pieces, report, progress)
        except BaseException:
            mirror.whole = True
            raise
        mirror.kept = msgspec.structs.replace(mirror.kept, written_ms=self._core.clock())
        await self._memory.keep(notebook_id, mirror.kept)
        return report

    async def _pieces_of(self, touched: Iterable[bytes], files: dict[str, Wrote]) -> list[Piece] | None:
        """The files of a few notes; None if one of them has no file of its present name yet, or shall have none."""
        paths = {wrote.doc_id: path for path, wrote in files.items()}
        pieces: list[Piece] = []
        for note_id in touched:
            view, path = self._core.library.get(note_id), paths.get(note_id)
            text = await self._indexing.text_now(note_id)
            if view is None or path is None or text is None or not _shown(view) or files[path].place != _place(view):
                return None
            data = text.encode("utf-8", "surrogatepass")
            pieces.append(Piece(path, digest_of(data), note_id, _place(view), data))
        return pieces

    async def _plan(self, notebook_id: bytes, mirror: _Mirror, report: MirrorReport) -> list[Piece]:
        told = ExportReport(report.path)
        plan = await self._exports.plan(notebook_id, told)
        report.files += told.files
        report.files += [(remark.path, "remark", remark.sentence) for remark in plan.remarks]
        mirror.kept = msgspec.structs.replace(mirror.kept, plain=not plan.remarks)
        for folder in plan.folders:
            await asyncio.to_thread(make_folder, report.path / folder)
        named = (await self._indexes.open(notebook_id)).notebook.attachments()
        pieces: list[Piece] = []
        for file in plan.files:
            if file.attachment_id is not None:
                row = named[file.attachment_id]
                pieces.append(Piece(file.path, row.hash, row.attachment_id, attachment=row.name))
            elif file.note_id is not None and file.data is not None:
                place = _place(self._core.library.note(file.note_id))
                pieces.append(Piece(file.path, digest_of(file.data), file.note_id, place, file.data))
        return pieces

    async def _remove(
        self, notebook_id: bytes, files: dict[str, Wrote], wanted: set[str], report: MirrorReport
    ) -> None:
        """What is in the notebook no more. Before anything is written: two names may be one file, but for the case."""
        gone = [path for path in files if path not in wanted]
        for path in gone:
            outcome = await asyncio.to_thread(mirror_folder.remove, report.path, path, files[path])
            report.removed += outcome == "removed"
            if outcome == "kept":
                report.files.append(
                    (path, outcome, "It is in the notebook no more, but was changed here; it was kept.")
                )
        for path in gone:
            del files[path]
        await self._memory.remember(notebook_id, dict.fromkeys(gone))

    async def _write(
        self,
        notebook_id: bytes,
        files: dict[str, Wrote],
        pieces: list[Piece],
        report: MirrorReport,
        progress: Progress | None,
    ) -> None:
        late = await asyncio.to_thread(mirror_folder.stale, report.path, pieces, files)
        report.notes = sum(piece.data is not None for piece in pieces)
        report.attachments, report.same = len(pieces) - report.notes, len(pieces) - len(late)
        intended = {piece.path: _about_to(files.get(piece.path), piece) for piece in late}
        await self._memory.remember(notebook_id, intended)
        files |= intended
        done: dict[str, Wrote | None] = {}
        try:
            for number, piece in enumerate(late, start=1):
                try:
                    data = piece.data
                    if data is None:
                        data = await self._attachments.read_all(notebook_id, piece.attachment)
                except NotesError as error:  # not all of it has come to this device yet
                    report.files.append((piece.path, "left out", error.sentence))
                    continue
                outcome, wrote = await asyncio.to_thread(
                    mirror_folder.put, report.path, piece, data, files.get(piece.path)
                )
                report.written += outcome == "written"
                report.same += outcome == "same"
                if outcome == "kept":
                    why = (
                        "Another program made or changed this file; it was kept. Move it away, and it is written anew."
                    )
                    report.files.append((piece.path, outcome, why))
                done[piece.path] = files[piece.path] = wrote
                if progress is not None:
                    progress(number, len(late), piece.path)
        finally:
            await self._memory.remember(notebook_id, done)

    def _over(self, notebook_id: bytes, mirror: _Mirror, report: MirrorReport) -> None:
        kept = [path for path, outcome, _ in report.files if outcome == "kept"]
        if kept:
            more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
            sentence = f"In the mirror “{report.path}” another program made or changed “{kept[0]}”{more}; it was kept."
            self._trouble(notebook_id, mirror, f"{sentence} Move it away, and it is written anew.")
        else:
            mirror.trouble = ""
            self._core.over(_key(notebook_id))

    def _trouble(self, notebook_id: bytes, mirror: _Mirror, sentence: str) -> None:
        mirror.trouble, mirror.whole = sentence, True
        self._core.trouble(_key(notebook_id), sentence)


def _key(notebook_id: bytes) -> str:
    return f"mirror {notebook_id.hex()}"


def _about_to(wrote: Wrote | None, piece: Piece) -> Wrote:
    """What is remembered while the file is being written: both what stood there and what shall."""
    before = wrote.digests[-1:] if wrote is not None else ()
    return Wrote((*before, piece.digest), piece.doc_id, piece.place)


def _shown(view: NoteView) -> bool:
    return view.shown and view.trashed_ms is None


def _place(view: NoteView) -> str:
    return f"{view.folder}/{view.file_name or name_from_title(view.title)}"
