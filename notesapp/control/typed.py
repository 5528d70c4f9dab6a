"""Decides what a person may type as a text, a name or a folder: the rest is refused, never dropped in silence."""

from __future__ import annotations

from notesapp.errors import BadRequest
from notesapp.notes import file_names
from notesapp.text import clean


def text(said: str) -> str:
    """The text as a note may hold it, line ends as \\n; BadRequest for a character that no note may hold."""
    lines = said.replace("\r\n", "\n")
    cleaned = clean(lines)
    if len(cleaned) < len(lines):
        at = next(at for at, sign in enumerate(lines) if not clean(sign))
        raise BadRequest(
            what=f"The text holds {_called(lines[at])} (character {at + 1:,}), which no note may hold;"
            " take it out and try again. Nothing was changed."
        )
    return cleaned


def something(said: str) -> str:
    """The text; BadRequest also if it is blank."""
    if not said.strip():
        raise BadRequest(what="Nothing was written, so nothing was saved.")
    return text(said)


def name(said: str) -> str:
    """The name of a note; BadRequest if it can't be one."""
    if why := file_names.why_no_name(said):
        raise BadRequest(what=why)
    return said.strip()


def folder(said: str) -> str:
    """The path of a folder; BadRequest if it can't be one."""
    if why := file_names.why_no_folder(said):
        raise BadRequest(what=why)
    return said


def _called(sign: str) -> str:
    if sign == "\0":
        return "a NUL character"
    return "half a character" if "\ud800" <= sign <= "\udfff" else f"the character U+{ord(sign):04X}"
