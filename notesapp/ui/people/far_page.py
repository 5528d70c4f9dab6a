"""People far away: the page with the switch and how it stands, and the hint in cards as long as nobody agreed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from notesapp.errors import BadBootstrap
from notesapp.node.events import Event, NetworkChanged
from notesapp.node.faraway import Faraway, InternetView, nodes_of
from notesapp.ui.dialogs.form import Page
from notesapp.ui.parts import button, retone, words
from notesapp.ui.sayings import said

if TYPE_CHECKING:
    from notesapp.ui.desk import Desk


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


class FarPage(Page):
    """Nothing is looked up on the internet before the first box is ticked."""

    def __init__(self, desk: Desk, check: Callable[[], object] = lambda: None) -> None:
        """`check` shows how it stands with the connections."""
        super().__init__(_tr("Far away"))
        self._desk = desk
        choice = desk.node.people.internet.view.choice
        self.say(
            _tr(
                "People in other networks are found through BitTorrent’s public phone book (DHT). Its nodes see your "
                "IP address under keys that change each day. They learn neither who you are nor anything of your notes."
            )
        )
        group = self.group(_tr("Internet"))
        self.switch = group.switch(_tr("Find people on the internet"), choice.agreed is True, self._agree)
        self.found = group.switch(
            _tr("Let them find you"), choice.be_found, self._be_found, _tr("Otherwise only you can find them.")
        )
        self.mapping = group.switch(
            _tr("Ask the router to open a port"), choice.mapping, self._mapping, _tr("Helps where routers are strict.")
        )
        self.relay = group.switch(
            _tr("Carry for members who can’t reach each other"), choice.relay, self._relay,
            _tr("What passes is sealed: this computer can’t read it."),
        )  # fmt: skip
        self.pairs = group.choice(
            _tr("For how many pairs at once"), _numbers((1, 4, 16, 64), choice.relay_pairs), str(choice.relay_pairs),
            lambda value: self._choose(relay_pairs=int(value)),
        )  # fmt: skip
        self.rate = group.choice(
            _tr("How much for each pair"), _numbers((32, 128, 256, 1024), choice.relay_kib_s, " KiB/s"),
            str(choice.relay_kib_s), lambda value: self._choose(relay_kib_s=int(value)),
        )  # fmt: skip
        self.nodes = QLineEdit(", ".join(choice.bootstrap))
        self.nodes.setCursorPosition(0)  # the beginning is read first where there is no room for all
        self.nodes.setPlaceholderText(_tr("The public ones"))
        self.nodes.setMinimumWidth(220)
        self.nodes.editingFinished.connect(self._nodes)
        group.row(_tr("Nodes to ask first"), self.nodes, _tr("For a network of your own: host:port, with commas."))
        self.check = button(_tr("Check now"), pressed=check)
        group.row(_tr("Check the connections"), self.check, _tr("Router, phone book, clock, and each person."))
        self.state = words("", 12, tone="2", wrap=True)
        self.add(self.state)
        desk.node_event.connect(self._heard)
        self._show()

    def _choose(self, **chosen: Any) -> None:
        self._desk.start(self._desk.node.people.internet.choose(**chosen), "change what is done on the internet")

    def _agree(self, on: bool) -> None:
        self._choose(agreed=on)

    def _be_found(self, on: bool) -> None:
        self._choose(be_found=on)

    def _mapping(self, on: bool) -> None:
        self._choose(mapping=on)

    def _relay(self, on: bool) -> None:
        self._choose(relay=on)

    def _nodes(self) -> None:
        try:
            found = nodes_of(self.nodes.text())
        except BadBootstrap as error:
            self.state.setText(said(error.sentence))
            retone(self.state, "err")
            return
        if found != self._desk.node.people.internet.view.choice.bootstrap:
            self._choose(bootstrap=found)

    def _heard(self, event: Event) -> None:
        if isinstance(event, NetworkChanged):
            self._show()

    def _show(self) -> None:
        view = self._desk.node.people.internet.view
        trouble = view.report.dht.trouble if view.report is not None else None
        told = said(trouble) if trouble else ""
        self.state.setText(f"{told[:1].upper()}{told[1:]}." if told else _state(view))
        retone(self.state, "warn" if trouble else "2")


def _numbers(offered: tuple[int, ...], now: int, unit: str = "") -> list[tuple[str, str]]:
    return [(str(it), f"{it}{unit}") for it in sorted({*offered, now})]


def _state(view: InternetView) -> str:
    if view.choice.agreed is not True:
        return _tr("People far away are not looked for.")
    if view.report is None:
        return _tr("People far away are looked for as soon as there is somebody to look for.")
    nodes = _tr("Nodes that answer: %1.").replace("%1", str(view.report.dht.nodes))
    seen = view.report.nat.external
    where = _tr("This computer is seen at %1.").replace("%1", str(seen)) if seen is not None else ""
    return f"{nodes} {where}".strip()


class FarHint(QWidget):
    """In the cards for sharing and joining, until the person said yes or no: only this network is looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        found = getattr(desk.people, "internet", None)
        self._internet = found if isinstance(found, Faraway) else None
        self._offered = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        self.sentence = words(
            _tr(
                "Now only people in this network can meet. Farther away they are found through BitTorrent’s public "
                "phone book: its nodes see your IP address, but neither who you are nor anything of your notes."
            ),
            12, tone="2", wrap=True,
        )  # fmt: skip
        self.agree = button(_tr("Find people on the internet"), pressed=self._agree)
        column.addWidget(self.sentence)
        column.addWidget(self.agree, 0, Qt.AlignmentFlag.AlignLeft)
        desk.node_event.connect(self._heard)
        self._show()

    def offer(self, on: bool) -> None:
        """Whether this is a moment for it."""
        self._offered = on
        self._show()

    def _agree(self) -> None:
        if self._internet is not None:
            self._desk.start(self._internet.choose(agreed=True), "find people on the internet")

    def _heard(self, event: Event) -> None:
        if isinstance(event, NetworkChanged):
            self._show()

    def _show(self) -> None:
        asks = self._internet is not None and self._internet.choice.agreed is None
        if not (asks and self._offered):
            self.hide()
        elif self.parentWidget() is not None:  # else it would be a window of its own for a moment
            self.show()
