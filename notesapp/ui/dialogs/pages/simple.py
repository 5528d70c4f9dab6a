"""The pages General, Editor and Appearance."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QSlider, QSystemTrayIcon, QWidget

from notesapp.ui.dialogs.form import Page
from notesapp.ui.settings import SettingsFile
from notesapp.ui.style.theme import Appearance, Theme
from notesapp.ui.style.tokens import ZOOM_MAX_PX, ZOOM_MIN_PX


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


def general(settings: SettingsFile, changed: Callable[[str], object], languages: list[tuple[str, str]]) -> QWidget:
    """How the program starts and stops, its language; `changed(what)` is told tray, keep, autostart, language."""
    page, now = Page(_tr("General")), settings.now
    running = page.group(_tr("Running"))

    def tray(on: bool) -> None:
        now.tray = on
        changed("tray")

    def keep(on: bool) -> None:
        now.keep_running = on
        changed("keep")

    def autostart(on: bool) -> None:
        now.autostart = on
        changed("autostart")

    has_tray = QSystemTrayIcon.isSystemTrayAvailable()
    what_for = _tr("For quick notes and to come back.") if has_tray else _tr("This desktop has no place for one.")
    running.switch(_tr("Show an icon beside the clock"), now.tray, tray, what_for).setEnabled(has_tray)
    running.switch(_tr("Keep running when the window is closed"), now.keep_running, keep)
    running.switch(_tr("Start with the computer"), now.autostart, autostart)
    if len(languages) > 1:

        def speak(code: str) -> None:
            now.language = code
            changed("language")

        language = page.group(_tr("Language"))
        language.choice(_tr("Language"), languages, now.language, speak, _tr("Used from the next start on."))
    page.say(
        _tr("For a hot key that works everywhere, let your system run: notesapp --quick-note"),
        "3",
    )
    return page


def editor(settings: SettingsFile, theme: Theme, changed: Callable[[str], object]) -> QWidget:
    """When marks are seen, how large the text is."""
    page, now = Page(_tr("Editor")), settings.now

    def markers(value: str) -> None:
        now.markers = value  # type: ignore[assignment] # one of the three below
        changed("markers")

    marks = page.group(_tr("Markdown"))
    marks.choice(
        _tr("Show marks like ** and #"),
        [
            ("caret", _tr("Near the caret")),
            ("always", _tr("Always")),
            ("source", _tr("Plain source")),
        ],
        now.markers,
        markers,
    )
    text = page.group(_tr("Text"))
    size = QSlider(Qt.Orientation.Horizontal)
    size.setRange(ZOOM_MIN_PX, ZOOM_MAX_PX)
    size.setValue(now.body_px)
    size.setFixedWidth(180)

    def resized(px: int) -> None:
        theme.zoom(px)
        now.body_px = px
        settings.save()

    size.valueChanged.connect(resized)
    text.row(_tr("Size"), size, _tr("Also with Ctrl and + or −, or Ctrl and the wheel."))
    return page


def appearance(settings: SettingsFile, theme: Theme) -> QWidget:
    """Light or dark, contrast, motion."""
    page, now = Page(_tr("Appearance")), settings.now

    def choose() -> None:
        theme.choose(Appearance(now.appearance), contrast=now.contrast, reduced_motion=now.reduced_motion)
        settings.save()

    def mode(value: str) -> None:
        now.appearance = value  # type: ignore[assignment] # one of the three below
        choose()

    def contrast(value: str) -> None:
        now.contrast = _THREE[value]
        choose()

    def motion(value: str) -> None:
        now.reduced_motion = _THREE[value]
        choose()

    look = page.group()
    look.choice(
        _tr("Colours"),
        [("system", _tr("As the system")), ("light", _tr("Light")), ("dark", _tr("Dark"))],
        now.appearance,
        mode,
    )
    three = [("system", _tr("As the system")), ("on", _tr("On")), ("off", _tr("Off"))]
    look.choice(_tr("High contrast"), three, _name(now.contrast), contrast)
    look.choice(_tr("Less motion"), three, _name(now.reduced_motion), motion)
    return page


_THREE: dict[str, bool | None] = {"system": None, "on": True, "off": False}


def _name(value: bool | None) -> str:
    return next(name for name, one in _THREE.items() if one is value)
