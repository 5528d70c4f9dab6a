"""Makes the .rpm with rpmbuild, on Debian too. What it requires: names of libraries, computed from the bundle."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from common import BUILD, DIST, HERE, epoch_s, release, run, settle_times, system_version, version, write
from freeze import elf_files
from tree import LIB, lay_out

# Plugins that Qt passes over when their libraries are absent; glibc's own names are covered by its version.
_OPTIONAL = ("platformthemes", "printsupport", "xcbglintegrations")
_GLIBC = re.compile(r"^(libc|libm|libpthread|libdl|librt|libutil|libresolv|ld-linux-x86-64|ld-linux-aarch64)\.so")


def make_rpm(bundle: Path, made: Path, as_version: str | None = None) -> Path:
    """dist/notesapp-VERSION-1.ARCH.rpm of the system flavour."""
    top = BUILD / "rpm"
    shutil.rmtree(top, ignore_errors=True)
    root = top / "root"
    lay_out(root, bundle, made)
    doc = root / "usr/share/doc/notesapp"
    shutil.copyfile(made / "copyright", doc / "copyright")
    # Fedora's names for the shells' folders
    (root / "usr/share/zsh/vendor-completions").rename(root / "usr/share/zsh/site-functions")
    settle_times(root)
    number = system_version(as_version or version()).replace("+", "^")
    publisher = release()
    words = {
        "VERSION": number,
        "MAINTAINER": publisher.maintainer,
        "URL": f"URL: {publisher.homepage}" if publisher.homepage else "",
        "REQUIRES": "\n".join(f"Requires: {wish}" for wish in requires(root)),
        "LIB": LIB,
    }
    text = (HERE / "rpm" / "notesapp.spec.in").read_text(encoding="utf-8")
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    spec = write(top / "notesapp.spec", text)
    run(
        ["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {top}", "--define", f"notes_root {root}",
         "--define", f"notes_day {epoch_s()}", spec]
    )  # fmt: skip
    built = next((top / "RPMS").rglob("*.rpm"))
    DIST.mkdir(exist_ok=True)
    return Path(shutil.copy2(built, DIST / built.name))


def requires(root: Path) -> list[str]:
    """Names of libraries that the bundle doesn't bring, as rpm writes them, and the glibc that it needs."""
    elves = elf_files(root / LIB)
    own = {path.name for path in elves}
    wanted: set[str] = set()
    glibc = (0, 0)
    for path in elves:
        if any(part in path.parts for part in _OPTIONAL):
            continue
        wanted.update(re.findall(r"NEEDED.*\[(.+?)\]", run(["readelf", "-d", path])))
        for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", run(["readelf", "-V", path])):
            glibc = max(glibc, (int(major), int(minor)))
    names = sorted(f"{name}()(64bit)" for name in wanted - own if not _GLIBC.match(name))
    return [*names, f"libc.so.6(GLIBC_{glibc[0]}.{glibc[1]})(64bit)"]
