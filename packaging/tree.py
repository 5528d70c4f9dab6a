"""Lays out what every Linux package holds, as a file system below a folder: program, desktop, manual, completions.

Nothing here starts with the desktop: the unit is not enabled, and no autostart entry is shipped.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from common import APP_ID, HERE, ROOT, epoch_s, release, version, write

LIB = "usr/lib/notesapp"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_LINUX, _APP = HERE / "linux", ROOT / "resources" / "app"


def lay_out(root: Path, bundle: Path, made: Path) -> None:
    """Everything that is the same in .deb, .rpm, tarball and AppImage; `made`: where parts and manual lie."""
    shutil.copytree(bundle, root / LIB, symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/notesapp").symlink_to("../lib/notesapp/notesapp")
    share = root / "usr/share"
    _copy(_APP / "notesapp.desktop", share / "applications/notesapp.desktop")
    for size in SIZES:
        _copy(_APP / f"notesapp-{size}.png", share / f"icons/hicolor/{size}x{size}/apps/notesapp.png")
    _copy(_APP / "notesapp.svg", share / "icons/hicolor/scalable/apps/notesapp.svg")
    write(share / f"metainfo/{APP_ID}.metainfo.xml", metainfo())
    _copy(_LINUX / "notesapp-mime.xml", share / "mime/packages/notesapp.xml")
    zipped(share / "man/man1/notesapp.1.gz", (made / "notesapp.1").read_bytes())
    done = made / "completions"
    _copy(done / "notesapp.bash", share / "bash-completion/completions/notesapp")
    _copy(done / "_notesapp", share / "zsh/vendor-completions/_notesapp")
    _copy(done / "notesapp.fish", share / "fish/vendor_completions.d/notesapp.fish")
    _copy(_LINUX / "notesapp-peer.service", root / "usr/lib/systemd/user/notesapp-peer.service")
    _copy(_LINUX / "firewalld.xml", root / "usr/lib/firewalld/services/notesapp.xml")
    _copy(made / "sbom.cdx.json", share / "doc/notesapp/sbom.cdx.json")


def metainfo() -> str:
    """The AppStream description with this version."""
    text = (_LINUX / f"{APP_ID}.metainfo.xml.in").read_text(encoding="utf-8")
    homepage = release().homepage
    day = f"{datetime.fromtimestamp(epoch_s(), UTC):%Y-%m-%d}"
    line = f'  <url type="homepage">{homepage}</url>\n' if homepage else ""
    return text.replace("@HOMEPAGE@\n", line).replace("@VERSION@", version()).replace("@DATE@", day)


def news() -> list[tuple[str, list[str]]]:
    """(version, what changed) of CHANGELOG.md, the newest first; a change is one line."""
    found: list[tuple[str, list[str]]] = []
    for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        head = re.match(r"## (\S+)", line)
        if head:
            found.append((head[1], []))
        elif found and line.startswith("- "):
            found[-1][1].append(line[2:])
        elif found and line.startswith("  ") and found[-1][1]:
            found[-1][1][-1] += " " + line.strip()
    return found


def zipped(path: Path, data: bytes) -> None:
    """A gzip file without a name or time in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 9, mtime=0))
    path.chmod(0o644)


def size_kb(root: Path) -> int:
    """What the tree takes on a disk, as Debian counts it: each file rounded up to 1 kB, links and folders 1 kB."""
    return sum(
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1 for path in root.rglob("*")
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    os.chmod(target, 0o644)
