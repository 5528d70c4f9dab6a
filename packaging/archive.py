"""Makes the relocatable tarball: a folder that runs where it is unpacked, with a script that puts it on the desktop."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from common import BUILD, DIST, HERE, epoch_s, run, settle_times, version, write
from tree import LIB, lay_out


def make_tarball(bundle: Path, made: Path) -> Path:
    """dist/notesapp-VERSION-linux-ARCH.tar.zst of the portable flavour."""
    name = f"notesapp-{version()}-linux-{platform.machine()}"
    root = BUILD / "tarball" / name
    shutil.rmtree(root.parent, ignore_errors=True)
    lay_out(root, bundle, made)
    source = HERE / "tarball" / "install.sh"
    write(root / "install.sh", source.read_text(encoding="utf-8"), 0o755)
    write(root / "README", (HERE / "tarball" / "README").read_text(encoding="utf-8"))
    shutil.copyfile(made / "copyright", root / "usr/share/doc/notesapp/copyright")
    (root / "notesapp").symlink_to(f"{LIB}/notesapp")
    settle_times(root)
    DIST.mkdir(exist_ok=True)
    target = DIST / f"{name}.tar.zst"
    plain = target.with_suffix("")
    run(
        ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{epoch_s()}",
         "--format=gnu", "-C", root.parent, "-cf", plain, name]
    )  # fmt: skip
    run(["zstd", "-q", "-f", "--rm", "-12", "-T2", plain, "-o", target])
    return target
