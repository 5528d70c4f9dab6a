"""What the parts of a node have in common, wired once by `Node.open`. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from notesapp.errors import NoSuchNotebook, NotesError, NotHereYet, StoreDamaged
from notesapp.identity.primitives import Entropy
from notesapp.node.entries import Openings
from notesapp.node.events import Trouble, TroubleOver
from notesapp.node.held import Held
from notesapp.node.hook import Hook
from notesapp.node.library import Library
from notesapp.node.outbox import Outbox
from notesapp.node.persona import Persona
from notesapp.node.tasks import Tasks
from notesapp.node.worker import Workers
from notesapp.store import aftermath
from notesapp.store.journal import Journal
from notesapp.store.keyfile import Keyfile
from notesapp.store.places import Home


@dataclass(slots=True)
class Core:
    """The shared parts. `clock` tells ms since 1970; `entropy(n)` gives n bytes that nobody can guess."""

    home: Home
    key: bytes = field(repr=False)
    keyfile: Keyfile
    journal: Journal
    outbox: Outbox
    persona: Persona
    held: dict[bytes, Held]
    library: Library
    hook: Hook
    workers: Workers
    tasks: Tasks
    openings: Openings
    clock: Callable[[], int]
    entropy: Entropy
    home_notebook: bytes = b""
    troubles: dict[str, str] = field(default_factory=dict)
    on_made: list[Callable[[bytes], None]] = field(default_factory=list)  # told of notebooks that were made here
    owner: Callable[[bytes], str] = lambda device: ""  # what a device's person is called; whoever knows people sets it
    untold: tuple[str, ...] = ()  # what repairs did that no person has seen in the doctor

    def first_notebook(self) -> bytes:
        """The first that was made of those that lists show; NotHereYet while there is none."""
        here = [key for key in self.library.listed() if key in self.held]
        if not here:  # this device becomes another person's just now, whose notebooks have yet to come
            raise NotHereYet(kind="notebook")
        return min(here, key=lambda key: (self.held[key].time_made_ms, key))

    def holder(self, note_id: bytes) -> Held | None:
        """The notebook of a note; None when it has gone while a screen still shows the note."""
        view = self.library.get(note_id)
        return None if view is None else self.held.get(view.notebook_id)

    def notebook(self, notebook_id: bytes) -> Held:
        """The notebook as held; NoSuchNotebook."""
        found = self.held.get(notebook_id)
        if found is None:
            raise NoSuchNotebook(name=notebook_id.hex()[:8])
        return found

    def trouble(self, key: str, error: NotesError | str) -> None:
        """Tells the screens of a trouble that lasts until `over`."""
        sentence = error if isinstance(error, str) else error.sentence
        if self.troubles.get(key) != sentence:
            self.troubles[key] = sentence
            self.hook.tell(Trouble(key, sentence))

    def damaged(self, damage: StoreDamaged) -> None:
        """The store shows damage while it is used: the next start looks at all of it, whatever the calendar says."""
        self.trouble("damage", damage)
        aftermath.suspect(self.home)

    def over(self, key: str) -> None:
        """Tells the screens that it has passed."""
        if self.troubles.pop(key, None) is not None:
            self.hook.tell(TroubleOver(key))
