"""What the node says of its store: repairs, and changes that lie here without their text. A part of `sentences`."""

# ruff: noqa: E501 - a sentence stands in one piece, as it is said

from __future__ import annotations


def _N(context: str, text: str) -> str:
    return text


STORE: tuple[str, ...] = (
    # repairs of the store
    _N("Sayings", "The notes' database was damaged ({why})."),
    _N("Sayings", "its file is gone"),
    _N("Sayings", "its file is empty"),
    _N("Sayings", "It was repaired: {saved} rows were saved."),
    _N("Sayings", "Lost {what}: {count}."),
    _N("Sayings", "changes"),
    _N("Sayings", "records of people"),
    _N("Sayings", "texts (they are made anew from the changes)"),
    _N("Sayings", "snapshots (they are made anew from the changes)"),
    _N("Sayings", "lines of the list of notes (they are made anew)"),
    _N("Sayings", "pieces of attachments"),
    _N("Sayings", "devices' logs"),
    _N("Sayings", "More may be lost than could be counted."),
    _N("Sayings", "{count} rows were taken from the last backup."),
    _N("Sayings", "{count} changes that follow a missing one were set aside until it is found."),
    _N("Sayings", "The damaged files were kept at “{path}”."),
    _N(
        "Sayings",
        "Nothing could be read from it, so the backup made {ago} took its place; what was written here since then is gone, unless another of your devices has it.",
    ),
    _N("Sayings", "less than an hour ago"),
    _N("Sayings", "1 hour ago"),
    _N("Sayings", "{count} hours ago"),
    _N("Sayings", "{count} days ago"),
    _N(
        "Sayings",
        "Of {count} notes, changes behind a gap that the damage left could be read: what the notes say with them is in new notes in the folder “{folder}”.",
    ),
    # changes without text
    _N(
        "Sayings",
        "The text of some changes is missing here, and no note deleted for ever explains it: {count} by {names} in {books}.",
    ),
    _N(
        "Sayings",
        "The text of some changes is missing here, and no note deleted for ever explains it: {count} by {names} in {books}, brought by {bringers}.",
    ),
    _N(
        "Sayings",
        "Whoever brought them may have left it out, or a deletion hasn't come here yet. It isn't fetched again: if this stays so, ask whoever wrote them, or others who have it, for an export or a copy in a new note.",
    ),
    _N(
        "Sayings",
        "The text of some changes is missing here, as deleting for ever leaves it: {count} in {books}. Notes deleted so there: {deleted}; whether all of these changes were theirs can't be told.",
    ),
)
