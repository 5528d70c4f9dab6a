"""Clean systems to install into: a Debian of nothing but what is essential, without Python, with one plain person.

A root is a folder. Programs run in it by chroot inside a mount namespace of their own, so that nothing stays mounted;
a root can be laid over another one (overlayfs), so that two start equal without a copy.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "roots"
PERSON = "ana"
_ENTER = """
set -e
root=$1; shift
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for node in null zero full random urandom tty; do
    touch "$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir -p "$root/dev/shm" "$root/dev/pts"; chmod 1777 "$root/dev/shm"; ln -s /proc/self/fd "$root/dev/fd"
if [ -n "$SCREEN" ]; then mkdir -p "$root/tmp/.X11-unix"; mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"; fi
if [ -n "$BROUGHT" ]; then mkdir -p "$root/brought"; mount --bind "$BROUGHT" "$root/brought"; fi
if [ -n "$PERSON" ]; then cd "$root/home/$PERSON"; exec chroot --userspec="$PERSON" "$root" "$@"; fi
cd "$root"; exec chroot "$root" "$@"
"""


def need_roots() -> None:
    """Skips where no clean system can be made; as root on Debian, or in CI, that is a failure."""
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        for tool in ("mmdebstrap", "unshare", "chroot", "lintian", "Xvfb", "xdotool"):
            assert shutil.which(tool), f"{tool} is missing; packaging/prepare.sh brings it"
        return
    if os.environ.get("CI") == "true":
        pytest.fail("CI must prove the installers: it needs Debian, and root")
    pytest.skip("clean systems need Debian, and root")


def bare(suite: str) -> Path:
    """An archive of a fresh minimal Debian, made once; its packages come from where this machine's come from."""
    target = CACHE / f"{suite}.tar"
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        scratch = target.with_suffix(".new.tar")
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", "--components=main", suite, str(scratch),
             f"deb {_archive()} {suite} main"],
            check=True, timeout=500,
        )  # fmt: skip
        scratch.rename(target)
    return target


def _archive() -> str:
    words = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)"]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    found = [line.split() for line in lines if line.startswith("Debian main ")]
    plain = [uri for _, _, release, uri in found if not release.endswith(("-security", "-updates"))]
    assert plain, "this machine has no Debian package source; the proof needs one"
    return plain[0]


def end(program: subprocess.Popen[str]) -> str:
    """Ends a program with all that it started, whatever it is doing; what it said."""
    # by its group: a change of person takes the system's tie between parent and child away
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    out, err = program.communicate(timeout=30)
    return f"{out or ''}{err or ''}"[-3000:]


class CleanRoot:
    """One such system. `run` and `start` do something in it: as a person, or with `person=None` as root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mounted = False

    @classmethod
    def over(cls, below: CleanRoot, base: Path) -> CleanRoot:
        """One that begins equal to another; `close` it afterwards."""
        for name in ("upper", "work", "merged"):
            (base / name).mkdir(parents=True)
        it = cls(base / "merged")
        layers = f"lowerdir={below.folder},upperdir={base}/upper,workdir={base}/work"
        mount = ["mount", "-t", "overlay", "overlay", "-o", layers, str(it.folder)]
        it._mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        if not it._mounted:  # no overlay on this kind of disk
            subprocess.run(["cp", "-a", f"{below.folder}/.", str(it.folder)], check=True, timeout=200)
        return it

    def close(self) -> None:
        """Takes the layers apart."""
        if self._mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True, timeout=30)
            self._mounted = False

    @classmethod
    def unpack(cls, suite: str, folder: Path) -> CleanRoot:
        """A fresh one, with the person in it."""
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-xf", bare(suite), "-C", folder, "--exclude=./dev/*"], check=True, timeout=120)
        root = cls(folder)
        root.run(["useradd", "--create-home", "--shell", "/bin/sh", PERSON], person=None)
        (folder / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (folder / "usr/sbin/policy-rc.d").chmod(0o755)
        shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
        return root

    def command(
        self, words: Sequence[str], *, person: str | None = PERSON, brought: Path | None = None, screen: str = "",
        netns: str = "", environment: Mapping[str, str] | None = None,
    ) -> list[str]:  # fmt: skip
        """The whole command line. `brought` is shown as /brought; `screen` is a display of this machine."""
        home = f"/home/{person}" if person else "/root"
        inside = {
            "HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8",
            "NOTESAPP_KEYRING": "off", **({"DISPLAY": screen} if screen else {}), **(environment or {}),
        }  # fmt: skip
        outside = [f"SCREEN={screen}", f"BROUGHT={brought or ''}", f"PERSON={person or ''}"]
        return [
            *(["ip", "netns", "exec", netns] if netns else []),
            "env", *outside, "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "enter",
            str(self.folder), "env", "-i", *(f"{name}={value}" for name, value in inside.items()), *words,
        ]  # fmt: skip

    def run(self, words: Sequence[str], *, code: int = 0, timeout: float = 120, **how: object) -> str:
        """What it printed on standard output; AssertionError with all it said if it ends with another code."""
        line = self.command(words, **how)  # type: ignore[arg-type] # the same words as in `command`
        program = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            out, err = program.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{' '.join(words)}: no end within {timeout} s\n{end(program)}") from None
        said = out[-3000:] + err[-3000:]
        assert program.returncode == code, f"{' '.join(words)}: {program.returncode}\n{said}"
        return out

    def start(self, words: Sequence[str], **how: object) -> subprocess.Popen[str]:
        """A program that goes on until it is told to end, or by `end`."""
        line = self.command(words, **how)  # type: ignore[arg-type]
        return subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    def install(self, deb: Path) -> str:
        """Installs a package with what it depends on, as a person would: `apt-get install ./file.deb`."""
        self.run(["apt-get", "update", "-qq"], person=None, timeout=200)
        return self.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", f"/brought/{deb.name}"],
            person=None, brought=deb.parent, timeout=400, environment={"DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
