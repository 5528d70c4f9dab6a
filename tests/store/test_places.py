"""Where things lie, and where they must not."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from notesapp.errors import ReadOnlyHome, UnsafeHome
from notesapp.store import elsewhere
from notesapp.store.places import SOCKET_PATH_BYTES, Home

MOUNTS = """\
22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /tmp rw,nosuid - tmpfs tmpfs rw
40 22 0:40 / /mnt/nas rw,relatime - nfs4 nas:/volume rw,vers=4.2
41 22 0:41 / /mnt/two\\040words rw - cifs //server/share rw
42 40 0:42 / /mnt/nas/local rw - ext4 /dev/sdb1 rw
43 22 0:43 / /home/ada/remote rw - fuse.sshfs ada@host:/ rw
44 22 0:44 / /mnt/host rw - 9p host rw
45 22 0:45 / /mnt/covered rw - nfs old:/ rw
46 22 0:46 / /mnt/covered rw - xfs /dev/sdc1 rw
47 22 0:47 / /mnt/usb rw - fuseblk /dev/sdd1 rw
48 22 0:48 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
"""

MAC_MOUNTS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//ada@nas._smb._tcp.local/home on /Volumes/home (smbfs, nodev, nosuid, mounted by ada)
/dev/disk4s1 on /Volumes/My (odd) name (apfs, local)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ada/notes", None),
        ("/tmp/x", None),
        ("/mnt/nas/notes", "nfs4"),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nasty", None),
        ("/mnt/nas/local/notes", None),
        ("/mnt/two words/notes", "cifs"),
        ("/home/ada/remote/x", "fuse.sshfs"),
        ("/mnt/host/x", "9p"),
        ("/mnt/covered/x", None),
        ("/mnt/usb/x", None),
        ("/run/user/1000/gvfs/smb-share:server=nas/x", "fuse.gvfsd-fuse"),
    ],
)
def test_network_file_systems_of_linux_are_told_from_local_ones(path: str, kind: str | None) -> None:
    found = elsewhere.mounted_type(MOUNTS, Path(path))
    assert found is not None
    assert (found if elsewhere.is_network(found) else None) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/Users/ada/x", None), ("/Volumes/home/x", "smbfs"), ("/Volumes/My (odd) name/x", None)],
)
def test_network_volumes_of_macos_are_told_from_local_ones(path: str, kind: str | None) -> None:
    assert elsewhere.mac_network_volume(MAC_MOUNTS, Path(path)) == kind


@pytest.mark.parametrize(
    "marker",
    [".dropbox", ".stfolder", ".sync_1a2b.db", "._sync_77.db", ".tmp.driveupload", ".SyncID", ".sync", ".megaignore"],
)
def test_a_folder_below_a_sync_marker_is_refused(tmp_path: Path, marker: str) -> None:
    (tmp_path / "deep" / "down").mkdir(parents=True)
    home = Home.find(tmp_path / "deep" / "down" / "notes")
    assert elsewhere.synced_by(home.folder) is None
    (tmp_path / "deep" / marker).touch()
    with pytest.raises(UnsafeHome) as refusal:
        home.prepare()
    assert "syncs" in refusal.value.sentence
    assert not home.folder.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("Dropbox", "Dropbox (Personal)", "OneDrive", "OneDrive - Example GmbH", "Google Drive", "Nextcloud"),
        *("ownCloud", "iCloudDrive", "MEGA", "Proton Drive"),
    ],
)
def test_a_known_sync_folder_in_the_home_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(UnsafeHome):
        Home.find(tmp_path / name / "notes").prepare()


@pytest.mark.parametrize("name", ["Dropbox", "Dropbox (Personal)", "OneDrive", "OneDrive - Example GmbH", "MEGA"])
def test_a_name_counts_in_every_home_and_nowhere_else(tmp_path: Path, name: str) -> None:
    for home in ("/home/ada", "/Users/ada"):
        assert elsewhere.synced_by(Path(home, name, "notes")) is not None
    assert elsewhere.synced_by(tmp_path / "deep" / name / "notes") is None


def test_icloud_and_cloud_storage_of_macos_are_refused(tmp_path: Path) -> None:
    for inside in ("Library/Mobile Documents/com~apple~CloudDocs/n", "Library/CloudStorage/GoogleDrive-ada/My Drive/n"):
        assert elsewhere.synced_by(tmp_path / inside) is not None


def test_onedrive_is_known_by_its_variable(tmp_path: Path) -> None:
    environ = {"OneDrive": str(tmp_path / "Ablage")}
    assert elsewhere.synced_by(tmp_path / "Ablage" / "notes", environ) == "OneDrive"
    assert elsewhere.synced_by(tmp_path / "Ablage2" / "notes", environ) is None


def test_a_link_into_a_synced_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "cloud" / "notes").mkdir(parents=True)
    (tmp_path / "cloud" / ".stfolder").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / "cloud" / "notes")
    with pytest.raises(UnsafeHome):
        Home.find(tmp_path / "innocent").prepare()


def test_a_network_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    why = elsewhere.why_unsafe(tmp_path / "notes", file_system=lambda path: "nfs4")
    assert why == "on a network drive (nfs4)"


def test_ordinary_folders_with_unlucky_names_are_accepted(tmp_path: Path) -> None:
    for inside in ("projects/mega/notes", "src/nextcloud/notes", "music/Box Sync covers/notes"):
        Home.find(tmp_path / inside).prepare()


def test_the_home_is_what_is_asked_for_then_the_variable_then_the_systems_place(tmp_path: Path) -> None:
    environ = {"NOTESAPP_HOME": str(tmp_path / "variable")}
    assert Home.find(tmp_path / "asked", environ).folder == tmp_path / "asked"
    assert Home.find(None, environ).folder == tmp_path / "variable"
    usual = Home.find(None, {}).folder
    assert usual.is_absolute()
    assert "notesapp" in str(usual)
    assert Home.find("relative", {}).folder == Path.cwd() / "relative"
    assert Home.find("~/x", {}).folder == Path.home() / "x"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX; Windows profiles are private by their ACL")
def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home = Home.find(tmp_path / "a" / "notes")
    home.prepare()
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    home.folder.chmod(0o755)
    home.prepare()
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    assert list(home.folder.iterdir()) == []


def test_a_folder_that_cant_be_written_to_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReadOnlyHome):
        Home.find(tmp_path / "file" / "notes").prepare()
    if sys.platform.startswith("linux"):
        with pytest.raises(ReadOnlyHome):
            Home.find("/proc/notes").prepare()


@pytest.mark.skipif(os.name != "posix", reason="Windows has pipes with names of their own")
def test_the_control_socket_is_short_enough_for_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    short = Home(Path("/tmp/n"))
    assert short.control_address == "/tmp/n/control.sock"
    runtime = Path("/tmp") / f"nr{os.getpid()}"
    runtime.mkdir(mode=0o700)
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        long = Home(tmp_path / ("ä" * 60))
        address = long.control_address
        assert len(os.fsencode(address)) <= SOCKET_PATH_BYTES
        assert address == Home(tmp_path / ("ä" * 60)).control_address
        assert address != Home(tmp_path / ("ö" * 60)).control_address
        assert stat.S_IMODE(Path(address).parent.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(address)
        Path(address).unlink()
        Path(address).parent.rmdir()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 90)))
        assert long.control_address.startswith(f"/tmp/notesapp-{os.getuid()}/")
    finally:
        runtime.rmdir()


@pytest.mark.skipif(os.name != "posix", reason="POSIX folders")
def test_a_runtime_folder_that_others_can_enter_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = Path("/tmp") / f"nq{os.getpid()}"
    (runtime / "notesapp").mkdir(parents=True)
    (runtime / "notesapp").chmod(0o777)
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        assert str(runtime) not in Home(tmp_path / ("y" * 100)).control_address
    finally:
        (runtime / "notesapp").rmdir()
        runtime.rmdir()
