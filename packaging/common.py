"""What all steps of the build share: where things are, the version, the time that stands in files, running tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# another place for a second build, to compare
BUILD = Path(os.environ.get("NOTESAPP_BUILD", ROOT / "build"))
DIST = Path(os.environ.get("NOTESAPP_DIST", ROOT / "dist"))
APP_ID = "org.notesapp.Notesapp"


class BuildFailed(Exception):
    """A step of the build can't go on; its text is the sentence that the builder reads."""


@dataclass(frozen=True)
class Release:
    """What `release.toml` says of who publishes this build."""

    maintainer: str
    homepage: str
    feed: str
    keys: tuple[str, ...]


def release() -> Release:
    """The publisher of this build; empty fields mean: none yet."""
    found = tomllib.loads((HERE / "release.toml").read_text(encoding="utf-8"))
    return Release(found["maintainer"], found["homepage"], found["feed"], tuple(found["keys"]))


def version() -> str:
    """The program's version (PEP 440), which stands in one place only."""
    text = (ROOT / "notesapp" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise BuildFailed('notesapp/__init__.py has no line __version__ = "…".')
    return found[1]


def system_version(pep440: str) -> str:
    """The version as dpkg and rpm order it: what comes before a release gets a tilde. `1.0rc1` → `1.0~rc1`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.post(\d+))?(?:\.dev(\d+))?", pep440)
    if found is None:
        raise BuildFailed(f"“{pep440}” is no version that packages can carry (N.N.N, aN, bN, rcN, .postN, .devN).")
    base, kind, number, post, dev = found.groups()
    pre = f"~{kind}{number}" if kind else ""
    return base + pre + (f"+post{post}" if post else "") + (f"~dev{dev}" if dev else "")


def epoch_s() -> int:
    """The time that all files bear, for equal builds of one commit: SOURCE_DATE_EPOCH, else the commit's."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise BuildFailed("This is no git checkout; set SOURCE_DATE_EPOCH to the time that the files shall bear.")
    return int(asked.stdout)


def run(words: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Runs a tool; its output. BuildFailed with the last lines of what it said if it fails."""
    if shutil.which(str(words[0])) is None:
        raise BuildFailed(f"“{words[0]}” is missing; packaging/prepare.sh brings what a build needs (Debian, as root).")
    # bytecode holds sets in the order of their hashes: it is made anew each time, with hashes that don't change
    fixed = {"PYTHONHASHSEED": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    environment = {**os.environ, **fixed, "SOURCE_DATE_EPOCH": str(epoch_s()), **(env or {})}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, text=True, errors="replace", check=False,
        capture_output=True,
    )  # fmt: skip
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise BuildFailed(f"“{' '.join(str(word) for word in words[:4])}” failed:\n{said}")
    return done.stdout


def settle_times(folder: Path) -> None:
    """Gives everything below the folder the one time, and rights that do not depend on the builder's umask."""
    when = epoch_s()
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            program = path.is_dir() or bool(path.stat().st_mode & 0o100)
            path.chmod(0o755 if program else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    """Writes a text file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    path.chmod(mode)
    return path


def say(text: str) -> None:
    """A line for whoever waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
