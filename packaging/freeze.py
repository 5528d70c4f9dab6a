"""Makes the bundle: a folder with the interpreter, the libraries and the program, for the system it is built on.

Builds in an environment of its own with locked packages; PyInstaller runs once, and the *system* flavour is the
*portable* one without the libraries that the packages ask their system for.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from common import BUILD, HERE, ROOT, BuildFailed, run, say, settle_times, write
from trim import SYSTEM, is_brought

VENV = ROOT / "build" / "venv"
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = [ROOT / "requirements" / name for name in ("run.txt", "packaging.txt")]
_PIP: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
BUNDLE = {flavour: BUILD / flavour / "notesapp" for flavour in ("portable", "system")}


def environment() -> None:
    """The build environment: locked tools, and the program installed as a wheel (never editable)."""
    stamp, wanted = VENV / ".ready", hashlib.sha256(b"no bytecode" + _locked() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", VENV])
        run([*_PIP, "--require-hashes", *(word for lock in LOCKS for word in ("-r", lock))])
        say("  the build environment is new")
        stamp.write_text(wanted)
    run([*_PIP, "--no-deps", "--no-build-isolation", "--force-reinstall", "--no-cache-dir", ROOT])


def _locked() -> bytes:
    return b"".join(lock.read_bytes() for lock in LOCKS)


def freeze(made: Path, version_file: Path | None = None) -> Path:
    """The portable bundle; `made` holds what only this build knows: licences, who publishes it."""
    target = BUNDLE["portable"].parent
    shutil.rmtree(target, ignore_errors=True)
    settings = {
        "NOTESAPP_FLAVOUR": "portable",
        "NOTESAPP_MADE": str(made),
        "PYINSTALLER_CONFIG_DIR": str(BUILD / "pyinstaller"),
    }
    if version_file is not None:
        settings["NOTESAPP_VERSION_FILE"] = str(version_file)
    run(
        [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", target,
         "--workpath", BUILD / "work", HERE / "notesapp.spec"],
        cwd=BUILD, env=settings,
    )  # fmt: skip
    bundle = BUNDLE["portable"]
    if sys.platform == "linux":
        _strip(bundle)
    settle_times(bundle)
    return bundle


def without_system_libraries() -> Path:
    """The system flavour, made from the portable one."""
    source, target = BUNDLE["portable"], BUNDLE["system"]
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    for path in (target / "_internal").iterdir():
        if path.is_file() and is_brought(path.name, "portable") and not path.name.startswith(SYSTEM):
            path.unlink()
    settle_times(target)
    return target


def _strip(bundle: Path) -> None:
    # Qt and PySide6 come stripped and are left as they came: they are the files that a person may replace
    for path in elf_files(bundle):
        if "PySide6" not in path.parts and "shiboken6" not in path.parts and path.parent != bundle:
            run(["strip", "--strip-unneeded", path])


def elf_files(folder: Path) -> list[Path]:
    """All programs and libraries below a folder, links left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def self_test(program: Path) -> str:
    """The program's own look at itself; BuildFailed if something is missing in the bundle."""
    done = subprocess.run([program, "--self-test"], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0 or '"frozen": true' not in done.stdout:
        raise BuildFailed(f"The frozen program's self-test failed: {done.stdout}{done.stderr}")
    say(f"  self-test: {done.stdout.strip()}")
    return done.stdout


def version_file(version: str) -> Path:
    """What the properties of a Windows .exe say."""
    numbers = ([int(part) for part in version.split(".")[:3] if part.isdigit()] + [0, 0, 0, 0])[:4]
    text = (HERE / "windows" / "version.txt.in").read_text(encoding="utf-8")
    return write(BUILD / "version.txt", text.replace("@NUMBERS@", str(tuple(numbers))).replace("@VERSION@", version))
