"""The people of the share card: who asks to be let in, who is nearby, who is a member and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from notesapp.identity.roles import RULERS, Role, may_give
from notesapp.node.people_views import COLOURS, JoinRequest, MemberView, NearbyView, PeopleView
from notesapp.ui.faces.avatar import Avatar, Face
from notesapp.ui.faces.phrases import asks_for, role_gives, role_name, seen
from notesapp.ui.parts import button, words
from notesapp.ui.people.member_row import Choice, PersonRow
from notesapp.ui.people.roll import Rows
from notesapp.ui.people.word_panel import MatchingWords
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX


def face_of(member: MemberView | NearbyView) -> Face:
    """What is drawn of a person."""
    key = member.person_id if member.person_id is not None else member.name.encode()
    return Face(key, member.name, member.colour)


class Asking(QFrame):
    """One who knocks: what he wants, the words that must be the same on his screen, yes or no."""

    answered = Signal(bytes, bool)

    def __init__(self, theme: Theme, request: JoinRequest) -> None:
        super().__init__()
        self.setObjectName("asks")
        self.request = request
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        colour = sum(request.request_id) % COLOURS if request.colour is None else request.colour
        head.addWidget(Avatar(theme, Face(request.request_id, request.name, colour), 26))
        head.addWidget(words(asks_for(request), 13, 600, wrap=True), 1)
        column.addLayout(head)
        self.setAccessibleName(asks_for(request))
        if request.words:
            tell = self.tr("Let %1 in only if the same words stand on both screens:").replace("%1", request.name)
            if not request.notebook_id:
                tell = self.tr("Let it in only if the same words stand on both screens:")
            column.addWidget(words(tell, SMALL_PX, tone="2", wrap=True))
            column.addWidget(MatchingWords(request.words))
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(button(self.tr("Don’t let in"), pressed=lambda: self.answered.emit(request.request_id, False)))
        self.yes = button(self.tr("Let in"), "primary", lambda: self.answered.emit(request.request_id, True))
        line.addWidget(self.yes)
        column.addLayout(line)


class Requests(Rows):
    """Everybody who asks to be let in."""

    answered = Signal(bytes, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.column.setSpacing(8)

    def show_requests(self, requests: Sequence[JoinRequest]) -> None:
        """Shows these, the oldest first."""
        self.setVisible(bool(requests))
        if self.differs(tuple(requests)):
            for request in requests:
                asking = Asking(self._theme, request)
                asking.answered.connect(self.answered)
                self.column.addWidget(asking)


class Nearby(Rows):
    """People in this network who have a share or join card open; one press invites."""

    invited = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def show_nearby(self, people: Sequence[NearbyView], sent: frozenset[str], members: frozenset[bytes]) -> None:
        """`sent`: who was invited from this card; `members`: who needs no invitation."""
        shown = tuple(one for one in people if one.person_id is None or one.person_id not in members)
        if not self.differs((shown, sent)):
            return
        if not shown:
            hint = self.tr("Nobody shows up yet. Ask the other person to open “Join a notebook” in the same network.")
            self.column.addWidget(words(hint, SMALL_PX, tone="2", wrap=True))
        for one in shown:
            detail = self.tr("Known to you") if one.person_id is not None else self.tr("In this network")
            row = PersonRow(self._theme, face_of(one), one.name, detail)
            if one.nearby_id in sent:
                row.put_word(self.tr("Invited"))
            else:
                invite = button(self.tr("Invite"), "small", partial(self.invited.emit, one.nearby_id))
                invite.setAccessibleName(self.tr("Invite %1").replace("%1", one.name))
                row.put(invite)
            self.column.addWidget(row)


class Members(Rows):
    """Who is in the notebook. `asked(what, person_id)`: role:<name>, remove, leave, hand-over, petname, words."""

    asked = Signal(str, bytes)

    def __init__(self, theme: Theme, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._theme, self._now_ms = theme, now_ms

    def show_people(self, view: PeopleView, editing: frozenset[bytes] = frozenset()) -> None:
        """`editing`: who is in a note of this notebook now."""
        details = tuple(self._detail(one, one.person_id in editing) for one in view.members)
        if not self.differs((view.my_role, view.members, details)):
            return
        for member, detail in zip(view.members, details, strict=True):
            name = self.tr("%1 (you)").replace("%1", member.name) if member.me else member.name
            row = PersonRow(self._theme, face_of(member), name, detail, away=not (member.online or member.me))
            choices = self._choices(view, member)
            if choices:
                spoken = self.tr("%1: %2").replace("%1", member.name).replace("%2", role_name(member.role))
                row.put_menu(role_name(member.role), spoken, partial(list, choices))
            else:
                row.put_word(role_name(member.role))
            self.column.addWidget(row)

    def _detail(self, member: MemberView, edits: bool) -> str:
        if member.me:
            return self.tr("This computer")
        if edits and member.online:
            return self.tr("Writing now")
        return seen(member, self._now_ms())

    def _choices(self, view: PeopleView, member: MemberView) -> list[Choice]:
        def ask(what: str) -> Callable[[], None]:
            return lambda: self.asked.emit(what, member.person_id)

        if view.removed:
            return []
        if member.me:
            if member.role is Role.OWNER:
                return []
            return [Choice(self.tr("Leave this notebook…"), ask("leave"), "log-out")]
        found = [
            Choice(role_name(role), ask(f"role:{role}"), chosen=role is member.role, hint=role_gives(role))
            for role in (Role.ADMIN, Role.WRITER, Role.READER)
            if view.my_role in RULERS and may_give(view.my_role, member.role) and may_give(view.my_role, role)
        ]
        if found:
            found.append(Choice(""))
        if view.my_role is Role.OWNER:
            found.append(Choice(self.tr("Make the owner…"), ask("hand-over"), "crown"))
        found.append(Choice(self.tr("Call this person…"), ask("petname"), "pencil"))
        found.append(Choice(self.tr("Compare fingerprints…"), ask("words"), "shield-check"))
        if view.my_role in RULERS and may_give(view.my_role, member.role):
            found += [Choice(""), Choice(self.tr("Remove…"), ask("remove"), "user-minus")]
        return found


def spoken_requests(requests: Sequence[JoinRequest]) -> str:
    """What is announced when somebody knocks."""
    return " ".join(asks_for(request) + "." for request in requests)
