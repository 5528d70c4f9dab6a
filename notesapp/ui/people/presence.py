"""Who is where: tells the node where my caret is, shows others' carets and faces, follows somebody who was chosen.

Faces for the list are the desk's; carets go to the editor. Decides when following ends: with the first thing done here.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from notesapp.node.events import Event, PeopleChanged, PresenceChanged
from notesapp.ui.announce import announce
from notesapp.ui.desk import Desk
from notesapp.ui.editor.carets import RemoteCaret, RemoteCarets
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.faces.avatar import AvatarStack, Face
from notesapp.ui.faces.phrases import names
from notesapp.ui.people.share_people import face_of
from notesapp.ui.writing import Writing

_ACTING = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


class Presence(QObject):
    """The carets and faces of one window. `here_changed` when somebody comes into the open note or leaves it."""

    here_changed = Signal()

    def __init__(self, desk: Desk, editor: NoteEdit, writing: Writing, stack: AvatarStack) -> None:
        super().__init__(editor)
        self._desk, self._editor, self._writing, self._stack = desk, editor, writing, stack
        self.carets = RemoteCarets(editor)
        self._followed: bytes | None = None
        self._here: tuple[Face, ...] = ()
        self._told: tuple[bytes | None, int, int] | None = None
        self._tell_soon = QTimer(self)  # a key moves the caret several times; all of it is one move
        self._tell_soon.setSingleShot(True)
        self._tell_soon.timeout.connect(self._tell)
        desk.node_event.connect(self._heard)
        desk.note_changed.connect(lambda _: self._note_changed())
        writing.opened.connect(lambda _: self._note_changed())
        editor.cursorPositionChanged.connect(self._moved)
        editor.selectionChanged.connect(self._moved)
        stack.pressed.connect(self.follow)
        editor.installEventFilter(self)
        editor.viewport().installEventFilter(self)

    @property
    def here(self) -> tuple[Face, ...]:
        """Who else is in the open note."""
        return self._here

    @property
    def followed(self) -> bytes | None:
        """Whom this window follows."""
        return self._followed

    def close(self) -> None:
        """I am in no note any more."""
        self._tell_soon.stop()
        self._desk.people.show(None, 0, 0)

    # -- mine

    def _moved(self) -> None:
        if not self._tell_soon.isActive():
            self._tell_soon.start(0)

    def _tell(self) -> None:
        binding, note_id = self._editor.binding, self._writing.note_id
        if binding is None or note_id is None or not self._writing.is_loaded:
            where: tuple[bytes | None, int, int] = (None, 0, 0)
        else:
            anchor, caret = self._editor.caret_qt()
            where = (note_id, binding.in_note(binding.to_at(caret)), binding.in_note(binding.to_at(anchor)))
        if where != self._told:
            self._told = where
            self._desk.people.show(*where)

    # -- theirs

    def _heard(self, event: Event) -> None:
        match event:
            case PresenceChanged(note_id):
                self._desk.set_faces(note_id, self._faces(note_id))
                if note_id == self._desk.note_id:
                    self._show()
                self._go_along(note_id)
            case PeopleChanged():
                for note_id in tuple(self._desk.faces):
                    self._desk.set_faces(note_id, self._faces(note_id))
                self._show()
            case _:
                pass

    def _faces(self, note_id: bytes) -> tuple[Face, ...]:
        return tuple(face_of(one) for one in self._desk.people.who_is_in(note_id) if not one.me)

    def _note_changed(self) -> None:
        self._told = None
        self._moved()
        self._show()

    def _show(self) -> None:
        note_id = self._desk.note_id
        before, self._here = self._here, self._faces(note_id) if note_id is not None else ()
        self._stack.show_faces(self._here, self._followed)
        if {face.key for face in before} != {face.key for face in self._here}:
            self._say(before)
            self.here_changed.emit()
        if note_id is None or self._writing.note_id != note_id or not self._writing.is_loaded:
            return
        self.carets.set(
            RemoteCaret(one.device_id.hex(), one.name, one.colour, one.at, one.anchor)
            for one in self._desk.people.carets(note_id)
        )
        self._scroll_along()

    def _say(self, before: tuple[Face, ...]) -> None:
        known = {face.key for face in before}
        come = [face.name for face in self._here if face.key not in known]
        if come:
            announce(self._editor, self.tr("%1 is in this note now").replace("%1", names(come)))

    # -- following

    def follow(self, person_id: bytes) -> None:
        """Keeps a person's caret in sight from now on; once more: not any more."""
        self._followed = None if person_id == self._followed else person_id
        self._stack.show_faces(self._here, self._followed)
        if self._followed is not None:
            who = next((face.name for face in self._here if face.key == person_id), "")
            announce(self._editor, self.tr("Following %1").replace("%1", who))
            self._scroll_along()
            self._editor.setFocus()

    def follow_next(self) -> None:
        """By key: the first who is here, then the next, then nobody."""
        keys = [face.key for face in self._here]
        if not keys:
            return
        at = keys.index(self._followed) + 1 if self._followed in keys else 0
        if at < len(keys):
            self._followed = None
            self.follow(keys[at])
        else:
            self.stop_following()

    def stop_following(self) -> None:
        """Whoever does something goes his own way."""
        if self._followed is not None:
            self._followed = None
            self._stack.show_faces(self._here, None)

    def _scroll_along(self) -> None:
        note_id = self._desk.note_id
        if self._followed is None or note_id is None or self._editor.binding is None:
            return
        theirs = [one for one in self._desk.people.carets(note_id) if one.person_id == self._followed]
        newest = max(theirs, key=lambda one: one.seen_ms, default=None)
        if newest is not None:
            self.carets.bring_into_sight(newest.device_id.hex())

    def _go_along(self, note_id: bytes) -> None:
        """Whom I follow is in another note now."""
        if self._followed is None or note_id == self._desk.note_id or self._desk.view(note_id) is None:
            return
        gone = all(face.key != self._followed for face in self._here)
        if gone and any(face.key == self._followed for face in self._faces(note_id)):
            self._desk.find_and_open(note_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTING:
            self.stop_following()
        return False
