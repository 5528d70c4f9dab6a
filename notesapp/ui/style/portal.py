"""Asks the desktop portal for the system's colour scheme and motion wish over D-Bus. Decides nothing.

Qt answers “Unknown” on a bare X11 session; the portal is the second witness
(org.freedesktop.portal.Settings, namespace org.freedesktop.appearance).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusInterface, QDBusMessage, QDBusVariant

log = logging.getLogger(__name__)

SERVICE, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
INTERFACE, NAMESPACE = "org.freedesktop.portal.Settings", "org.freedesktop.appearance"
# A portal that hangs must not hold back the first window.
DEADLINE_MS = 150


def _unwrap(value: object) -> object:
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value


def read_setting(namespace: str, key: str) -> object | None:
    """One value of the portal, or None when there is no portal, no answer in time, or no such key."""
    if not sys.platform.startswith("linux"):
        return None
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    door = QDBusInterface(SERVICE, PATH, INTERFACE, bus)
    if not door.isValid():
        return None
    door.setTimeout(DEADLINE_MS)
    reply = door.call("Read", namespace, key)
    if reply.type() != QDBusMessage.MessageType.ReplyMessage or not reply.arguments():
        log.debug("! portal has no %s", key)
        return None
    return _unwrap(reply.arguments()[0])


def prefers_dark() -> bool | None:
    """True or False when the person told the system, None when the portal does not know (0 or absent)."""
    match read_setting(NAMESPACE, "color-scheme"):
        case 1:
            return True
        case 2:
            return False
        case _:
            return None


def prefers_contrast() -> bool:
    """True when the system asks for higher contrast."""
    return read_setting(NAMESPACE, "contrast") == 1


def prefers_reduced_motion() -> bool:
    """True when the system asks programs not to animate."""
    if read_setting(NAMESPACE, "reduced-motion") == 1:
        return True
    return read_setting("org.gnome.desktop.interface", "enable-animations") is False


class PortalWatch(QObject):
    """Calls back whenever a setting of the appearance namespace changes."""

    def __init__(self, changed: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = changed
        bus = QDBusConnection.sessionBus()
        if sys.platform.startswith("linux") and bus.isConnected():
            bus.connect(SERVICE, PATH, INTERFACE, "SettingChanged", self, b"1heard(QDBusMessage)")

    @Slot(QDBusMessage)
    def heard(self, message: QDBusMessage) -> None:
        """One `SettingChanged(namespace, key, value)` from the portal."""
        arguments = message.arguments()
        if arguments and arguments[0] == NAMESPACE:
            self._changed()
