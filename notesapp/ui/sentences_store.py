"""What the node says of its store: repairs, keys, backups, disks, changes without their text. A part of `sentences`."""

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
    # keys, backups, and disks that refuse
    _N("Sayings", "it isn't of these notes, and “{path}”, made with it, isn't beside it"),
    _N("Sayings", "“{path}” exists already; name a new file."),
    _N("Sayings", "it is an unencrypted database of another program"),
    _N("Sayings", "it is empty or cut off"),
    _N("Sayings", "it is cut off"),
    _N("Sayings", "it opens, but holds no notes"),
    _N("Sayings", "it is damaged ({why})"),
    _N("Sayings", "a backup of it lacks rows of {what}"),
    _N("Sayings", "it can't be read ({why})"),
    _N("Sayings", "it is damaged or cut off"),
    _N("Sayings", "its copy can't be opened"),
    _N("Sayings", "the disk or the folder is read-only"),
    _N("Sayings", "the disk reports an error ({why})"),
    _N("Sayings", "the disk doesn't answer"),
    _N("Sayings", "the computer's memory is used up"),
    _N("Sayings", "another program holds it"),
    _N("Sayings", "a folder of that name is in its place; move it away"),
    _N(
        "Sayings",
        "These notes are encrypted, but their key lies beside them in “{path}”, because this computer offers no keyring: whoever can read your files can read your notes. Set a passphrase with `notesapp passphrase`.",
    ),
    _N("Sayings", "“{path}” exists already; a new key would lock its notes away for ever."),
    _N("Sayings", "An empty passphrase protects nothing; type one of several words."),
    _N("Sayings", "this computer's keyring"),
    _N("Sayings", "the recovery slot"),
    _N("Sayings", "what was given"),
    _N("Sayings", "it asks for too much work for a passphrase"),
    _N("Sayings", "its salt is cut off"),
    _N("Sayings", "key {number}"),
    _N("Sayings", "it is not a key file of Notesapp ({why})"),
    _N("Sayings", "there is none any more"),
    _N("Sayings", "on Windows, where pipes have no folder"),
    _N("Sayings", "“{path}” begins with “~” and a person whom this computer doesn't know."),
    _N("Sayings", "Nothing was changed; put a backup from elsewhere in its place: `notesapp backup restore FILE`."),
    _N("Sayings", "{what}, and no backup that it could be made of is in “{path}”"),
    _N(
        "Sayings",
        "The last {count} changes made on this device are not in the store; devices that have them will bring them back.",
    ),
    _N("Sayings", "The folder “{path}” can't be written to, so notes can't be kept there; choose another with --home."),
    _N(
        "Sayings",
        "“{path}” lies {where}; two computers writing there would destroy the store. Choose a folder on this computer's own disk with --home.",
    ),
    _N(
        "Sayings",
        "That passphrase doesn't open these notes; try again, or use the recovery kit: `notesapp recovery-kit --use`.",
    ),
    _N("Sayings", "These notes are protected by a passphrase; type it when asked or set NOTESAPP_PASSPHRASE."),
    _N(
        "Sayings",
        "The key to these notes isn't in {place} any more; use the recovery kit: `notesapp recovery-kit --use`.",
    ),
    _N(
        "Sayings",
        "The key to these notes can't be read from “{path}” ({why}). Put a copy of a “.key” file from “{backups}” there; if its passphrase is forgotten too, the recovery kit opens it: `notesapp recovery-kit --use`.",
    ),
    _N(
        "Sayings",
        "This computer's keyring doesn't give the key to these notes ({why}); log in to it and try again, or use the recovery kit: `notesapp recovery-kit --use`.",
    ),
    _N(
        "Sayings",
        "The notes in “{path}” are damaged; repairing them needs {needed} free and only {free} are. Nothing was changed.",
    ),
)
