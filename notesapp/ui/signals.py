"""Turns SIGTERM, SIGINT and SIGHUP into a call in Qt's loop. Python runs its handlers only between bytecodes, and Qt's
loop runs none: so the signal's number comes through a socket that Qt watches.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


class Signals(QObject):
    """Calls `ended` once for any of the signals, until `close`."""

    def __init__(self, ended: Callable[[], None]) -> None:
        super().__init__()
        self._ended = ended
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._came)
        self._wakeup = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, lambda *_: None) for number in ENDING}

    def _came(self) -> None:
        try:
            numbers = self._near.recv(64)
        except BlockingIOError:
            return
        if any(number in numbers for number in ENDING):
            self._ended()

    def close(self) -> None:
        """Puts the old handlers back."""
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._near.close()
        self._far.close()
