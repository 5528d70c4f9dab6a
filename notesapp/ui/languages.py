"""Loads the words of a language into Qt. Knows which languages are shipped; English stands in the source.

English has a file, too: it holds only the plural forms (`%n notes` → “1 note”).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from notesapp.ui.style.resources import resource

_installed: list[QTranslator] = []


def languages() -> list[tuple[str, str]]:
    """(code, own name) of what is shipped, the system's choice first."""
    found = [("", QCoreApplication.translate("Settings", "As the system"))]
    for path in sorted(resource("translations").glob("notesapp_*.qm")):
        code = path.stem.removeprefix("notesapp_")
        name = QLocale(code).nativeLanguageName()
        found.append((code, name[:1].upper() + name[1:]))
    return found


def speak(app: QCoreApplication, code: str) -> str:
    """Installs a language (an empty code: the system's), for Qt's own dialogs too; returns what it became."""
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    locale = QLocale(code) if code else QLocale.system()
    wanted = locale.name().split("_")[0]
    spoken = wanted if resource("translations", f"notesapp_{wanted}.qm").exists() else "en"
    QLocale.setDefault(locale if spoken == wanted else QLocale("en"))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for place, name in ((folder, f"qtbase_{spoken}"), (str(resource("translations")), f"notesapp_{spoken}")):
        translator = QTranslator(app)
        if translator.load(name, place):
            app.installTranslator(translator)
            _installed.append(translator)
    return spoken
