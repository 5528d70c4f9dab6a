"""Files kept with a notebook: sealed in chunks, announced in the feed, named in the index. Decides names and order.

The chunks are durable before the announcement is; a kill in between leaves an upload that a sweep takes away. Uploading
waits and may fail; naming in the index does neither, so that no change of an index is made and then not stored.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from hashlib import blake2b
from io import BufferedIOBase, BufferedReader, BytesIO
from pathlib import Path
from urllib.parse import quote

from notesapp.errors import (
    AttachmentAway,
    AttachmentsFull,
    BadRequest,
    LocalError,
    NotesError,
    TooLarge,
    UnreadableFile,
)
from notesapp.node.core import Core
from notesapp.node.entries import read_document
from notesapp.node.indexes import Indexes, OpenIndex
from notesapp.node.outbox import Deed, joined
from notesapp.node.views import AttachmentView
from notesapp.notes import file_names
from notesapp.notes.rows import AttachmentRow
from notesapp.notes.vault import digest_of
from notesapp.store.blobs import Blobs
from notesapp.store.rows import Batch
from notesapp.store.store import Store
from notesapp.sync.attachment import SIZE_LIMIT, Chunk, Manifest, Sealer, open_all
from notesapp.sync.body import Attached

Bring = Callable[[bytes, Manifest], Awaitable[None]]
"""Returns when all of a notebook's attachment is on this disk; AttachmentAway if that can't be."""

_READ_BYTES = 4 * 1024 * 1024  # read, sealed and committed at a time: 200 MB pass with a few of these in memory


class Attachments:
    """The attachments of one node."""

    def __init__(self, core: Core, indexes: Indexes) -> None:
        self._core = core
        self._indexes = indexes
        self.bring: Bring = self._bring  # told by whoever can fetch what is not here
        self.on_named: list[Callable[[bytes], None]] = []  # a notebook's attachments are about to be others

    async def all(self, notebook_id: bytes) -> list[AttachmentView]:
        """All files kept with a notebook, by name."""
        index = await self._indexes.open(notebook_id)
        rows = sorted(index.notebook.attachments().values(), key=lambda row: row.name)
        return [_view(notebook_id, row) for row in rows]

    async def attach(self, notebook_id: bytes, source: Path | bytes, name: str, folder: str = "") -> AttachmentView:
        """Keeps a file; the same name with the same content is kept once, another content gets another name.

        Raises UnreadableFile, TooLarge, AttachmentsFull; then nothing is kept.
        """
        index = await self._indexes.open(notebook_id)
        size, digest = await asyncio.to_thread(_measure, source)
        path = file_names.clean_folder(f"{folder}/{file_names.safe_name(name)}")
        for row in index.notebook.attachments().values():
            if row.name == path and row.hash == digest:
                return _view(notebook_id, row)
        manifest = await self.upload(source, name, size)
        deed, row = self.named(index, manifest, _free_name(index, path))
        await self._core.outbox.put(deed)
        return _view(notebook_id, row)

    async def upload(self, source: Path | bytes, name: str, size: int) -> Manifest:
        """Seals a file; its chunks are durable when it returns, and wait to be named."""
        core = self._core
        return await self._upload(Sealer(core.entropy(16), core.entropy, Path(name).name), source, size)

    def named(self, index: OpenIndex, manifest: Manifest, name: str) -> tuple[Deed, AttachmentRow]:
        """The deed that announces uploaded chunks and puts them into the index under `name`; to be put at once."""
        attachment_id = manifest.attachment_id
        now_ms, mime = self._core.clock(), mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = manifest.content_hash
        change = index.notebook.add_attachment(
            attachment_id, name=name, size=manifest.size, mime=mime, digest=digest, now_ms=now_ms
        )
        holder = index.held.notebook_id
        keep = Batch(also=(lambda db: Blobs(db).mark(blob_name(manifest), holder),))
        deed = self._indexes.deed(index, [change])
        deed.announced.append((index.held.feed, manifest))
        deed.rows = joined([deed.rows, keep])
        self._tell_named(holder)
        return deed, AttachmentRow(attachment_id, name, manifest.size, mime, digest, now_ms)

    def removed(self, index: OpenIndex, row: AttachmentRow, manifest: Manifest) -> Deed:
        """The deed that takes an attachment out of the index; its chunks go 30 days after the last reference."""
        holder, now_ms = index.held.notebook_id, self._core.clock()
        let_go = Batch(also=(lambda db: Blobs(db).unmark(blob_name(manifest), holder, now_ms),))
        deed = self._indexes.deed(index, [index.notebook.remove_attachment(row.attachment_id)])
        deed.rows = joined([deed.rows, let_go])
        self._tell_named(holder)
        return deed

    def _tell_named(self, notebook: bytes) -> None:
        for hear in self.on_named:
            hear(notebook)

    async def remove(self, notebook_id: bytes, name: str) -> None:
        """Takes an attachment out of a notebook; BadRequest if there is none by this name."""
        index = await self._indexes.open(notebook_id)
        row = _named(index, name)
        manifest = await self.manifest(index, row)
        await self._core.outbox.put(self.removed(index, row, manifest))

    async def read(self, notebook_id: bytes, name: str) -> AsyncIterator[bytes]:
        """An attachment's bytes, piece by piece; BadRequest if there is none by this name."""
        index = await self._indexes.open(notebook_id)
        manifest = await self.manifest(index, _named(index, name))
        await self.bring(notebook_id, manifest)
        sealed = await self._core.journal.read(lambda store: list(Blobs(store.db).read(blob_name(manifest))))
        for piece in open_all(manifest, sealed):
            yield piece
            await asyncio.sleep(0)

    async def read_all(self, notebook_id: bytes, name: str) -> bytes:
        """An attachment's bytes as a whole."""
        return b"".join([piece async for piece in self.read(notebook_id, name)])

    async def manifest(self, index: OpenIndex, row: AttachmentRow) -> Manifest:
        """What was announced of an attachment; AttachmentAway if that has not come here."""
        stored = await self._core.journal.read(lambda store: read_document(store, row.attachment_id, {}))
        self._core.openings.learn(stored.openings)
        for entry in stored.rows:
            body = index.held.read(entry)
            if isinstance(body, Attached) and body.manifest.content_hash == row.hash:
                return body.manifest
        raise AttachmentAway

    async def _bring(self, notebook_id: bytes, manifest: Manifest) -> None:
        if not await self._core.journal.read(lambda store: Blobs(store.db).has(blob_name(manifest))):
            raise AttachmentAway

    async def upload_small(self, paths: Sequence[Path]) -> dict[Path, Manifest | NotesError]:
        """The manifests of many small files, whose chunks become durable in one transaction; errors file by file."""
        core, now_ms = self._core, self._core.clock()

        def seal() -> dict[Path, tuple[list[Chunk], Manifest] | NotesError]:
            return {path: _sealed(path, Sealer(core.entropy(16), core.entropy, path.name)) for path in paths}

        sealed = await asyncio.to_thread(seal)

        def keep(store: Store) -> dict[Path, Manifest | NotesError]:
            blobs = Blobs(store.db)
            kept: dict[Path, Manifest | NotesError] = {}
            with store.whole():
                for path, found in sealed.items():
                    if isinstance(found, NotesError):
                        kept[path] = found
                        continue
                    chunks, manifest = found
                    try:
                        number = blobs.begin(manifest.size, now_ms)
                        for chunk in chunks:
                            blobs.add(number, chunk.sealed, now_ms)
                        blobs.finish(number, blob_name(manifest), now_ms)
                        kept[path] = manifest
                    except AttachmentsFull as full:
                        kept[path] = full
            return kept

        return await core.journal.write_with(keep)

    async def _upload(self, sealer: Sealer, source: Path | bytes, size: int) -> Manifest:
        """Seals and keeps a file; a small one in one transaction, a large one piece by piece."""
        pieces = _Pieces(source)
        upload: int | None = None
        try:
            while True:
                chunks = await asyncio.to_thread(pieces.next, sealer)
                manifest = None
                if pieces.ended:
                    rest, manifest = sealer.finish()
                    chunks += rest
                upload = await self._keep(upload, size, chunks, manifest)
                if manifest is not None:
                    return manifest
        except BaseException:
            if upload is not None:
                number = upload
                await self._core.journal.write_with(lambda store: Blobs(store.db).abandon(number))
            raise
        finally:
            pieces.close()

    async def _keep(self, upload: int | None, size: int, chunks: list[Chunk], manifest: Manifest | None) -> int:
        """The number of the upload, which begins with its first chunks and ends with its manifest."""
        now_ms = self._core.clock()

        def keep(store: Store) -> int:
            blobs = Blobs(store.db)
            with store.whole():
                number = blobs.begin(size, now_ms) if upload is None else upload
                for chunk in chunks:
                    if blobs.add(number, chunk.sealed, now_ms) != chunk.hash:
                        raise LocalError(what="two parts of the program name a chunk differently")
                if manifest is not None:
                    blobs.finish(number, blob_name(manifest), now_ms)
            return number

        return await self._core.journal.write_with(keep)


def _sealed(path: Path, sealer: Sealer) -> tuple[list[Chunk], Manifest] | NotesError:
    """All of a small file. Blocking."""
    pieces = _Pieces(path)
    try:
        chunks: list[Chunk] = []
        while not pieces.ended:
            chunks += pieces.next(sealer)
        rest, manifest = sealer.finish()
    except OSError as error:
        return UnreadableFile(path=path, why=error.strerror or str(error))
    except NotesError as error:
        return error
    finally:
        pieces.close()
    return [*chunks, *rest], manifest


class _Pieces:
    """A file or bytes, read in pieces on a thread without a face; `ended` once all was read."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source
        self._file: BufferedIOBase | None = None
        self.ended = False

    def next(self, sealer: Sealer) -> list[Chunk]:
        """The chunks of the next piece. Blocking."""
        if self._file is None:
            self._file = BytesIO(self._source) if isinstance(self._source, bytes) else _open(self._source)
        piece = self._file.read(_READ_BYTES)
        self.ended = len(piece) < _READ_BYTES
        return list(sealer.add(piece))

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            self._file.close()


def blob_name(manifest: Manifest) -> bytes:
    """What the store calls an attachment: the hash of its list of chunks (one content sealed twice differs)."""
    return digest_of(manifest.chunks)


def markdown_link(name: str, mime: str) -> str:
    """How a note refers to an attachment: a picture by an image, anything else by a link."""
    label = name.rpartition("/")[2]
    return f"{'!' if mime.startswith('image/') else ''}[{label}]({quote(name)})"


def _view(notebook_id: bytes, row: AttachmentRow) -> AttachmentView:
    return AttachmentView(row.attachment_id, notebook_id, row.name, row.size, row.mime, row.added_ms)


def _named(index: OpenIndex, name: str) -> AttachmentRow:
    for row in index.notebook.attachments().values():
        if row.name == name:
            return row
    raise BadRequest(what=f"There is no attachment “{name}”; `notesapp attachments` lists them.")


def _free_name(index: OpenIndex, path: str) -> str:
    taken = {file_names.name_key(row.name) for row in index.notebook.attachments().values()}
    return file_names.unique_name(path, taken)


def _measure(source: Path | bytes) -> tuple[int, bytes]:
    if isinstance(source, bytes):
        size, digest = len(source), digest_of(source)
    else:
        whole, size = blake2b(digest_size=32), 0
        with _open(source) as file:
            try:
                while piece := file.read(_READ_BYTES):
                    size += len(piece)
                    if size > SIZE_LIMIT:
                        break
                    whole.update(piece)
            except OSError as error:
                raise UnreadableFile(path=source, why=error.strerror or str(error)) from None
        digest = whole.digest()
    if size > SIZE_LIMIT:
        raise TooLarge(what="The attachment", size="more than 200 MB", limit="200 MB")
    return size, digest


def _open(path: Path) -> BufferedReader:
    if not path.is_file():
        raise UnreadableFile(path=path, why="it is no file" if path.exists() else "there is no such file")
    try:
        return open(path, "rb")
    except OSError as error:
        raise UnreadableFile(path=path, why=error.strerror or str(error)) from None
