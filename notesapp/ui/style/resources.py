"""Finds the files that are shipped with the program. The only place that knows where `resources/` is.

Three homes: a frozen program (`sys._MEIPASS` or beside the executable), an installed wheel (`notesapp/resources`), and
a checkout (`resources/` beside the package).
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from notesapp.errors import LocalError


def _candidates() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parents[2]
    places = [package / "resources", package.parent / "resources"]
    if getattr(sys, "frozen", False):
        bundle = Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))
        places = [bundle / "notesapp" / "resources", bundle / "resources", *places]
    return tuple(places)


@cache
def resources() -> Path:
    """The folder that holds fonts, icons and translations; LocalError when the installation is broken."""
    for place in _candidates():
        if (place / "icons").is_dir():
            return place
    raise LocalError(what="the program's own pictures and fonts are missing; install it again")


def resource(*parts: str) -> Path:
    """The path of one shipped file, which may be absent: the caller says what happens then."""
    return resources().joinpath(*parts)
