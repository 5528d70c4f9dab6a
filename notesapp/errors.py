"""The family of errors. Decides what a person reads and which exit code a command ends with.

An error's docstring is the sentence that a person reads, shown as it stands; `{names}` in it are filled from the
keyword arguments. `LocalError` is our own bug and loud; `RemoteError` is somebody else's bytes: close that link, keep
the program.
"""

from __future__ import annotations


class NotesError(Exception):
    """Something went wrong."""

    exit_code = 1

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What happened, why, and what to do: one sentence (or two short ones) for a person."""
        return (type(self).__doc__ or "").strip().format(**self.facts)

    def __str__(self) -> str:
        return self.sentence

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[NotesError], facts: dict[str, object]) -> NotesError:
    return kind(**facts)


class LocalError(NotesError):
    """A bug in Notesapp: {what}. Nothing was saved from this step; please report it."""

    exit_code = 70


class RemoteError(NotesError):
    """Another device sent something that can't be right: {reason}."""

    exit_code = 76


class BadRequest(NotesError):
    """{what}"""

    exit_code = 2


class NoSuchNote(NotesError):
    """There is no note “{name}”; `notesapp ls` lists the notes that exist."""

    exit_code = 3


class AmbiguousNote(NotesError):
    """“{name}” could be any of {candidates}; type more letters of the id or the whole title."""

    exit_code = 3


class NoSuchNotebook(NotesError):
    """There is no notebook “{name}”; `notesapp notebook ls` lists them, `notesapp notebook new` makes one."""

    exit_code = 3


class TooLarge(NotesError):
    """{what} has {size}, and the limit is {limit}; nothing was changed."""

    exit_code = 4


class UnreadableFile(NotesError):
    """“{path}” can't be read: {why}. Check the path and its permissions."""

    exit_code = 5


class NotText(NotesError):
    """“{path}” is not UTF-8 text ({why}); convert it to UTF-8 and try again."""

    exit_code = 5


class PartlyImported(NotesError):
    """{count} of the folder's files did not come in as they are (first “{path}”: {why}); all others did. Mend or move them and import the folder again: nothing is doubled."""

    exit_code = 5


class CannotWrite(NotesError):
    """“{path}” can't be written: {why}. Nothing was changed there."""

    exit_code = 6


class MirrorGone(NotesError):
    """The mirror folder “{path}” isn't there, or isn't this notebook's mirror any more; bring it back (plug in its disk), or begin the mirror anew."""

    exit_code = 6


class DiskFull(NotesError):
    """The disk that holds “{path}” is full; free some space, nothing that was saved is lost."""

    exit_code = 6


class NotSavedYet(NotesError):
    """What was done is kept in memory and is not on the disk yet: {why} It will be saved as soon as the disk allows it; don't close Notesapp before."""

    exit_code = 6


class ReadOnlyHome(NotesError):
    """The folder “{path}” can't be written to, so notes can't be kept there; choose another with --home."""

    exit_code = 6


class ReadOnlyNotes(NotesError):
    """The notes in “{path}” can only be read now, because their disk or folder is read-only; nothing was changed."""

    exit_code = 6


class UnsafeHome(NotesError):
    """“{path}” lies {where}; two computers writing there would destroy the store. Choose a folder on this computer's own disk with --home."""

    exit_code = 6


class WrongPassphrase(NotesError):
    """That passphrase doesn't open these notes; try again, or use the recovery kit: `notesapp recovery-kit --use`."""

    exit_code = 7


class PassphraseNeeded(NotesError):
    """These notes are protected by a passphrase; type it when asked or set NOTESAPP_PASSPHRASE."""

    exit_code = 7


class KeyLost(NotesError):
    """The key to these notes isn't in {place} any more; use the recovery kit: `notesapp recovery-kit --use`."""

    exit_code = 7


class KeyFileLost(KeyLost):
    """The key to these notes can't be read from “{path}” ({why}). Put a copy of a “.key” file from “{backups}” there; if its passphrase is forgotten too, the recovery kit opens it: `notesapp recovery-kit --use`."""


class StoreNewer(NotesError):
    """These notes were written by a newer Notesapp (format {found}, this program knows {known}); update the program. Nothing was changed."""

    exit_code = 8


class StoreDamaged(NotesError):
    """The store “{path}” is damaged: {what}. {todo}"""

    exit_code = 9


class AlreadyRunning(NotesError):
    """Another Notesapp is using “{path}” and doesn't answer; close it or choose another folder with --home."""

    exit_code = 10


class NoDisplay(NotesError):
    """There is no display to open a window on; `make demo` shows the program on a virtual screen, and every command of `notesapp --help` works without one."""

    exit_code = 11


class HelperStopped(NotesError):
    """A helper process stopped while {doing} ({why}); the notes themselves are untouched, try again."""

    exit_code = 12


class OtherVersion(NotesError):
    """The Notesapp that is running speaks another version ({theirs}, this one {ours}); close it, or update both."""

    exit_code = 10


class NoAnswer(NotesError):
    """The Notesapp that is running didn't answer within {seconds} seconds; try again, or close it."""

    exit_code = 10


class BrokenOff(NoAnswer):
    """The Notesapp that is running broke off before it answered: it is ending, or too many programs ask it at once; try again."""


class Cancelled(NotesError):
    """Stopped on request; what was finished before is kept."""

    exit_code = 130


class NewerNote(NotesError):
    """Another device edits this {kind} with a newer Notesapp, so it can only be read here; update the program to edit it."""

    exit_code = 8


class NotHereYet(NotesError):
    """The beginning of this {kind} has not come here yet, so nothing can be written into it; stay connected with somebody who has it, then try again."""

    exit_code = 8


class NewerFormat(RemoteError):
    """Another device uses a newer Notesapp ({what}); update the program here to understand it."""

    exit_code = 8


class RecoveryWordCount(NotesError):
    """A recovery kit has 24 words, and {found} were typed; check that no word is missing or doubled."""

    exit_code = 7


class RecoveryWordUnknown(NotesError):
    """Word {number} of the recovery kit, “{word}”, isn't one of its words; did you mean {nearest}?"""

    exit_code = 7


class RecoveryWordsMixed(NotesError):
    """All 24 words exist, but they don't belong together: one of them is another word, or two changed places. Compare each with the kit."""

    exit_code = 7


class RecoveryKitOther(NotesError):
    """These 24 words are a valid recovery kit, but not the one of these notes; look for the kit that was made with them."""

    exit_code = 7


class AttachmentsFull(NotesError):
    """Attachments already take {used} of the {quota} allowed on this device; remove some or allow more."""

    exit_code = 4


class AttachmentAway(NotesError):
    """That file is on other devices only, and none of them that has it can be reached now; it comes when one is."""


class NotABackup(NotesError):
    """“{path}” can't be restored: {why}. The present notes were not touched."""

    exit_code = 9


class NoRoomForBackup(NotesError):
    """A backup needs {needed} free on the disk of “{path}”, and only {free} are; nothing was changed."""

    exit_code = 6


class KeyringSilent(NotesError):
    """This computer's keyring doesn't give the key to these notes ({why}); log in to it and try again, or use the recovery kit: `notesapp recovery-kit --use`."""

    exit_code = 7


class CloseFirst(NotesError):
    """Notesapp is using “{path}”; close it first (`notesapp shutdown` if it has no window), then try again."""

    exit_code = 10


class NoRoomToRepair(NotesError):
    """The notes in “{path}” are damaged; repairing them needs {needed} free and only {free} are. Nothing was changed."""

    exit_code = 6


class InviteMissing(RemoteError):
    """There is no invite in that text; paste the whole message, with the line that begins with “notesapp://join#”."""

    exit_code = 2


class NoInviteIn(NotesError):
    """“{path}” holds no invitation: {why}. Ask for the link itself, or for the three words."""

    exit_code = 2


class InviteDamaged(RemoteError):
    """That invite is damaged ({how}); copy the whole message again, or ask for a new one."""

    exit_code = 2


class InviteNewer(RemoteError):
    """That invite was made by a newer Notesapp (kind {version}); update the program here, then open it again."""

    exit_code = 8


class ReadOnlyNotebook(NotesError):
    """The notebook “{name}” can't be changed here: {why}."""

    exit_code = 14


class JoinRefused(RemoteError):
    """You can't join: {reason}. Ask for a new invite."""

    exit_code = 13


class CodeWrong(RemoteError):
    """The words don't match; check the three words with the other person. {left} tries are left."""

    exit_code = 13


class CodeEnded(RemoteError):
    """This code has ended after three wrong tries; make a new one, and say its words only to the person you mean."""

    exit_code = 13


class CodeWordsUnknown(NotesError):
    """A code has three words of the list, and “{typed}” isn't one; did you mean {nearest}?"""

    exit_code = 2


class CodeWordCount(NotesError):
    """A code has three words, and {found} were typed."""

    exit_code = 2


class BadAddress(NotesError):
    """“{text}” is no address of a device; type it as the other device shows it, like 192.168.1.7:45654 or [fe80::1%eth0]:45654."""

    exit_code = 2


class LinkOver(NotesError):
    """The connection to the other device ended: {why}."""

    exit_code = 13


class FeedUnreachable(NotesError):
    """Whether there is a new version of Notesapp can't be seen now ({why}); this one goes on as it is."""

    exit_code = 13


class ChangeRefused(NotesError):
    """Something that {who} wrote in “{name}” is no proper change ({reason}), so it and what follows it in that note is not shown; a newer Notesapp on that device may help, or end its right to write."""


class BadBootstrap(NotesError):
    """“{text}” is no node of the DHT; write host:port, for example 192.0.2.1:6881, at most 16 with commas between them."""

    exit_code = 2


class NobodyToLookWith(NotesError):
    """The connection with {name} can't be looked at from both ends: {why}"""

    exit_code = 13


class NoPort(NotesError):
    """No network port could be opened ({why}); other programs of this computer may hold all of them, or a firewall forbids it."""

    exit_code = 13


class ImportIncomplete(NotesError):
    """{count} files could not be imported because of a bug in Notesapp (first “{path}”: {what}); all others are in. Please report it, and import the folder again."""

    exit_code = 70


class ImportStopped(Cancelled):
    """Stopped on request: {notes} of {total} notes are in. Import the same folder again, and it goes on from there."""
