"""What the node says to people, sentence by sentence, so that the window can translate it; `sayings` does."""

# ruff: noqa: E501 - a sentence stands in one piece, as it is said

from __future__ import annotations


def _N(context: str, text: str) -> str:
    return text


SENTENCES: tuple[str, ...] = (
    _N("Sayings", "This computer has no network"),
    _N("Sayings", "The network here lets no UDP through"),
    _N("Sayings", "The other device's network lets no UDP through"),
    _N("Sayings", "Both routers use another port for each connection, so neither end can tell where to knock"),
    _N("Sayings", "The other device has not been seen"),
    _N("Sayings", "Nothing answers where the other device said it is"),
    _N("Sayings", "The other device answers, but no link comes about"),
    _N("Sayings", "Connect this computer to a network."),
    _N("Sayings", "Use another network here, for example a phone's hotspot, or ask its owner to allow UDP."),
    _N("Sayings", "The other device needs another network, or one that allows UDP."),
    _N(
        "Sayings",
        "Switch on port mapping (UPnP or NAT-PMP) or IPv6 in one of the two routers, or keep a third device of a member online: it can relay.",
    ),
    _N("Sayings", "Make sure that it is switched on, online and has Notesapp open."),
    _N(
        "Sayings",
        "It may just have gone offline or changed its network: keep Notesapp open on both, the search goes on.",
    ),
    _N("Sayings", "Make sure that both use the newest Notesapp; starting it again may help."),
    _N("Sayings", "You are no member of this notebook any more."),
    _N("Sayings", "Copy what you need from it."),
    _N("Sayings", "Restart Notesapp, or ask whoever looks after this computer."),
    _N("Sayings", "Sharing is switched off."),
    _N("Sayings", "Switch it on in the settings."),
    _N("Sayings", "Changes are on their way to {names}."),
    _N("Sayings", "your other devices"),
    _N("Sayings", "This computer has no network."),
    _N("Sayings", "Connect it to a network; nothing is lost meanwhile."),
    _N("Sayings", "{names} can't be reached: {why}."),
    _N("Sayings", "Looking for {names}."),
    _N("Sayings", "Nothing needs to be done; changes are kept until then."),
    _N("Sayings", "{names} can't be reached."),
    _N("Sayings", "Changes are kept here and sent when one of you is back."),
    _N("Sayings", "Ask for a new invite."),
    _N("Sayings", "Nobody who can let you in by this invite was found."),
    _N(
        "Sayings", "Ask the other person to open Notesapp, and check that both computers are in one network, or online."
    ),
    _N("Sayings", "The other device didn't answer in time."),
    _N("Sayings", "The words didn't match."),
    _N("Sayings", "The other person declined."),
    _N("Sayings", "Nobody compared the words in time."),
    _N("Sayings", "Try again."),
    _N("Sayings", "The other device broke off."),
    _N("Sayings", "The other device declined."),
    _N("Sayings", "Make a new code and try again."),
    _N("Sayings", "It was cancelled."),
    _N("Sayings", "Nobody with this code was found."),
    _N("Sayings", "Check the first word; both computers must be in one network, or online."),
    _N("Sayings", "A bug in Notesapp: {what}. Nothing was saved from this step; please report it."),
    _N("Sayings", "Another device sent something that can't be right: {reason}."),
    _N("Sayings", "Another device uses a newer Notesapp ({what}); update the program here to understand it."),
    _N(
        "Sayings",
        "There is no invite in that text; paste the whole message, with the line that begins with “notesapp://join#”.",
    ),
    _N("Sayings", "That invite is damaged ({how}); copy the whole message again, or ask for a new one."),
    _N(
        "Sayings",
        "That invite was made by a newer Notesapp (kind {version}); update the program here, then open it again.",
    ),
    _N("Sayings", "You can't join: {reason}. Ask for a new invite."),
    _N("Sayings", "You can't join: {reason}."),
    _N("Sayings", "The words don't match; check the three words with the other person. {left} tries are left."),
    _N(
        "Sayings",
        "This code has ended after three wrong tries; make a new one, and say its words only to the person you mean.",
    ),
    _N("Sayings", "{what} has {size}, and the limit is {limit}; nothing was changed."),
    _N("Sayings", "The note"),
    _N("Sayings", "The attachment"),
    _N("Sayings", "“{path}” can't be read: {why}. Check the path and its permissions."),
    _N("Sayings", "there is no such file"),
    _N("Sayings", "it is no file"),
    _N("Sayings", "“{path}” is not UTF-8 text ({why}); convert it to UTF-8 and try again."),
    _N("Sayings", "it holds bytes that no text has"),
    _N("Sayings", "another encoding"),
    _N(
        "Sayings",
        "{count} of the folder's files did not come in as they are (first “{path}”: {why}); all others did. Mend or move them and import the folder again: nothing is doubled.",
    ),
    _N("Sayings", "“{path}” can't be written: {why}. Nothing was changed there."),
    _N(
        "Sayings",
        "The mirror folder “{path}” isn't there, or isn't this notebook's mirror any more; bring it back (plug in its disk), or begin the mirror anew.",
    ),
    _N("Sayings", "The disk that holds “{path}” is full; free some space, nothing that was saved is lost."),
    _N(
        "Sayings",
        "What was done is kept in memory and is not on the disk yet: {why} It will be saved as soon as the disk allows it; don't close Notesapp before.",
    ),
    _N(
        "Sayings",
        "The notes in “{path}” can only be read now, because their disk or folder is read-only; nothing was changed.",
    ),
    _N("Sayings", "The store “{path}” is damaged: {what}. {todo}"),
    _N("Sayings", "A helper process stopped while {doing} ({why}); the notes themselves are untouched, try again."),
    _N("Sayings", "Stopped on request; what was finished before is kept."),
    _N(
        "Sayings",
        "Stopped on request: {notes} of {total} notes are in. Import the same folder again, and it goes on from there.",
    ),
    _N(
        "Sayings",
        "Another device edits this {kind} with a newer Notesapp, so it can only be read here; update the program to edit it.",
    ),
    _N("Sayings", "A recovery kit has 24 words, and {found} were typed; check that no word is missing or doubled."),
    _N("Sayings", "Word {number} of the recovery kit, “{word}”, isn't one of its words; did you mean {nearest}?"),
    _N(
        "Sayings",
        "All 24 words exist, but they don't belong together: one of them is another word, or two changed places. Compare each with the kit.",
    ),
    _N(
        "Sayings",
        "These 24 words are a valid recovery kit, but not the one of these notes; look for the kit that was made with them.",
    ),
    _N("Sayings", "Attachments already take {used} of the {quota} allowed on this device; remove some or allow more."),
    _N(
        "Sayings",
        "That file is on other devices only, and none of them that has it can be reached now; it comes when one is.",
    ),
    _N("Sayings", "“{path}” can't be restored: {why}. The present notes were not touched."),
    _N("Sayings", "A backup needs {needed} free on the disk of “{path}”, and only {free} are; nothing was changed."),
    _N("Sayings", "“{path}” holds no invitation: {why}. Ask for the link itself, or for the three words."),
    _N("Sayings", "The notebook “{name}” can't be changed here: {why}."),
    _N("Sayings", "A code has three words of the list, and “{typed}” isn't one; did you mean {nearest}?"),
    _N("Sayings", "A code has three words, and {found} were typed."),
    _N("Sayings", "The connection to the other device ended: {why}."),
    _N("Sayings", "Whether there is a new version of Notesapp can't be seen now ({why}); this one goes on as it is."),
    _N(
        "Sayings",
        "“{text}” is no node of the DHT; write host:port, for example 192.0.2.1:6881, at most 16 with commas between them.",
    ),
    _N(
        "Sayings",
        "No network port could be opened ({why}); other programs of this computer may hold all of them, or a firewall forbids it.",
    ),
    _N(
        "Sayings",
        "{count} files could not be imported because of a bug in Notesapp (first “{path}”: {what}); all others are in. Please report it, and import the folder again.",
    ),
    _N(
        "Sayings",
        "These notes were written by a newer Notesapp (format {found}, this program knows {known}); update the program. Nothing was changed.",
    ),
    _N(
        "Sayings",
        "Another Notesapp is using “{path}” and doesn't answer; close it or choose another folder with --home.",
    ),
    _N("Sayings", "It is not UTF-8 text (byte {at}): kept as an attachment."),
    _N("Sayings", "It is larger than a note may be ({limit} bytes): kept as a file."),
    _N("Sayings", "it is a link that leads nowhere"),
    _N("Sayings", "Another file of this name is there; it was kept. Use --overwrite to replace it."),
    _N("Sayings", "Somebody"),
    _N("Sayings", "You"),
)
