"""Decides where all links of many notes lead: resolved, or unresolved with the note and the target as it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.notes import markup
from notesapp.notes.facts import Facts
from notesapp.notes.resolve import Place, Resolver, local_path


@dataclass(frozen=True, slots=True)
class Linking:
    """A note as the report needs it: `path` is what a person reads, with folder and file name apart."""

    path: str
    folder: str
    file_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link that leads nowhere: in which note, at which line (from 1), and its target as it is written."""

    path: str
    line: int
    target: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How many links lead to a note or an attachment, which lead nowhere, which attachments nobody refers to."""

    to_notes: int
    to_attachments: int
    unresolved: tuple[Unresolved, ...]
    unreferenced: tuple[str, ...]

    @property
    def resolved(self) -> int:
        """All links that lead somewhere."""
        return self.to_notes + self.to_attachments


def report_links(notes: Iterable[Linking], attachments: Iterable[str]) -> LinkReport:
    """Resolve every wiki link, embed and relative Markdown link of `notes`; `attachments` are relative paths.

    Links within one note and to the web aren't counted.
    """
    facts = [(note, markup.parse(note.text, note.file_name)) for note in notes]
    to_notes = Resolver(
        Place(str(nth).encode(), note.folder, note.file_name, said.aliases, said.title)
        for nth, (note, said) in enumerate(facts)
    )
    names = sorted(attachments)
    to_files = Resolver(Place(name.encode("utf-8", "surrogatepass"), *_split(name)) for name in names)
    found_notes = found_files = 0
    unresolved: list[Unresolved] = []
    referenced: set[str] = set()
    for note, said in facts:
        for at, target, is_url in _targets(said):
            if _find(to_notes, target, note.folder, is_url):
                found_notes += 1
            elif file := _find(to_files, target, note.folder, is_url):
                found_files += 1
                referenced.add(file.path)
            else:
                unresolved.append(Unresolved(note.path, note.text.count("\n", 0, at) + 1, target))
    unreferenced = tuple(name for name in names if name not in referenced)
    return LinkReport(found_notes, found_files, tuple(unresolved), unreferenced)


def _targets(said: Facts) -> Iterable[tuple[int, str, bool]]:
    for link in said.links:
        if link.target:
            yield link.at, link.target, False
    for md_link in said.md_links:
        if local_path(md_link.target) is not None:
            yield md_link.at, md_link.target, True


def _find(resolver: Resolver, target: str, folder: str, is_url: bool) -> Place | None:
    return resolver.resolve_url(target, folder) if is_url else resolver.resolve(target, folder)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name
