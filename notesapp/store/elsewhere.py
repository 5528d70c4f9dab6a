"""Tells a folder that other computers write to as well. Decides what counts as a synced or a network folder.

A folder is synced if it, or a folder above it, holds a file that a sync program leaves in its root (`_MARKERS`), or
bears the name of one (`_NAMES`) where such programs put theirs: directly in a home folder (ours, or any in the system's
folder of homes), at the root of a drive, or in macOS's Library. A mere name elsewhere says nothing. On Windows,
OneDrive's own variables name its folders.

Two computers with one database file destroy it, whatever they lock: SQLite, "How To Corrupt An SQLite Database File"
§2.1 (network locks that don't lock), and sync programs that carry the file without its WAL.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

# A file or folder that a sync program leaves in the root of what it syncs, and how a person calls it
_MARKERS: Mapping[str, str] = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".stversions": "Syncthing",
    ".sync_root": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
    ".megaignore": "MEGA",
    ".SyncID": "Resilio Sync",
    ".sync": "Resilio Sync",
    ".seafile-data": "Seafile",
    ".SynologyWorkingDirectory": "Synology Drive",
}
# Names of database files that start with these are a sync program's own: `._sync_ab12.db`, `.sync_ab12.db`
_MARKER_STARTS: Mapping[str, str] = {"._sync_": "Nextcloud", ".sync_": "Nextcloud"}

# Whole names of folders that stand in a home folder, or (ending in a space or dash) how such a name begins
_NAMES: Mapping[str, str] = {
    "dropbox": "Dropbox",
    "dropbox (": "Dropbox",
    "onedrive": "OneDrive",
    "onedrive -": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "cloudstorage": "a cloud provider's folder",
    "syncthing": "Syncthing",
    "megasync": "MEGA",
    "mega": "MEGA",
    "pcloud drive": "pCloud",
    "pclouddrive": "pCloud",
    "proton drive": "Proton Drive",
    "seafile": "Seafile",
    "synologydrive": "Synology Drive",
    "box sync": "Box",
    "resilio sync": "Resilio Sync",
    "yandex.disk": "Yandex Disk",
}
_HOMES = (Path("/home"), Path("/Users"), Path("C:/Users"))
_OPEN_ENDED = ("dropbox (", "onedrive -")

# Linux names of file systems whose bytes lie on another computer
NETWORK_TYPES = frozenset(
    {
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb",
        "smbfs",
        "smb2",
        "smb3",
        "9p",
        "afs",
        "ncpfs",
        "ncp",
        "coda",
        "ceph",
        "lustre",
    }
    | {"gfs2", "ocfs2", "orangefs", "pvfs2", "glusterfs", "beegfs", "gpfs", "davfs", "davfs2", "webdav", "afpfs"}
)
_NETWORK_FUSE = frozenset(
    {"sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "davfs2", "glusterfs", "ceph", "ceph-fuse", "mount.ceph", "cifs"}
    | {"curlftpfs", "smbnetfs", "gvfsd-fuse", "google-drive-ocamlfuse", "onedriver", "mfs", "juicefs", "dropbox"}
    | {"seadrive", "kio-fuse", "nfs"}
)


def why_unsafe(
    folder: Path,
    *,
    file_system: Callable[[Path], str | None] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> str | None:
    """Why notes can't be kept in `folder` (it need not exist yet), to stand after "lies"; None if they can."""
    real = Path(os.path.realpath(folder))
    if name := synced_by(real, environ):
        return f"in a folder that {name} syncs"
    if kind := (file_system or network_file_system)(real):
        return f"on a network drive ({kind})"
    return None


def synced_by(real: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The sync program whose folder `real` (an absolute path without links) is in, or None."""
    for variable in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):  # set by OneDrive on Windows
        root = environ.get(variable)
        if root and real.is_relative_to(os.path.realpath(root)):
            return "OneDrive"
    for step in (real, *real.parents):
        if name := _by_name(step) or _by_marker(step):
            return name
    return None


def _by_name(step: Path) -> str | None:
    home = Path.home()
    above = step.parent
    if above not in (home, Path(os.path.realpath(home)), Path(step.anchor)) and not (
        above.parent in _HOMES or "Library" in step.parts
    ):
        return None
    name = step.name.casefold()
    start = next((start for start in _OPEN_ENDED if name.startswith(start)), name)
    return _NAMES.get(start)


def _by_marker(step: Path) -> str | None:
    try:
        with os.scandir(step) as found:
            # a synced folder has its marker in its root; a huge folder is not read to its end
            for _, item in zip(range(20_000), found, strict=False):
                if name := _MARKERS.get(item.name):
                    if item.name in (".dropbox", ".sync") and step == Path.home():
                        continue  # these are the programs' own folders, not synced ones
                    return name
                if item.name.endswith(".db"):
                    for start, name in _MARKER_STARTS.items():
                        if item.name.startswith(start):
                            return name
    except OSError:
        return None  # not made yet, or not ours to read: its parents are asked too
    return None


def network_file_system(real: Path) -> str | None:
    """The kind of network file system under `real`, or None."""
    there = real
    while not there.exists() and there != there.parent:
        there = there.parent
    if sys.platform == "win32":
        return _windows_drive(there)
    if sys.platform == "darwin":
        return _mac_volume(there)
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None  # no /proc: a sandbox; its own disk is what it has
    kind = mounted_type(table, there)
    return kind if kind is not None and is_network(kind) else None


def is_network(kind: str) -> bool:
    """Whether a file system type of Linux keeps its bytes on another computer."""
    return kind in NETWORK_TYPES or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in _NETWORK_FUSE)


def mounted_type(mountinfo: str, real: Path) -> str | None:
    """The file system type of the mount that holds `real`, from the text of /proc/self/mountinfo (proc(5))."""
    best: tuple[int, str] | None = None
    for line in mountinfo.splitlines():
        left, dash, right = line.partition(" - ")
        fields = left.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = _unescaped(fields[4])
        if real.is_relative_to(point) and (best is None or len(point) >= best[0]):  # the later mount covers the earlier
            best = (len(point), right.split(" ", 1)[0])
    return best[1] if best else None


def _unescaped(field: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, char)
    return field


if sys.platform == "win32":

    def _windows_drive(there: Path) -> str | None:
        import ctypes

        anchor = there.anchor
        if anchor.startswith("\\\\") and not anchor.startswith("\\\\?\\"):
            return "a share of another computer"
        drive_remote = 4  # GetDriveTypeW, fileapi.h
        return "a mapped drive" if ctypes.windll.kernel32.GetDriveTypeW(anchor) == drive_remote else None


if sys.platform == "darwin":

    def _mac_volume(there: Path) -> str | None:
        import subprocess

        # mount(8) names each volume's type and whether it is "local"; no field of os.statvfs does
        try:
            told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True).stdout
        except (OSError, subprocess.SubprocessError):
            return None
        return mac_network_volume(told, there)


def mac_network_volume(told: str, real: Path) -> str | None:
    """The type of the volume of `real` if macOS's `mount` doesn't call it local: `/dev/disk1 on / (apfs, local, …)`."""
    best: tuple[int, str | None] = (-1, None)
    for line in told.splitlines():
        rest = line.partition(" on ")[2]
        point, _, flags = rest.rpartition(" (")
        words = flags.rstrip(")").split(", ")
        if point and real.is_relative_to(point) and len(point) > best[0]:
            best = (len(point), None if "local" in words else words[0])
    return best[1]
