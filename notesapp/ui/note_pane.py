"""The right pane around the editor: path of the note, its buttons, notices above the text, and the foot below it.
Tells what was asked; acts on nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from notesapp.ui.announce import announce
from notesapp.ui.editor.outline import Gist
from notesapp.ui.faces.avatar import AvatarStack
from notesapp.ui.parts import Elided, Empty, IconButton, IconLabel, button, plain_tip, retone, rule, words
from notesapp.ui.places import Place
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX, UI_PX

TITLE_PX = 200  # so much of a title is shown before any of its folders


class Crumbs(QWidget):
    """Notebook › folder › title; every part but the last leads there."""

    place_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(3)
        self._title = Elided(UI_PX, 500)
        self._title.setContentsMargins(5, 0, 0, 0)
        self._parts: list[tuple[QWidget, QWidget]] = []
        self._line.addWidget(self._title, 1)
        self._shown: tuple[tuple[str, Place], ...] = ()

    def show_path(self, above: Sequence[tuple[str, Place]], title: str) -> None:
        """`above`: the names and places on the way down to the note."""
        self._title.show_text(title)
        if tuple(above) != self._shown:
            self._shown = tuple(above)
            self._lay()
        self._fit()

    def _lay(self) -> None:
        for part in self._parts:
            for widget in part:
                self._line.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._parts = []
        for name, place in self._shown:
            crumb = button(name if len(name) <= 24 else name[:23] + "…")
            crumb.setObjectName("crumb")
            crumb.setFont(ui_font(UI_PX))
            crumb.setToolTip(plain_tip(name))
            crumb.clicked.connect(lambda _=False, place=place: self.place_chosen.emit(place))
            arrow = IconLabel(self._theme, "chevron-right", side=13)
            for number, widget in enumerate((crumb, arrow)):
                self._line.insertWidget(2 * len(self._parts) + number, widget)
            self._parts.append((crumb, arrow))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leaves out the parts nearest to the notebook, then the notebook, until the title has room."""
        room = self.width() - min(self._title.wanted_px, TITLE_PX)
        wide = [crumb.sizeHint().width() + arrow.sizeHint().width() + 6 for crumb, arrow in self._parts]
        order = [*range(1, len(wide)), 0] if wide else []
        gone: set[int] = set()
        for number in order:
            if sum(width for at, width in enumerate(wide) if at not in gone) > room:
                gone.add(number)
        for number, part in enumerate(self._parts):
            for widget in part:
                widget.setVisible(number not in gone)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a banner says: one sentence, at most two acts; `tone` is accent, warn or err."""

    sentence: str
    acts: tuple[tuple[str, Callable[[], object]], ...] = ()
    tone: str = "accent"


class Banner(QFrame):
    """Notices above the text that stay until their causes are gone; of several, the gravest is shown."""

    GRAVEST_FIRST = ("trouble", "request", "offered", "removed", "version", "trash", "recovered", "news", "reader")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._icon = IconLabel(theme, "info", token="accent")
        self._words = words("", UI_PX, wrap=True)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(24, 8, 16, 8)
        self._line.setSpacing(10)
        self._line.addWidget(self._icon)
        self._line.addWidget(self._words, 1)
        self._buttons: list[QWidget] = []
        self._notices: dict[str, Notice] = {}
        self._shown: Notice | None = None
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said now, or an empty text."""
        return self._shown.sentence if self._shown is not None else ""

    def say(self, cause: str, notice: Notice) -> None:
        """Says something about a cause (one of GRAVEST_FIRST) instead of what was said of it before."""
        self._notices[cause] = notice
        self._show()

    def has(self, cause: str) -> bool:
        """Whether something is said of this cause, or would be if no graver one were there."""
        return cause in self._notices

    def clear(self, cause: str) -> None:
        """That cause is gone."""
        if self._notices.pop(cause, None) is not None:
            self._show()

    def _show(self) -> None:
        notice = next((self._notices[cause] for cause in self.GRAVEST_FIRST if cause in self._notices), None)
        before, self._shown = self._shown, notice
        self.setVisible(notice is not None)
        if notice is None or (before is not None and before.sentence == notice.sentence):
            return
        self._words.setText(notice.sentence)
        self._icon.show_icon("info" if notice.tone == "accent" else "triangle-alert", notice.tone)
        self.setProperty("tone", notice.tone)
        self.style().unpolish(self)
        self.style().polish(self)
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = [button(name, "link", run) for name, run in notice.acts]
        for one in self._buttons:
            self._line.addWidget(one)
        announce(self, notice.sentence, at_once=notice.tone == "err")


class Foot(QWidget):
    """Words and reading time at the left, where the text is at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedHeight(30)
        self._shown = ("", "", "")  # what the status says now
        self._count = words("", SMALL_PX, tone="3")
        self._icon = IconLabel(theme, "circle-check", token="ok", side=14)
        self._status = words("", SMALL_PX, tone="3")
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 0, 24, 2)
        line.setSpacing(6)
        line.addWidget(self._count)
        line.addStretch()
        line.addWidget(self._icon)
        line.addWidget(self._status)
        self.clear()

    def show_gist(self, gist: Gist) -> None:
        """Words of the note (or of the selection), and the minutes that reading takes."""
        if gist.chosen:
            self._count.setText(self.tr("%1 of %n words", "", gist.words).replace("%1", str(gist.chosen)))
            return
        said = self.tr("%n words", "", gist.words)
        self._count.setText(f"{said} · " + self.tr("%n min read", "", gist.minutes) if gist.words else said)

    def show_status(self, icon: str, tone: str, sentence: str) -> None:
        """`tone` is a token: ok, text3, warn, err."""
        if (icon, tone, sentence) == self._shown:
            return
        self._shown = (icon, tone, sentence)
        self._icon.show_icon(icon, tone)
        self._icon.show()
        self._status.setText(sentence)
        retone(self._status, "err" if tone == "err" else "3")

    def clear(self) -> None:
        """Nothing is open."""
        self._shown = ("", "", "")
        self._count.setText("")
        self._status.setText("")
        self._icon.hide()


class NotePane(QWidget):
    """The whole pane; the editor is put in by whoever builds the window."""

    asked = Signal(str)
    place_chosen = Signal(object)
    menu_asked = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.crumbs = Crumbs(theme)
        self.banner = Banner(theme)
        self.foot = Foot(theme)
        self.empty = Empty(theme)
        self.body = QStackedWidget()
        self.body.addWidget(self.empty)
        self.crumbs.place_chosen.connect(self.place_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = self._header()
        column.addWidget(self.header)
        column.addWidget(rule())
        column.addWidget(self.banner)
        column.addWidget(self.body, 1)
        column.addWidget(self.foot)

    def put(self, editor: QWidget) -> None:
        """The widget that shows a note's text."""
        self.body.addWidget(editor)

    def show_note(self, editor: QWidget) -> None:
        """A note is open."""
        self.body.setCurrentWidget(editor)
        for one in self._tools:
            one.show()

    def show_nothing(self) -> None:
        """No note is open: the empty state stands here."""
        self.people.show_faces(())
        self.crumbs.show_path((), "")
        self.foot.clear()
        self.body.setCurrentWidget(self.empty)
        for one in self._tools:
            one.hide()

    def show_favourite(self, on: bool) -> None:
        """Whether the open note is starred."""
        self._star.show_icon("star", "warn" if on else "text2", fill=on)
        self._star.rename(self.tr("Remove from favourites") if on else self.tr("Add to favourites"))

    def show_panel(self, name: str) -> None:
        """Which panel is open at the right, to mark its button."""
        self._outline.setChecked(name == "outline")
        self._history.setChecked(name == "history")

    def show_chrome(self, *, back: bool, sidebar: bool) -> None:
        """Whether the pane stands alone (“back”) and whether the hidden sidebar can be called from here."""
        self._back.setVisible(back)
        self._unfold.setVisible(sidebar)

    def _header(self) -> QWidget:
        header = QWidget()
        header.setFixedHeight(51)
        line = QHBoxLayout(header)
        line.setContentsMargins(17, 0, 16, 0)
        line.setSpacing(4)
        self._back = self._tool("chevron-left", self.tr("Back to the list"), "view.list")
        self._unfold = self._tool("panel-left", self.tr("Show the sidebar"), "view.sidebar")
        self._star = self._tool("star", self.tr("Add to favourites"), "note.favourite")
        self._outline = self._tool("list-tree", self.tr("Outline"), "view.outline", checks=True)
        self._history = self._tool("history", self.tr("Previous versions"), "view.history", checks=True)
        more = IconButton(self._theme, "ellipsis", self.tr("More"))
        more.clicked.connect(lambda: self.menu_asked.emit(more.mapToGlobal(QPoint(0, more.height() + 4))))
        self.people = AvatarStack(self._theme)
        self.share = button(" " + self.tr("Share"), "primary", lambda: self.asked.emit("people.share"))
        self.share.setIconSize(QSize(16, 16))
        self.share.setAccessibleName(self.tr("Share this notebook"))
        self.share.setToolTip(self.tr("Share this notebook"))
        self._tools: tuple[QWidget, ...] = (self.share, self._star, self._outline, self._history, more)
        line.addWidget(self._back)
        line.addWidget(self._unfold)
        line.addWidget(self.crumbs, 1)
        line.addWidget(self.people)
        line.addSpacing(8)
        for one in self._tools:
            line.addWidget(one)
        line.insertSpacing(line.indexOf(self._star), 6)
        self._theme.changed.connect(self._colour)
        self._colour()
        self._back.hide()
        self._unfold.hide()
        return header

    def _colour(self) -> None:
        self.share.setIcon(self._theme.icon("user-plus", "on_accent"))

    def _tool(self, icon: str, name: str, command: str, *, checks: bool = False) -> IconButton:
        made = IconButton(self._theme, icon, name)
        # The mark follows what is shown, not the click: it is set by show_panel.
        made.setCheckable(checks)
        made.clicked.connect(lambda: self.asked.emit(command))
        return made
