"""Makes the .deb. Decides its control file; what it depends on is computed from the libraries, not written by hand."""

from __future__ import annotations

import re
import shutil
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from common import BUILD, DIST, HERE, epoch_s, release, run, settle_times, system_version, version, write
from freeze import elf_files
from tree import LIB, lay_out, news, size_kb, zipped

_DEB = HERE / "deb"
REVISION = "1"
# Debian 12's lists ask for newer versions of these two than the wheels were linked with; Ubuntu 22.04 has those.
_FLOOR_AS_LINKED = ("libx11-xcb1", "libzstd1")
RECOMMENDS = (
    "xdg-utils, desktop-file-utils, shared-mime-info, hicolor-icon-theme, fonts-dejavu-core | fonts-freefont-ttf"
)
SUGGESTS = "gnome-keyring | org.freedesktop.secrets"


def make_deb(bundle: Path, made: Path, as_version: str | None = None) -> Path:
    """dist/notesapp_VERSION_ARCH.deb of the system flavour. `as_version`: another number, for a test of upgrades."""
    number = f"{system_version(as_version or version())}-{REVISION}"
    arch = run(["dpkg", "--print-architecture"]).strip()
    root = BUILD / "deb" / "root"
    shutil.rmtree(root.parent, ignore_errors=True)
    lay_out(root, bundle, made)
    doc = root / "usr/share/doc/notesapp"
    write(doc / "copyright", (made / "copyright").read_text(encoding="utf-8"))
    write(doc / "README.Debian", (_DEB / "README.Debian").read_text(encoding="utf-8"))
    zipped(doc / "changelog.gz", (HERE.parent / "CHANGELOG.md").read_bytes())
    zipped(doc / "changelog.Debian.gz", _changelog(number).encode())
    write(root / "etc/ufw/applications.d/notesapp", (HERE / "linux/ufw.profile").read_text(encoding="utf-8"))
    write(root / "usr/share/lintian/overrides/notesapp", (_DEB / "lintian-overrides").read_text(encoding="utf-8"))
    size = size_kb(root)
    write(root / "DEBIAN/control", _control(number, arch, size, _depends(root)))
    write(root / "DEBIAN/conffiles", "/etc/ufw/applications.d/notesapp\n")
    write(root / "DEBIAN/postrm", (_DEB / "postrm").read_text(encoding="utf-8"), 0o755)
    sums = run(["sh", "-c", "find usr etc -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum"], cwd=root)
    write(root / "DEBIAN/md5sums", sums)
    settle_times(root)
    DIST.mkdir(exist_ok=True)
    target = DIST / f"notesapp_{number}_{arch}.deb"
    # -z6 takes 80 s of processor time instead of 20 and saves a tenth
    run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--threads-max=2", "--build", root, target])
    return target


def _depends(root: Path) -> str:
    """What dpkg-shlibdeps finds for all programs and libraries; those of the bundle itself are not asked for."""
    work = root.parent / "shlibs"
    (root / "DEBIAN").mkdir(exist_ok=True)  # by this folder the tool knows a package's root
    write(work / "debian/control", "Source: notesapp\n\nPackage: notesapp\nArchitecture: any\n")
    elves = elf_files(root / LIB)
    own = sorted({path.parent for path in elves if ".so" in path.name})
    words = [
        "dpkg-shlibdeps",
        "-O",
        "--warnings=0",
        "--ignore-missing-info",
        *(f"-l{folder}" for folder in own),
        f"-S{root}",
    ]
    said = run([*words, *(f"-e{path}" for path in elves if not _is_optional(path))], cwd=work)
    found = next(line for line in said.splitlines() if line.startswith("shlibs:Depends="))
    wishes = found.partition("=")[2].split(", ")
    return ", ".join(_loosened(wish) for wish in wishes if not wish.startswith("notesapp"))


def _is_optional(path: Path) -> bool:
    # plugins that Qt passes over when their libraries are absent must not drag these in
    return any(
        part in path.parts for part in ("platformthemes", "printsupport", "xcbglintegrations", "egldeviceintegrations")
    )


def _loosened(wish: str) -> str:
    name = wish.partition(" ")[0]
    return name if name in _FLOOR_AS_LINKED else wish


def _control(number: str, arch: str, size: int, depends: str) -> str:
    publisher = release()
    homepage = f"Homepage: {publisher.homepage}\n" if publisher.homepage else ""
    return textwrap.dedent(
        """\
        Package: notesapp
        Version: {number}
        Architecture: {arch}
        Maintainer: {maintainer}
        Installed-Size: {size}
        Depends: {depends}
        Recommends: {recommends}
        Suggests: {suggests}
        Section: editors
        Priority: optional
        {homepage}Description: notes for people who write together, without a server
         Every note is a Markdown text that is kept, encrypted, on your own disk: it
         works offline, and what the program calls saved is never lost. Devices talk
         to each other directly; there is no account and no server.
         .
         The package holds a window, commands, and a peer without a window.
        """
    ).format(
        number=number, arch=arch, maintainer=publisher.maintainer, size=size, depends=depends,
        recommends=RECOMMENDS, suggests=SUGGESTS, homepage=homepage,
    )  # fmt: skip


def _changelog(number: str) -> str:
    when = format_datetime(datetime.fromtimestamp(epoch_s(), UTC))
    _, lines = news()[0]
    changes = "\n".join(textwrap.fill(line, 78, initial_indent="  * ", subsequent_indent="    ") for line in lines)
    changes = re.sub(r"[ \t]+$", "", changes, flags=re.MULTILINE)
    return f"notesapp ({number}) stable; urgency=medium\n\n{changes}\n\n -- {release().maintainer}  {when}\n"
