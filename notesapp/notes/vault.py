"""Decides what becomes of a Markdown folder or an Obsidian vault that is imported: which file is a note, which an
attachment, what is new, what has changed on which side. Reads no file: the caller brings names and bytes.

A note's text is the file's text as it is (only a byte order mark and foreign line ends go, and are reported); its
file name and folder keep their spelling. Identity is the source path: what the last import left for a path (`Known`,
kept by the caller on this device) tells "unchanged", "changed on disk", "changed here" and "changed on both sides"
apart. Without that knowledge a note of the same folder, name and text is taken for the same note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import blake2b

from notesapp.notes import file_names
from notesapp.notes.file_names import clean_folder, name_key
from notesapp.notes.rows import MAX_ATTACHMENT_BYTES
from notesapp.notes.schema import MAX_TEXT_BYTES
from notesapp.text import Splice, between, clean

ATTACHMENT_LIMIT_BYTES = MAX_ATTACHMENT_BYTES
_NO_CONTENT = frozenset(("thumbs.db", "desktop.ini", "__macosx", "icon\r"))
_BOM = "\ufeff"
_BROKEN = re.compile("[\ud800-\udfff]")  # how Python shows bytes of a file name that are no UTF-8
_UNWANTED = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029]")  # no name in an index holds these (`rows`)


class FileKind(Enum):
    """What a file of the folder is to us."""

    NOTE = "note"
    ATTACHMENT = "attachment"
    IGNORED = "ignored"


class Action(Enum):
    """What an import does with a file."""

    CREATE = "create"
    UPDATE = "update"  # changed on disk only: `splice` fits the note's present text
    SKIP = "skip"
    KEEP_BOTH = "keep both"  # changed on both sides: the file becomes a second note
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below the folder: `path` relative with `/`; `data` for notes only; `digest` of attachments (32 bytes)."""

    path: str
    size: int
    data: bytes | None = None
    digest: bytes | None = None
    created_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the last import left for a source path; to be kept per folder that was imported."""

    note_id: bytes
    source_digest: bytes
    text_digest: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """A note that the notebook holds already: where, and its text's digest (`digest_of`)."""

    note_id: bytes
    folder: str
    file_name: str
    text_digest: bytes


@dataclass(frozen=True, slots=True)
class NotePlan:
    """What to do for one Markdown file. `note_id` is the note to update, or the one that is the same already.

    After doing it the caller keeps `Known(note_id, source_digest, text_digest)` for `path`, except for REFUSE.
    """

    path: str
    action: Action
    folder: str
    file_name: str
    text: str
    source_digest: bytes
    text_digest: bytes
    created_ms: int | None = None
    note_id: bytes | None = None
    splice: Splice | None = None


@dataclass(frozen=True, slots=True)
class AttachmentPlan:
    """What to do for one other file: CREATE, UPDATE (other content), SKIP or REFUSE; `name` is its path here."""

    path: str
    action: Action
    name: str
    size: int
    digest: bytes | None


AS_FILE = "kept as a file"
LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should know about one file: a whole sentence without the path.

    `outcome` is AS_FILE or LEFT_OUT if the file didn't become what it is in the folder.
    """

    path: str
    sentence: str
    outcome: str = "remark"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import does, in the order of the paths; `link_report` says where the links of `notes` lead."""

    notes: tuple[NotePlan, ...]
    attachments: tuple[AttachmentPlan, ...]
    folders: tuple[str, ...]
    ignored: tuple[str, ...]
    remarks: tuple[Remark, ...]


def kind_of(path: str) -> FileKind:
    """What the file at this relative path is, from its name alone; hidden files and folders are ignored."""
    parts = path.split("/")
    if any(part.startswith(".") or part.lower() in _NO_CONTENT for part in parts):
        return FileKind.IGNORED
    return FileKind.ATTACHMENT if file_names.note_name(parts[-1]) is None else FileKind.NOTE


def digest_of(data: bytes | str) -> bytes:
    """BLAKE2b-256 of a file's bytes or of a text's UTF-8: how the plans compare, and what attachments are known by."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=32).digest()


def plan_import(
    files: Iterable[SourceFile],
    *,
    known: Mapping[str, Known] | None = None,
    held: Iterable[Held] = (),
    text_now: Callable[[bytes], str | None] = lambda _: None,
    attachments: Mapping[str, bytes] | None = None,
    folders: Iterable[str] = (),
    into: str = "",
) -> ImportPlan:
    """Plan the import of `files` into the notebook's folder `into`.

    `known` is what the last import of this folder left, `held` are the notebook's notes, `text_now` answers for a
    note's present text (None: it is gone), `attachments` maps names to content digests, `folders` are the source's
    folders (empty ones are kept).
    """
    planner = _Planner(known or {}, held, text_now, attachments or {}, clean_folder(into))
    for file in sorted(files, key=lambda file: file.path):
        planner.take(file)
    planner.report_clashes()
    kept = {planner.below(folder) for folder in folders if kind_of(folder + "/x") is not FileKind.IGNORED}
    return ImportPlan(
        notes=tuple(planner.notes),
        attachments=tuple(planner.files),
        folders=tuple(sorted(kept - {""})),
        ignored=tuple(planner.ignored),
        remarks=tuple(planner.remarks),
    )


class _Planner:
    def __init__(
        self,
        known: Mapping[str, Known],
        held: Iterable[Held],
        text_now: Callable[[bytes], str | None],
        attachments: Mapping[str, bytes],
        into: str,
    ) -> None:
        self.known = known
        self.text_now = text_now
        self.attachments = attachments
        self.into = into
        self.same = {(note.folder, note.file_name, note.text_digest): note.note_id for note in held}
        self.claimed = {entry.note_id for entry in known.values()}  # each held note belongs to one path
        self.notes: list[NotePlan] = []
        self.files: list[AttachmentPlan] = []
        self.ignored: list[str] = []
        self.remarks: list[Remark] = []

    def below(self, path: str) -> str:
        return clean_folder(f"{self.into}/{_readable(path)}")

    def remark(self, path: str, sentence: str, outcome: str = "remark") -> None:
        self.remarks.append(Remark(path, sentence, outcome))

    def take(self, file: SourceFile) -> None:
        if _readable(file.path) != file.path:
            self.remark(file.path, f"Its name can't be kept as it is; it is “{_readable(file.path)}” here.")
        match kind_of(file.path):
            case FileKind.IGNORED:
                self.ignored.append(file.path)
            case FileKind.NOTE if file.data is not None and (text := self._text(file)) is not None:
                self._take_note(file, file.data, text)
            case _:
                self._take_attachment(file)

    def _text(self, file: SourceFile) -> str | None:
        """The file as a note's text, with a remark for whatever that changes; None if it can't be one."""
        data = file.data or b""
        if len(data) > MAX_TEXT_BYTES:
            self.remark(
                file.path, f"It is larger than a note may be ({MAX_TEXT_BYTES:,} bytes): kept as a file.", AS_FILE
            )
            return None
        try:
            read = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.remark(file.path, f"It is not UTF-8 text (byte {error.start}): kept as an attachment.", AS_FILE)
            return None
        if "\x00" in read:
            self.remark(file.path, "It holds NUL bytes, so it is no text: kept as an attachment.", AS_FILE)
            return None
        text = read
        if text.startswith(_BOM):
            text = text[1:]
            self.remark(file.path, "The byte order mark at its start was left out.")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            self.remark(file.path, "Its line ends were changed from CR or CRLF to LF.")
        cleaned = clean(text)
        if cleaned != text:
            self.remark(file.path, "Characters that no note may hold were changed to line ends or left out.")
        return cleaned

    def _take_note(self, file: SourceFile, data: bytes, text: str) -> None:
        folder, _, name = file.path.rpartition("/")
        plan = NotePlan(
            path=file.path,
            action=Action.CREATE,
            folder=self.below(folder),
            file_name=_readable(file_names.note_name(name) or name),
            text=text,
            source_digest=digest_of(data),
            text_digest=digest_of(text),
            created_ms=file.created_ms,
        )
        known = self.known.get(file.path)
        self.notes.append(self._adopt(plan) if known is None else self._compare(plan, known))

    def _adopt(self, plan: NotePlan) -> NotePlan:
        """Nothing is known of this path; but the very same note may be here (imported from elsewhere, or restored)."""
        note_id = self.same.get((plan.folder, plan.file_name, plan.text_digest))
        if note_id is None or note_id in self.claimed:
            return plan
        self.claimed.add(note_id)
        return replace(plan, action=Action.SKIP, note_id=note_id)

    def _compare(self, plan: NotePlan, known: Known) -> NotePlan:
        here = self.text_now(known.note_id)
        changed_on_disk = known.source_digest != plan.source_digest
        if here is None:
            if changed_on_disk:
                return plan
            self.remark(plan.path, "It was deleted here and hasn't changed on disk since: not imported again.")
            return replace(plan, action=Action.SKIP, note_id=known.note_id, text_digest=known.text_digest)
        if not changed_on_disk or here == plan.text:
            return replace(
                plan,
                action=Action.SKIP,
                note_id=known.note_id,
                text_digest=plan.text_digest if here == plan.text else known.text_digest,
            )
        if digest_of(here) == known.text_digest:
            splice = between(here, plan.text)
            return replace(plan, action=Action.UPDATE, note_id=known.note_id, splice=splice)
        self.remark(plan.path, "It was changed on disk and here since the last import: both texts were kept.")
        return replace(plan, action=Action.KEEP_BOTH, file_name=f"{plan.file_name} (from disk)")

    def _take_attachment(self, file: SourceFile) -> None:
        name, action = self.below(file.path), Action.CREATE
        digest = file.digest or (digest_of(file.data) if file.data is not None else None)
        if file.size > ATTACHMENT_LIMIT_BYTES:
            action = Action.REFUSE
            self.remark(file.path, "It is larger than an attachment may be (200 MB): not imported.", LEFT_OUT)
        elif (held := self.attachments.get(name)) is not None:
            action = Action.SKIP if held == digest else Action.UPDATE
        self.files.append(AttachmentPlan(file.path, action, name, file.size, digest))

    def report_clashes(self) -> None:
        """Names that differ in letter case or composition only: fine here, one file on Windows and macOS."""
        seen: dict[str, str] = {}
        for path in [note.path for note in self.notes] + [file.path for file in self.files]:
            other = seen.setdefault(name_key(path), path)
            if other != path:
                self.remark(path, f"Its name differs from “{other}” only in letter case; an export renames one.")


def _readable(path: str) -> str:
    return _UNWANTED.sub("-", _BROKEN.sub("\ufffd", path))
