"""What the build decides without building: versions, what is bundled, the manual, the descriptions for desktops."""

from __future__ import annotations

import plistlib
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from common import APP_ID, HERE, ROOT, BuildFailed, epoch_s, release, system_version, version
from trim import is_brought, is_foreign, is_wanted

from notesapp import __version__
from notesapp.net.mux import PORT

ORDER = ["0.1.0a1", "0.1.0b2", "0.1.0rc1", "0.1.0", "0.1.0.post1", "0.1.1.dev3", "0.1.1", "0.10.0", "1.0"]


def test_the_version_stands_in_one_place() -> None:
    assert version() == __version__
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg orders versions on Debian only")
def test_packages_order_versions_as_python_does() -> None:
    numbers = [system_version(one) for one in ORDER]
    for older, newer in pairwise(numbers):
        asked = subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=False)
        assert asked.returncode == 0, f"{older} is not before {newer}"


def test_a_version_that_no_package_can_carry_is_refused() -> None:
    with pytest.raises(BuildFailed, match="no version"):
        system_version("1.0+local")


def test_the_time_of_files_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert epoch_s() == 1_700_000_000


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "PySide6/Qt/translations/qtdeclarative_de.qm",
        "PySide6/QtWidgets.pyi",
    ],
)
def test_what_the_window_does_not_use_stays_out(name: str) -> None:
    assert not is_wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqwebp.so",
        "PySide6/Qt/lib/libQt6Svg.so.6",
        "PySide6/Qt/translations/qtbase_de.qm",
        "notesapp/resources/translations/notesapp_de.qm",
        "zeroconf/__init__.py",
    ],
)
def test_what_the_window_uses_goes_in(name: str) -> None:
    assert is_wanted(name)


def test_system_packages_ask_for_openssl_and_bring_only_what_no_system_has() -> None:
    names = [
        "libssl.so.3",
        "libxcb-cursor.so.0",
        "libpython3.12.so.1.0",
        "libgtk-3.so.0",
        "libGL.so.1",
        "libbz2.so.1.0",
    ]
    assert [name for name in names if is_brought(name, "system")] == ["libpython3.12.so.1.0", "libbz2.so.1.0"]
    assert [name for name in names if is_brought(name, "portable")] == [
        "libssl.so.3", "libxcb-cursor.so.0", "libpython3.12.so.1.0", "libbz2.so.1.0",
    ]  # fmt: skip
    assert is_foreign("/usr/lib/libssl.so.3", ["/venv"])
    assert not is_foreign("/venv/lib/a.so", ["/venv/"])


def test_firewall_descriptions_name_the_port_that_the_program_uses() -> None:
    service = ET.parse(HERE / "linux" / "firewalld.xml").getroot()
    ports = [(port.get("protocol"), port.get("port")) for port in service.iter("port")]
    assert ports == [("udp", str(PORT))]
    assert [one.get("service") for one in service.iter("include")] == ["mdns"]
    assert f"ports={PORT}/udp|5353/udp" in (HERE / "linux" / "ufw.profile").read_text(encoding="utf-8")


def test_the_desktop_knows_links_and_invitations() -> None:
    entry = (ROOT / "resources" / "app" / "notesapp.desktop").read_text(encoding="utf-8")
    assert "MimeType=x-scheme-handler/notesapp;application/x-notesapp;" in entry
    assert "Exec=notesapp %U" in entry
    kinds = (HERE / "linux" / "notesapp-mime.xml").read_text(encoding="utf-8")
    assert '<glob pattern="*.notesapp"/>' in kinds
    assert 'type="application/x-notesapp"' in kinds


def test_nothing_starts_with_the_computer_unless_it_is_asked_to() -> None:
    unit = (HERE / "linux" / "notesapp-peer.service").read_text(encoding="utf-8")
    assert "ExecStart=/usr/bin/notesapp peer" in unit
    assert not list(HERE.rglob("*preset*"))
    scripts = [path.read_text(encoding="utf-8") for path in (HERE / "deb").iterdir()]
    assert not any("deb-systemd-helper" in text or "xdg/autostart" in text for text in scripts)


def test_the_manual_tells_every_command_and_option() -> None:
    import manual
    import typer

    from notesapp.cli.app import app

    page = manual.page()
    plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "")
    for words, command in manual._commands(typer.main.get_command(app), ()):
        assert re.search(rf"^{re.escape(' '.join(words))}( |$)", plain, re.MULTILINE), words
        for one in command.params:
            if one.param_type_name == "option" and not one.hidden:
                assert one.opts[0] in plain
    assert set(manual.completions()) == {"notesapp.bash", "_notesapp", "notesapp.fish"}


def test_what_a_publisher_must_fill_in_is_empty_or_whole() -> None:
    publisher = release()
    assert "@" in publisher.maintainer
    assert bool(publisher.feed) == bool(publisher.keys)
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in publisher.keys)


def test_macos_is_told_why_the_network_is_used_and_which_links_are_ours() -> None:
    facts = plistlib.loads((HERE / "macos" / "Info.plist").read_bytes())
    assert facts["NSBonjourServices"] == ["_notesapp._udp"]
    assert "devices" in facts["NSLocalNetworkUsageDescription"]
    assert facts["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["notesapp"]
    exported = facts["UTExportedTypeDeclarations"][0]
    assert exported["UTTypeTagSpecification"]["public.filename-extension"] == ["notesapp"]
    rights = plistlib.loads((HERE / "macos" / "entitlements.plist").read_bytes())
    assert set(rights) == {
        "com.apple.security.cs.allow-unsigned-executable-memory",
        "com.apple.security.cs.disable-library-validation",
    }


def test_icons_for_windows_and_macos_have_all_sizes() -> None:
    data = (HERE / "windows" / "notesapp.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind) == (0, 1)
    assert {data[6 + 16 * number] or 256 for number in range(count)} == {16, 24, 32, 48, 64, 128, 256}
    data = (HERE / "macos" / "notesapp.icns").read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack_from(">I", data, 4) == (len(data),)
    kinds, at = set(), 8
    while at < len(data):
        kinds.add(data[at : at + 4])
        at += struct.unpack_from(">I", data, at + 4)[0]
    assert {b"is32", b"it32", b"ic08", b"ic09"} <= kinds


def test_windows_versions_are_four_numbers() -> None:
    from windows_setup import numbers

    assert [numbers(one) for one in ("0.1.0", "0.2.0rc1", "1.2.3.dev4")] == ["0.1.0.0", "0.2.0.0", "1.2.3.0"]


@pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not installed")
def test_the_windows_script_compiles_without_a_warning(tmp_path: Path) -> None:
    from windows_setup import compile_script

    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    for name in ("notesapp.exe", "notesapp-window.exe", "_internal/python312.dll"):
        (bundle / name).write_bytes(b"MZ")
    made = compile_script(bundle, tmp_path / "notesapp-setup.exe")
    assert made.read_bytes()[:2] == b"MZ"


def test_the_windows_script_asks_nobody_for_an_administrator_unless_wanted() -> None:
    script = (HERE / "windows" / "notesapp.nsi").read_text(encoding="utf-8")
    assert "RequestExecutionLevel user" in script
    assert re.search(r'Section /o "\$\(firewall\)"', script), "the firewall's rule must be off at first"
    assert "HKLM" not in script
    assert "$LOCALAPPDATA\\notesapp" not in re.sub(r"LangString.*", "", script), "notes must not be touched"


def test_the_recipe_of_the_bundle_is_python(tmp_path: Path) -> None:
    for name in ("notesapp.spec", "macos/dmg_settings.py", "launcher.py"):
        compile((HERE / name).read_text(encoding="utf-8"), name, "exec")
    first = [
        line for line in (HERE / "launcher.py").read_text(encoding="utf-8").splitlines() if "freeze_support()" in line
    ]
    assert first == ["multiprocessing.freeze_support()"]


def test_scripts_are_sound_shell() -> None:
    for script in [*HERE.rglob("*.sh"), HERE / "deb" / "postrm"]:
        shell = script.read_text(encoding="utf-8").splitlines()[0].rpartition("/")[2].split()[-1]
        subprocess.run([shell, "-n", script], check=True)


def test_release_feed_is_signed_by_a_key_that_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sign_feed import main

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    key, feed, file = tmp_path / "key", tmp_path / "release.feed", tmp_path / "notesapp.deb"
    file.write_bytes(b"a package")
    assert main(["new-key", str(key)]) == 0
    public = capsys.readouterr().out.strip()
    assert key.stat().st_mode & 0o077 == 0
    assert main(["new-key", str(key)]) == 1
    announce = ["sign", str(key), "--out", str(feed), "--files", str(file), "--page"]
    assert main([*announce, "https://notesapp.example/"]) == 0
    assert main(["show", str(feed), "--key", public]) == 0
    told = capsys.readouterr().out
    assert f"version {__version__}" in told
    assert "notesapp.deb  9" in told
    assert main(["show", str(feed), "--key", "00" * 32]) == 1
    assert main([*announce, "http://open.example/"]) == 1


def test_recipes_of_other_systems_call_what_exists() -> None:
    for system in ("windows", "macos"):
        flow = yaml.safe_load((HERE / system / "workflow.yml").read_text(encoding="utf-8"))
        (job,) = flow["jobs"].values()
        said = "\n".join(step.get("run", "") for step in job["steps"])
        assert job["timeout-minutes"] <= 60
        assert "build.py" in said
        assert "--self-test" in said
        for named in re.findall(r"(?:packaging|requirements|scripts)[/\\][\w./\\]+", said):
            assert (ROOT / named.replace("\\", "/")).exists(), named
    manifest = yaml.safe_load((HERE / "flatpak" / "org.notesapp.Notesapp.yml").read_text(encoding="utf-8"))
    assert manifest["app-id"] == APP_ID
    assert manifest["rename-desktop-file"] == "notesapp.desktop"
    assert "--share=network" in manifest["finish-args"]
