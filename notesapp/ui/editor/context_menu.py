"""The menu that a right click on the text opens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from notesapp.ui.editor.keys import COMMANDS

if TYPE_CHECKING:
    from notesapp.ui.editor.note_edit import NoteEdit

FORMATS = ("bold", "italic", "strike", "highlight", "code", "link")
BLOCKS = ("heading1", "heading2", "heading3", "text", "bullets", "numbers", "tasks", "quote", "table", "code_block")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContextMenu", text)


def context_menu(edit: NoteEdit, event: QContextMenuEvent) -> None:
    """Opens the menu; it says what is possible here and closes itself."""
    menu = QMenu(edit)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    writable, chosen = not edit.isReadOnly(), edit.textCursor().hasSelection()
    hit = edit.hit(QPointF(edit.viewport().mapFromGlobal(event.globalPos())))
    if hit is not None and hit.what == "link":
        kind, target = hit.kind, hit.target
        menu.addAction(_tr("Open link"), lambda: edit.link_opened.emit(kind, target))
        menu.addAction(_tr("Copy link"), lambda: QGuiApplication.clipboard().setText(target))
        menu.addSeparator()
    for text, keys, act, possible in (
        (_tr("Cut"), QKeySequence.StandardKey.Cut, edit.cut, chosen and writable),
        (_tr("Copy"), QKeySequence.StandardKey.Copy, edit.copy, chosen),
        (_tr("Paste"), QKeySequence.StandardKey.Paste, edit.paste, writable),
        (_tr("Select all"), QKeySequence.StandardKey.SelectAll, edit.selectAll, True),
    ):
        action = menu.addAction(text, act)
        action.setShortcut(QKeySequence(keys))
        action.setEnabled(possible)
    if writable:
        _add(menu, edit, ("paste_plain",))
        menu.addSeparator()
        _add(menu.addMenu(_tr("Format")), edit, FORMATS)
        _add(menu.addMenu(_tr("Paragraph")), edit, BLOCKS)
    menu.popup(event.globalPos())


def _add(menu: QMenu, edit: NoteEdit, names: tuple[str, ...]) -> None:
    for command in COMMANDS:
        if command.name in names:
            title = QCoreApplication.translate("EditCommand", command.title)
            action = menu.addAction(title, partial(edit.keys.run, command.name))
            if command.icon:
                action.setIcon(edit.theme.icon(command.icon))
            if command.keys:
                action.setShortcut(QKeySequence(command.keys[0]))
