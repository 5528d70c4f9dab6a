"""The pages about people: who I am to others, the network, and the devices that are mine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from notesapp.node.events import CodesChanged, Event, NetworkChanged, PeopleChanged, RequestsChanged
from notesapp.node.people_views import DeviceView
from notesapp.ui.dialogs.ask import confirm
from notesapp.ui.dialogs.form import Group, Page
from notesapp.ui.faces.phrases import ago, device_path
from notesapp.ui.note_list.pane import wall_ms
from notesapp.ui.parts import button, retone, words
from notesapp.ui.people.roll import Rows
from notesapp.ui.people.share_people import Asking, Requests
from notesapp.ui.people.share_words import WordsPart
from notesapp.ui.people.word_panel import MatchingWords
from notesapp.ui.sayings import said
from notesapp.ui.settings import SettingsFile
from notesapp.ui.style.theme import Theme

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk


def _tr(text: str, n: int = -1) -> str:
    return QCoreApplication.translate("Settings", text, "", n)


class SyncPage(Page):
    """Me as others see me; the network, on or off, and why it doesn't work if so; where the notes are."""

    def __init__(self, desk: Desk, theme: Theme, settings: SettingsFile, changed: Callable[[str], object]) -> None:
        super().__init__(_tr("Sync and people"))
        self._desk, self._settings, self._changed = desk, settings, changed
        people = desk.people
        you = self.group(_tr("You"))
        self.name = QLineEdit(people.chosen_name or settings.now.name)
        self.name.setPlaceholderText(people.me().name)
        self.name.setMinimumWidth(180)
        self.name.editingFinished.connect(self._named)
        you.row(_tr("Your name"), self.name, _tr("Shown to people with whom you write."))
        you.row(_tr("Your colour"), _colours(settings, theme, self._recolour))
        self.say(_tr("Your fingerprint: read it to somebody who wants to be sure that it is you."))
        self.add(MatchingWords(people.me().words))
        network = self.group(_tr("Network"))
        tell = _tr("Finds the people of your notebooks and sends changes to them, and only to them. No server.")
        self.switch = network.switch(_tr("Share over the network"), people.network().on, self._switch, tell)
        self._state = words("", 12, tone="2", wrap=True)
        self.add(self._state)
        where = self.group(_tr("On this computer"))
        path = QLineEdit(str(desk.node.home.folder))
        path.setReadOnly(True)
        path.setMinimumWidth(280)
        where.row(_tr("Your notes are here"), path, _tr("Encrypted. There is no account and no server."))
        desk.node_event.connect(self._heard)
        self._show()

    def _named(self) -> None:
        name = " ".join(self.name.text().split())[:60]
        if name == (self._desk.people.chosen_name or self._settings.now.name):
            return
        self._settings.now.name = name
        self._tell()

    def _recolour(self, _: str) -> None:
        self._tell()

    def _tell(self) -> None:
        now = self._settings.now
        self._changed("name")
        me = self._desk.people.me()
        colour = now.colour if now.colour >= 0 else None
        if (now.name or me.name) != me.name or (colour is not None and colour != me.colour):
            self._desk.start(self._desk.people.set_me(now.name or me.name, colour), "change my name")

    def _switch(self, on: bool) -> None:
        self._settings.now.online = on
        self._settings.save()
        if on != self._desk.people.network().on:
            self._desk.start(self._desk.people.online(on), "switch sharing")

    def _heard(self, event: Event) -> None:
        if isinstance(event, NetworkChanged | PeopleChanged):
            self._show()

    def _show(self) -> None:
        network = self._desk.people.network()
        self.switch.blockSignals(True)
        self.switch.setChecked(network.on)
        self.switch.blockSignals(False)
        if network.trouble:
            self._state.setText(" ".join(said(part) for part in (network.trouble, network.remedy) if part))
        elif not network.on:
            self._state.setText(_tr("Switched off: nobody finds you, and nothing is sent."))
        elif network.addresses:
            connected = _tr("Connected with %n devices.", network.links)
            at = _tr("This computer is at %1.").replace("%1", ", ".join(network.addresses[:3]))
            self._state.setText(f"{connected} {at}")
        else:
            self._state.setText(_tr("This computer has no network now. Changes are kept until it has one."))
        retone(self._state, "warn" if network.trouble else "2")


class DevicesPage(Page):
    """My own devices: all hold all of my notebooks. A new one is linked by three words, a lost one is shut out."""

    def __init__(self, desk: Desk, theme: Theme, link_this: Callable[[], object]) -> None:
        """`link_this` asks for the three words of another device of mine, and makes this one mine, too."""
        super().__init__(_tr("Your devices"))
        self._desk, self._theme = desk, theme
        self.say(_tr("Every device of yours has all your notebooks and keeps them equal."))
        self.requests = Requests(theme)
        self.requests.answered.connect(self._answer)
        self.add(self.requests)
        self.rows = Rows()
        self.rows.column.setSpacing(8)
        self.add(self.rows)
        link = self.group(_tr("Another computer of yours"))
        tell = _tr("There, open this page and choose “Type three words”.")
        self._make = button(_tr("Make three words"), pressed=self._link)
        link.row(_tr("Link a device from here"), self._make, tell)
        self.code = WordsPart(_tr("Type these words on the new device, under Settings, Your devices."), wall_ms)
        self.code.make_asked.connect(self._link)
        self.code.end_asked.connect(desk.people.end_code)
        self.code.hide()
        self.add(self.code)
        take = button(_tr("Type three words…"), pressed=link_this)
        link.row(_tr("This computer is the new one"), take, _tr("The words are made on a device that you use already."))
        desk.node_event.connect(self._heard)
        self._show()
        self._ask()

    def _heard(self, event: Event) -> None:
        if isinstance(event, PeopleChanged):
            self._show()
        elif isinstance(event, CodesChanged):
            self.code.show_codes(self._desk.people.codes())
        elif isinstance(event, RequestsChanged):
            self._ask()

    def _ask(self) -> None:
        """A new device waits for a yes: the words to compare, and the answer below the fingers."""
        before = self.requests.findChildren(Asking)
        self.requests.show_requests([one for one in self._desk.people.requests() if not one.notebook_id])
        asking = [one for one in self.requests.findChildren(Asking) if one not in before]
        if asking and self.isVisible():
            asking[-1].yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, request_id: bytes, yes: bool) -> None:
        self._make.setFocus()  # the answer goes, and a second press on it must do nothing else
        self._desk.start(self._desk.people.approve(request_id, yes), "answer a new device")

    def _show(self) -> None:
        devices = tuple(one for one in self._desk.people.me().devices if one.active)
        if not self.rows.differs(devices):
            return
        box = Group()
        for one in devices:
            box.row(one.name or _tr("Device"), self._control(one), self._told(one))
        self.rows.column.addWidget(box)

    def _told(self, device: DeviceView) -> str:
        if device.this:
            return _tr("This computer")
        if device.linked:
            return device_path(device)
        if device.last_seen_ms is None:
            return _tr("Not seen yet")
        return _tr("Seen %1").replace("%1", ago(device.last_seen_ms, wall_ms()))

    def _control(self, device: DeviceView) -> QWidget:
        if device.this:
            return words(_tr("In use"), tone="2")
        made = button(_tr("Shut out…"), "danger", lambda: self._desk.start(self._revoke(device), "shut a device out"))
        made.setAccessibleName(_tr("Shut out %1").replace("%1", device.name))
        return made

    def _link(self) -> None:
        self._desk.start(self._linked(), "link a device")

    async def _linked(self) -> None:
        code = await self._desk.people.link_device()
        self.code.show()
        self.code.show_code(code)

    async def _revoke(self, device: DeviceView) -> None:
        title = _tr("Shut out “%1”?").replace("%1", device.name or _tr("the other device"))
        tell = _tr(
            "It gets no more changes, and nobody takes its edits any more. It keeps what it already has. "
            "Do this when it is lost or no longer yours."
        )
        if await confirm(self._theme, self, title, tell, _tr("Shut out"), danger=True):
            await self._desk.people.revoke_device(device.device_id)


def _colours(settings: SettingsFile, theme: Theme, changed: Callable[[str], object]) -> QComboBox:
    names = (
        _tr("Blue"),
        _tr("Raspberry"),
        _tr("Sea"),
        _tr("Violet"),
        _tr("Green"),
        _tr("Orange"),
        _tr("Sky"),
        _tr("Purple"),
        _tr("Olive"),
    )
    box = QComboBox()
    box.setMinimumWidth(180)
    for number, name in enumerate(names, -1):
        swatch = QPixmap(14, 14)
        swatch.fill(theme.tokens.accent if number < 0 else theme.person(number))
        box.addItem(QIcon(swatch), name, number)
    box.setCurrentIndex(box.findData(settings.now.colour))

    def chosen(at: int) -> None:
        settings.now.colour = box.itemData(at)
        changed("name")

    box.currentIndexChanged.connect(chosen)
    return box
