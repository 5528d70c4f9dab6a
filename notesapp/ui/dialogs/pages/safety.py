"""The page about not losing anything: backups, recovery kit, passphrase, lock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from notesapp.control import calls
from notesapp.ui.commands import Commands
from notesapp.ui.dialogs.ask import TextSheet, confirm
from notesapp.ui.dialogs.form import Page
from notesapp.ui.dialogs.settings_window import SettingsWindow
from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import button, menu, plain_label, words
from notesapp.ui.style.fonts import code_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.when import long_time

if TYPE_CHECKING:
    from notesapp.node.views import NotebookView
    from notesapp.ui.acts.mirrors import MirrorActs
    from notesapp.ui.desk import Desk

SHORTEST = 8


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


class SafetyPage(Page):
    """Backups are made daily by the node; here one can be made now, and the kit be written down."""

    def __init__(self, desk: Desk, theme: Theme, commands: Commands, mirrors: MirrorActs) -> None:
        super().__init__(_tr("Backup and recovery"))
        self._desk, self._theme, self._commands = desk, theme, commands
        backups = self.group(_tr("Backups"))
        self._last = words("", 12, tone="2")
        now = button(_tr("Back up now"), pressed=self._backup)
        backups.row(_tr("A backup is made every day and checked"), now, str(desk.node.home.backups))
        backups.row(_tr("Newest backup"), self._last)
        check = button(_tr("Check now"), pressed=lambda: commands.run("help.doctor"))
        backups.row(_tr("Check the notes on this computer"), check)
        kit = self.group(_tr("Recovery kit"))
        show = button(_tr("Show the words"), pressed=lambda: desk.start(self._kit(), "recovery kit"))
        kit.row(
            _tr("24 words that open your notes"),
            show,
            _tr("Write them on paper. Whoever has them and a backup can read everything."),
        )
        lock = self.group(_tr("Passphrase"))
        self._set = button(_tr("Set or change…"), pressed=lambda: desk.start(self._passphrase(), "passphrase"))
        lock.row(_tr("Ask for a passphrase at every start"), self._set, _tr("“Lock now” works with one."))
        self._drop = button(_tr("Remove…"), "danger", lambda: desk.start(self._remove(), "passphrase"))
        lock.row(_tr("Open without a passphrase"), self._drop)
        self._drop.setEnabled(commands["app.lock"].possible())
        self._files(mirrors)
        desk.start(self._read(), "list backups")

    def _files(self, mirrors: MirrorActs) -> None:
        files = self.group(_tr("Plain files"))
        kept = mirrors.all()
        for view in kept:
            name = self._desk.node.notebook_name(view.notebook_id)
            stop = button(_tr("Stop"), pressed=partial(mirrors.stop, view.notebook_id))
            stop.setAccessibleName(_tr("Keep “%1” as files no longer").replace("%1", name))
            files.row(name, stop, f"{view.path}\n{view.trouble}".strip())
        others = [n for n in self._desk.notebooks() if n.notebook_id not in {view.notebook_id for view in kept}]
        if others:
            choose = button(_tr("Choose…"))
            choose.clicked.connect(lambda: self._choose(choose, others, mirrors))
            files.row(
                _tr("Keep a notebook as Markdown files, too"),
                choose,
                _tr("In a folder of yours, not encrypted; the files follow what you write."),
            )
        mirrors.changed.connect(self._anew)

    def _choose(self, at: QWidget, notebooks: Sequence[NotebookView], mirrors: MirrorActs) -> None:
        offered = menu(self)
        for one in notebooks:
            action = offered.addAction(self._theme.icon("notebook"), plain_label(one.name))
            action.triggered.connect(lambda _=False, key=one.notebook_id: mirrors.begin(key, self))
        offered.aboutToHide.connect(offered.deleteLater)
        offered.popup(at.mapToGlobal(at.rect().bottomLeft()))

    def _anew(self) -> None:
        window = self.window()
        if isinstance(window, SettingsWindow):
            window.forget("safety")

    async def _read(self) -> None:
        rows = await self._desk.door.call(calls.Backups())
        newest = max((row.made_ms for row in rows), default=0)
        if not shiboken6.isValid(self):
            return  # built anew meanwhile
        self._last.setText(long_time(newest) if newest else _tr("None yet"))

    def _backup(self) -> None:
        self._desk.start(self._backed_up(), "back up")

    async def _backed_up(self) -> None:
        await self._desk.door.call(calls.Backup())
        self._desk.say(_tr("Backed up; the file is checked"))
        await self._read()

    async def _kit(self) -> None:
        row = await self._desk.door.call(calls.RecoveryKit())
        sheet: Sheet[None] = Sheet(self._theme, self, width=520)
        sheet.column.addWidget(words(_tr("Your recovery kit"), 16, 600))
        sheet.column.addWidget(
            words(_tr("Write these words down in this order and keep the paper safe."), tone="2", wrap=True)
        )
        grid = QGridLayout()
        for number, word in enumerate(row.words):
            label = words(f"{number + 1:2d}  {word}")
            label.setFont(code_font(13))
            grid.addWidget(label, number % 8, number // 8)
        sheet.column.addLayout(grid)
        line = QHBoxLayout()
        line.addWidget(button(_tr("Copy"), pressed=lambda: QGuiApplication.clipboard().setText(" ".join(row.words))))
        line.addStretch()
        done = button(_tr("Done"), "primary", lambda: sheet.finish(None))
        line.addWidget(done)
        sheet.column.addLayout(line)
        await sheet.ask(done)

    async def _ask(self, title: str, check: bool) -> str | None:
        def long_enough(text: str) -> str:
            return "" if len(text) >= SHORTEST else _tr("At least 8 characters.")

        sheet = TextSheet(
            self._theme, self, title, _tr("Continue"), check=long_enough if check else lambda _: "", hidden=True
        )
        return await sheet.ask(sheet.line)

    async def _passphrase(self) -> None:
        old = None
        if self._commands["app.lock"].possible():
            old = await self._ask(_tr("Your passphrase now"), False)
            if old is None:
                return
        new = await self._ask(_tr("A new passphrase"), True)
        again = await self._ask(_tr("Once more, to be sure"), False) if new is not None else None
        if new is None or again is None:
            return
        if new != again:
            self._desk.say(_tr("The two were not the same; nothing was changed."))
            return
        await self._desk.door.call(calls.Passphrase(old, new))
        self._desk.say(_tr("From now on the passphrase is asked for at the start."))
        self._drop.setEnabled(True)

    async def _remove(self) -> None:
        old = await self._ask(_tr("Your passphrase now"), False)
        if old is None:
            return
        sure = await confirm(
            self._theme,
            self,
            _tr("Open without a passphrase?"),
            _tr("Whoever can use this computer as you can then read your notes."),
            _tr("Remove it"),
            danger=True,
        )
        if sure:
            await self._desk.door.call(calls.Passphrase(old, None))
            self._desk.say(_tr("The notes open without a passphrase now."))
            self._drop.setEnabled(False)


def safety(desk: Desk, theme: Theme, commands: Commands, mirrors: MirrorActs) -> QWidget:
    """The page."""
    return SafetyPage(desk, theme, commands, mirrors)
