"""The link of the share card: what it gives, its QR code, copying, when it ends, the links that still work besides.

Nothing is made by looking: a link exists once somebody pressed “Make a link”.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from notesapp.identity.roles import Role
from notesapp.node.people_views import InviteView
from notesapp.ui.faces.phrases import MANY, invite_state, link_gives, role_name
from notesapp.ui.parts import button, plain_tip, words
from notesapp.ui.people.qr import QrCode
from notesapp.ui.people.roll import Rows, section
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

HOUR_MS = 3_600_000
WRITERS_STAY_MS = 72 * HOUR_MS  # replication.md §6: writing is for one person, for three days
_PASSING_MS = 11 * 60_000  # what the node makes for somebody who is here now ends after ten minutes


class Terms(QWidget):
    """Role, for how many, until when: what the next link or code gives. `changed` when one is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._role = self._box(self.tr("What the link allows"), [(role_name(r), r) for r in (Role.WRITER, Role.READER)])
        self._uses = self._box(
            self.tr("For how many people"), [(self.tr("for one person"), 1), (self.tr("for anyone"), MANY)]
        )
        spans = (
            (self.tr("for 1 day"), 24 * HOUR_MS),
            (self.tr("for 3 days"), WRITERS_STAY_MS),
            (self.tr("for 30 days"), 30 * 24 * HOUR_MS),
            (self.tr("without an end"), None),
        )
        self._span = self._box(self.tr("How long it works"), spans, 1)
        for box in (self._role, self._uses, self._span):
            line.addWidget(box, 1)
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._role.currentIndexChanged.connect(lambda _: self._uses.setCurrentIndex(self._role.currentIndex()))

    def _box(self, name: str, options: Sequence[tuple[str, object]], at: int = 0) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(plain_tip(name))
        for text, value in options:
            box.addItem(text, value)
        box.setCurrentIndex(at)
        return box

    @property
    def role(self) -> Role:
        return Role(self._role.currentData())

    @property
    def uses(self) -> int:
        return int(self._uses.currentData())

    @property
    def span_ms(self) -> int | None:
        """How long it works, or None for ever."""
        return self._span.currentData()  # type: ignore[no-any-return] # one of the four above

    def show_more(self, on: bool) -> None:
        """A code of three words is for one person and for minutes: only the role can be chosen."""
        self._uses.setVisible(on)
        self._span.setVisible(on)

    def fits(self, invite: InviteView) -> bool:
        """Whether an invite gives just this and still works, with its link at hand."""
        if invite.role is not self.role or not invite.open or invite.link is None:
            return False
        if (invite.uses >= MANY) != (self.uses >= MANY):
            return False
        if self.span_ms is None or invite.ends_ms is None:
            return self.span_ms is None and invite.ends_ms is None
        # The node may have taken another moment for “now” than the screen did.
        return abs(invite.ends_ms - invite.made_ms - self.span_ms) < HOUR_MS / 2


class LinkPart(QWidget):
    """`make_asked`, `withdraw_asked(invite_id)`: the card's owner does it."""

    make_asked = Signal()
    withdraw_asked = Signal(bytes)

    def __init__(self, theme: Theme, terms: Terms, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._theme, self._terms, self._now_ms = theme, terms, now_ms
        self._invite: InviteView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.sentence = words("", 13, tone="2", wrap=True)
        column.addWidget(self.sentence)
        self.make = button(self.tr("Make a link"), "primary", self.make_asked.emit)
        column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        self.qr = QrCode(theme)
        column.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._line())
        column.addLayout(self._below())
        self.others_title = section(self.tr("Other links that still work"))
        self.others = Rows()
        column.addWidget(self.others_title)
        column.addWidget(self.others)

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.field = QLineEdit()
        self.field.setReadOnly(True)
        self.field.setAccessibleName(self.tr("Link"))
        self.field.setCursorPosition(0)
        self.copy = button(self.tr("Copy"), "primary", self._copied)
        self.copy.setToolTip(self.tr("Copies the link with a sentence that says what to do with it"))
        line.addWidget(self.field, 1)
        line.addWidget(self.copy)
        return line

    def _below(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        self._state = words("", SMALL_PX, tone="2", wrap=True)
        self._withdraw = button(self.tr("Withdraw"), "link", self._withdrawn)
        self._again = button(self.tr("New link"), "link", self.make_asked.emit)
        line.addWidget(self._state, 1)
        line.addWidget(self._withdraw)
        line.addWidget(self._again)
        return line

    def show_invites(self, invites: Sequence[InviteView]) -> None:
        """The newest link that gives what is chosen, and the others that work."""
        working = [one for one in invites if one.open]
        fitting = [one for one in working if self._terms.fits(one)]
        chosen = max(fitting, key=lambda one: one.made_ms, default=None)
        self._show(chosen)
        rest = tuple(one for one in working if one is not chosen and not _is_passing(one))
        self.others_title.setVisible(bool(rest))
        self.others.setVisible(bool(rest))
        if self.others.differs(tuple((one.invite_id, invite_state(one, self._now_ms())) for one in rest)):
            for one in rest:
                self.others.column.addWidget(self._other(one))

    def _show(self, invite: InviteView | None) -> None:
        approval = invite.approval if invite is not None else self._terms.role is not Role.READER
        self.sentence.setText(link_gives(self._terms.role, approval))
        self.make.setVisible(invite is None)
        for part in (self.qr, self.field, self.copy, self._state, self._withdraw, self._again):
            part.setVisible(invite is not None)
        if invite is not None:
            self._state.setText(invite_state(invite, self._now_ms()))
        if invite == self._invite:
            return
        self._invite = invite
        self.copy.setText(self.tr("Copy"))
        link = invite.link if invite is not None and invite.link is not None else ""
        self.qr.show_text(link)
        self.field.setText(link)
        self.field.setCursorPosition(0)

    def _other(self, invite: InviteView) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        text = f"{role_name(invite.role)} · {invite_state(invite, self._now_ms())}"
        line.addWidget(words(text, SMALL_PX, tone="2", wrap=True), 1)
        withdraw = button(self.tr("Withdraw"), "link", lambda: self.withdraw_asked.emit(invite.invite_id))
        withdraw.setAccessibleName(self.tr("Withdraw: %1").replace("%1", text))
        line.addWidget(withdraw)
        return row

    def _copied(self) -> None:
        if self._invite is not None:
            QGuiApplication.clipboard().setText(self._invite.text or self._invite.link or "")
            self.copy.setText(self.tr("Copied"))

    def _withdrawn(self) -> None:
        if self._invite is not None:
            self.withdraw_asked.emit(self._invite.invite_id)


def _is_passing(invite: InviteView) -> bool:
    """Whether it is no link that anybody was sent: it goes to somebody nearby or with the words, and ends by itself."""
    return invite.ends_ms is not None and invite.ends_ms - invite.made_ms <= _PASSING_MS


def made_sentence() -> str:
    """What is said aloud when a link is there."""
    return QCoreApplication.translate("LinkPart", "The link is ready; press Copy to send it.")
