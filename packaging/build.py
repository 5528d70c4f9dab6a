"""The one build script: freezes the program and makes the installers of the system that it runs on.

packaging/build.py                  all that this system can make (Linux: deb rpm tarball)
packaging/build.py deb tarball      only these
packaging/build.py deb --again      with the bundle of the last time
packaging/build.py deb --as 0.0.9   the same program under another number, to test an upgrade
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from common import BUILD, DIST, HERE, BuildFailed, epoch_s, release, run, say, version, write
from freeze import BUNDLE, PYTHON, environment, freeze, self_test, version_file, without_system_libraries

MADE = BUILD / "made"
T = TypeVar("T")


def _deb(number: str | None) -> Path:
    from debian import make_deb

    return make_deb(BUNDLE["system"], MADE, number)


def _rpm(number: str | None) -> Path:
    from redhat import make_rpm

    return make_rpm(BUNDLE["system"], MADE, number)


def _tarball(number: str | None) -> Path:
    from archive import make_tarball

    return make_tarball(BUNDLE["portable"], MADE)


def _windows(number: str | None) -> Path:
    from windows_setup import make_setup

    return make_setup(BUNDLE["portable"], MADE)


def _macos(number: str | None) -> Path:
    from macos_image import make_image

    return make_image(BUNDLE["portable"].parent / "Notesapp.app")


INSTALLERS: dict[str, dict[str, Callable[[str | None], Path]]] = {
    "linux": {"deb": _deb, "rpm": _rpm, "tarball": _tarball},
    "win32": {"setup": _windows},
    "darwin": {"dmg": _macos},
}


def prepare() -> None:
    """Everything that the installers share: parts, manual, the bundle in its flavours."""
    _timed("environment", environment)
    run([PYTHON, HERE / "parts.py", MADE])
    run([PYTHON, HERE / "manual.py", MADE])
    publisher = release()
    (MADE / "release.json").unlink(missing_ok=True)
    if publisher.feed:
        write(MADE / "release.json", json.dumps({"feed": publisher.feed, "keys": publisher.keys}) + "\n")
    windows = sys.platform == "win32"
    bundle = _timed("bundle", lambda: freeze(MADE, version_file(version()) if windows else None))
    self_test(bundle / ("notesapp.exe" if windows else "notesapp"))
    if sys.platform == "linux":
        self_test(without_system_libraries() / "notesapp")


def sums(files: list[Path]) -> Path:
    """dist/SHA256SUMS of these files, as `sha256sum -c` reads it."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)]
    return write(DIST / "SHA256SUMS", "".join(lines))


def _timed(what: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    result = work()
    say(f"  {what}: {time.monotonic() - began:.0f} s")
    return result


def main() -> int:
    """Builds; the exit code."""
    here = INSTALLERS.get(sys.platform, {})
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("kinds", nargs="*", choices=[*here, []], help="which installers (all if none is named)")
    words.add_argument("--again", action="store_true", help="use the bundle that is there")
    words.add_argument("--as", dest="number", help="another version number for the packages")
    wanted = words.parse_args()
    try:
        say(f"Notesapp {version()}, files of time {epoch_s()}")
        if not wanted.again or not BUNDLE["portable"].exists():
            prepare()
        made = []
        for kind in wanted.kinds or list(here):
            file = _timed(kind, partial(here[kind], wanted.number))
            say(f"  {file.name}  {file.stat().st_size / 1e6:.1f} MB")
            made.append(file)
        if wanted.number is None and not wanted.kinds:
            sums(made)
    except BuildFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
