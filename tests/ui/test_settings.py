"""What the window remembers: broken files, full disks, shortcuts, arguments, the crash log."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from notesapp.errors import BadRequest, LocalError
from notesapp.ui import autostart
from notesapp.ui.arguments import Arguments, NewLink, NoteLink, SearchLink, parse, parse_link
from notesapp.ui.autostart import set_autostart, start_command
from notesapp.ui.commands import Command, Commands
from notesapp.ui.crash import CrashLog, describe, report_of
from notesapp.ui.settings import Settings, SettingsFile, Spot


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "window.json")
    file.now.name = "Änne"
    file.now.spots["a"] = Spot(3, 40)
    file.save()
    again = SettingsFile(tmp_path / "window.json")
    assert again.now == file.now
    assert again.trouble is None


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b'{"body_px": "large"}', b"[]", b'{"appearance": "pink"}', b" " * 2_000_000]
)
def test_a_broken_file_is_set_aside_and_the_window_opens(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(data)
    file = SettingsFile(path)
    assert file.now == Settings()
    assert file.trouble is not None
    assert (tmp_path / file.trouble).read_bytes() == data
    file.now.name = "x"
    file.save()
    assert SettingsFile(path).now.name == "x"


def test_settings_of_a_newer_version_are_read(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"name": "Ana", "of_tomorrow": [1]}')
    assert SettingsFile(path).now.name == "Ana"


def test_only_the_newest_200_places_in_notes_are_kept(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "window.json")
    for number in range(300):
        file.now.spots[str(number)] = Spot(number)
    file.save()
    kept = SettingsFile(tmp_path / "window.json").now.spots
    assert len(kept) == 200
    assert "299" in kept
    assert "99" not in kept


def test_a_disk_that_takes_nothing_is_no_reason_to_stop(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    file = SettingsFile(blocker / "window.json")
    file.now.name = "x"
    with caplog.at_level(logging.WARNING):
        file.save()
    assert "can't be written" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files")
def test_a_full_disk_leaves_the_old_settings_and_no_empty_file(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "window.json"
    file = SettingsFile(path)
    file.now.name = "Ana"
    file.save()
    file.now.name = "Ana Maria"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))  # what is written further fails, as on a full disk
    try:
        file.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [one.name for one in tmp_path.iterdir()] == ["window.json"]
    assert SettingsFile(path).now.name == "Ana"
    file.save()
    assert SettingsFile(path).now.name == "Ana Maria"


@pytest.mark.gui
class TestCommands:
    def make(self, remapped: dict[str, str] | None = None) -> tuple[Commands, list[str]]:
        ran: list[str] = []
        self.owner = QWidget()
        commands = Commands(self.owner, remapped or {})
        commands.add(Command("a", "Act", lambda: ran.append("a"), ("Ctrl+1", "Ctrl+2")))
        commands.add(Command("b", "Bee", lambda: ran.append("b"), possible=lambda: False))
        commands.add(Command("e", "Edit", lambda: ran.append("e"), ("Ctrl+B",), bound=False))
        return commands, ran

    def test_a_command_that_is_not_possible_does_nothing(self, qapp: QApplication) -> None:
        commands, ran = self.make()
        commands.run("a")
        commands.run("b")
        assert ran == ["a"]

    def test_remapped_keys_take_the_place_of_all_default_ones(self, qapp: QApplication) -> None:
        commands, _ = self.make({"a": "Ctrl+9"})
        assert commands.keys("a") == ("Ctrl+9",)
        assert commands.action("a").shortcuts() == [QKeySequence("Ctrl+9")]
        commands.remap("a", None)
        assert commands.keys("a") == ("Ctrl+1", "Ctrl+2")
        assert commands.remapped == {}
        commands.remap("a", "")
        assert commands.keys("a") == ()
        assert commands.remapped == {"a": ""}

    def test_it_is_known_who_holds_a_key(self, qapp: QApplication) -> None:
        commands, _ = self.make()
        assert commands.holder("Ctrl+2") == "a"
        assert commands.holder("Ctrl+2", but="a") is None
        assert commands.holder("Ctrl+7") is None

    def test_the_editors_keys_are_bound_by_the_editor_only(self, qapp: QApplication) -> None:
        commands, _ = self.make({"e": "Ctrl+G"})
        assert commands.action("e").shortcuts() == []
        assert commands.keys("e") == ("Ctrl+G",)

    def test_a_name_is_given_once(self, qapp: QApplication) -> None:
        commands, _ = self.make()
        with pytest.raises(ValueError, match="a"):
            commands.add(Command("a", "Again", lambda: None))


def test_arguments_are_read(tmp_path: Path) -> None:
    note = "notesapp://note/" + "ab" * 16
    assert parse(["--home", "/x", "--quick-note"], tmp_path) == Arguments("/x", quick_note=True)
    assert parse(["file:///x/a%20b.md"], tmp_path).openings == (str(Path("/x/a b.md").resolve()),)
    assert parse(["--home=/y", note, "a.md"], tmp_path) == Arguments("/y", openings=(note, str(tmp_path / "a.md")))
    with pytest.raises(BadRequest, match="--what"):
        parse(["--what"], tmp_path)


def test_links_ask_for_little() -> None:
    assert parse_link("notesapp://note/" + "ab" * 16) == NoteLink(b"\xab" * 16)
    assert parse_link("notesapp://search/bro%20ad") == SearchLink("bro ad")
    assert parse_link("notesapp://new?text=evil") == NewLink()
    for bad in (
        "notesapp://note/xyz",
        "https://x",
        "",
        "notesapp://",
        "notesapp://delete/all",
        "notesapp://note/" + "z" * 32,
    ):
        assert parse_link(bad) is None


def test_a_crash_report_holds_no_words_of_a_note() -> None:
    try:
        try:
            raise ValueError("SECRET NOTE TEXT")
        except ValueError as inner:
            raise LocalError(what="SECRET TOO") from inner
    except LocalError as error:
        report = report_of(describe(error))
    assert "SECRET" not in report
    assert "test_settings.py" in report
    assert "ValueError" in report
    assert str(Path.home()) not in report


def test_the_log_is_rotated_and_holds_no_words_of_a_note(tmp_path: Path) -> None:
    told: list[str] = []
    crashes = CrashLog(tmp_path / "logs")
    crashes.on_crash = told.append
    crashes.watch()
    try:
        try:
            raise RuntimeError("SECRET NOTE TEXT")
        except RuntimeError as error:
            crashes.caught(error)
            logging.getLogger("notesapp.x").exception("! failed")
        for _ in range(3_000):
            logging.getLogger("notesapp.x").info("x" * 1_000)
    finally:
        crashes.close()
    files = sorted((tmp_path / "logs").glob("notesapp.log*"))
    assert len(files) == 3
    assert sum(file.stat().st_size for file in files) < 3_100_000
    assert all("SECRET" not in file.read_text() for file in files)
    assert len(told) == 1
    assert "SECRET" not in told[0]


def test_autostart_is_written_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(autostart, "start_command", lambda: ["/a b/note$app", "--hidden"])
    set_autostart(True)
    entry = tmp_path / "autostart" / "notesapp.desktop"
    assert 'Exec="/a b/note\\$app" "--hidden"' in entry.read_text()
    set_autostart(False)
    assert not entry.exists()
    set_autostart(False)
    assert start_command()[-1] == "--hidden"
