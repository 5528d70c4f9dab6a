"""Finds in one note's text where another note is named, linked or not, with the line around it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from notesapp.node.views import NoteView
from notesapp.notes.markup import parse
from notesapp.notes.plain import plain
from notesapp.ui.panel.links import Mention

CONTEXT_CHARS = 160
PER_NOTE = 20  # a note that names another in every line says it once too often


def mentions_in(view: NoteView, text: str, names: Collection[str]) -> list[Mention]:
    """The mentions of any of `names` in `text`, the note of `view`; each place once, in the text's order."""
    wanted = {name.casefold() for name in names}
    found: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for link in parse(text).links:
        if link.target.rsplit("/", 1)[-1].casefold() in wanted or link.target.casefold() in wanted:
            found.append(_mention(view, text, link.at, link.end, linked=True))
            taken.append((link.at, link.end))
        else:
            taken.append((link.at, link.end))
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if pattern:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
            if not any(begin <= match.start() < end for begin, end in taken):
                found.append(_mention(view, text, match.start(), match.end(), linked=False))
    return sorted(found, key=lambda mention: mention.at)[:PER_NOTE]


def _mention(view: NoteView, text: str, at: int, end: int, *, linked: bool) -> Mention:
    start = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", end)
    line = text[start : len(text) if stop < 0 else stop]
    if len(line) > CONTEXT_CHARS:
        begin = max(0, at - start - CONTEXT_CHARS // 3)
        line = ("…" if begin else "") + line[begin : begin + CONTEXT_CHARS].strip(" .,;:") + "…"
    return Mention(view.note_id, view.title, at, end - at, plain(line.strip()), linked)
