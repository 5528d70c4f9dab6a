"""Decides which files of Qt and of the build machine stay out of the bundle. Pure: names in, a verdict out.

Two flavours: *system* (for .deb and .rpm) takes OpenSSL, X11 helpers and the like from the system by Depends;
*portable* (tarball, AppImage) brings those that a desktop may lack. GTK, GL, glib and glibc are never bundled: they
belong to the system that runs the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EXCLUDED_MODULES = [
    "tkinter", "unittest", "pydoc", "doctest", "test", "idlelib", "ensurepip", "lib2to3", "curses", "readline",
    "sqlite3", "pip", "setuptools", "pkg_resources", "wheel", "hatchling", "PyInstaller", "IPython", "numpy", "PIL",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtQuickControls2", "PySide6.QtDesigner",
    "PySide6.QtHelp", "PySide6.QtTest", "PySide6.QtSql", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
    "PySide6.QtUiTools", "PySide6.QtConcurrent", "PySide6.QtNetwork", "zstandard.backend_cffi", "zstandard._cffi",
    "cyclonedx", "jsonschema", "PySide6.QtXml", "PySide6.QtSvgWidgets",
]  # fmt: skip

_PLUGINS_OUT = re.compile(
    r"/plugins/(egldeviceintegrations|generic|qmltooling|qmllint|sqldrivers|vectorimageformats|designer|help"
    r"|wayland-graphics-integration-server|networkinformation|tls"
    r"|platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)"
    r"|imageformats/libq(icns|tga|tiff|wbmp|pdf)"
    r"|platforminputcontexts/libqtvirtualkeyboard"
    r"|platformthemes/libqgtk3)"  # GTK would come from the build machine
)
_QT_OUT = re.compile(
    r"(^|/)(lib)?Qt6(Qml|Quick|Designer|Help|Test|Sql|UiTools|Labs|Lottie|VirtualKeyboard|Egl[Ff][Ss]|Concurrent|3D"
    r"|Pdf|WebE|Charts|Multimedia|SvgWidgets|OpenGLWidgets)[A-Za-z0-9]*\.(so|dll|framework)|"
    r"PySide6/(Qt/qml/|qml/|glue/|typesystems/|include/|doc/|scripts/|lib(pyside6qml|Qt))|"
    r"PySide6/.*\.(pyi|exe|app)$|opengl32sw\.dll|d3dcompiler"
)
_TRANSLATION = re.compile(r"/translations/(?P<name>[^/]+)\.qm$")
_OUR_OWN = re.compile(r"(^|/)notesapp/resources/translations/")

# What a portable program brings of the build machine, by the beginning of the file's name.
PORTABLE = (
    "libpython", "libssl", "libcrypto", "libffi", "libbz2", "liblzma", "libuuid", "libexpat",
    "libxcb-cursor", "libxcb-icccm", "libxcb-image", "libxcb-keysyms", "libxcb-render-util", "libxcb-util",
    "libxcb-xkb", "libxkbcommon", "libxcb-glx", "libxcb-randr", "libxcb-render", "libxcb-shape", "libxcb-shm",
    "libxcb-sync", "libxcb-xfixes", "libzstd", "libbrotli",
)  # fmt: skip
# What even the packages bring: no Debian or Fedora has this very interpreter, and libbz2.so.1.0 is a Debian-only name.
SYSTEM = ("libpython", "libbz2")


def is_wanted(name: str) -> bool:
    """Whether a file of Qt or of a library (its place in the bundle, with slashes) is used by the program."""
    if _PLUGINS_OUT.search(name) or _QT_OUT.search(name):
        return False
    qm = _TRANSLATION.search(name)
    return qm is None or bool(_OUR_OWN.search(name)) or qm["name"].startswith("qtbase_")


def is_foreign(source: str, own_folders: Iterable[str]) -> bool:
    """Whether a library comes from the build machine and not from a wheel or the interpreter."""
    return not any(source.startswith(folder.rstrip("/") + "/") for folder in own_folders)


def is_brought(name: str, flavour: str) -> bool:
    """Whether a library of the build machine goes into this flavour."""
    return name.rpartition("/")[2].startswith(SYSTEM if flavour == "system" else PORTABLE)
