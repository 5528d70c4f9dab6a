"""Bad input ends with one clear sentence and an exit code; nothing is lost or half done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from notesapp.cli.app import main
from tests.cli.conftest import Ended, Run


def refused(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended
    assert ended.err.startswith("notesapp: "), ended.err
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    for word in words:
        assert word in ended.err


def test_an_unknown_note(notesapp: Run) -> None:
    notesapp("new", "# Beans")
    refused(notesapp("cat", "Peas"), 3, "Peas", "notesapp ls")


def test_an_ambiguous_name(notesapp: Run) -> None:
    notesapp("new", "# Beans", "--folder", "a")
    notesapp("new", "# Beans", "--folder", "b")
    refused(notesapp("cat", "Beans"), 3, "Beans")


def test_an_unknown_command_and_option(notesapp: Run) -> None:
    refused(notesapp("frobnicate"), 2, "frobnicate")
    refused(notesapp("ls", "--nonsense"), 2, "--nonsense")


def test_text_that_is_not_utf8(notesapp: Run) -> None:
    refused(notesapp("new", stdin=b"caf\xe9"), 5, "UTF-8")
    assert notesapp("ls", "--json").json == []


def test_a_note_above_the_limit(notesapp: Run) -> None:
    notesapp("new", "# Small")
    refused(notesapp("new", stdin="x" * 3_000_000), 4, "limit is 2")
    refused(notesapp("append", "Small", stdin="y" * 2_000_001), 4, "limit is 2")
    refused(notesapp("new", stdin=b"x" * 9_000_000), 4, "8 MB")
    assert notesapp("cat", "Small").out == "# Small\n"


def test_a_huge_file_in_a_folder_is_left_out_and_said(notesapp: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n")
    with open(folder / "huge.md", "wb") as file:
        file.truncate(200_000_000)
    done = notesapp("import", str(folder))
    assert done.code == 5
    assert "first “huge.md”: It is larger than a note may be" in done.err.splitlines()[-1]
    assert [row["title"] for row in notesapp("ls", "--json").json] == ["Good"]


def test_a_folder_with_a_symlink_loop_and_unreadable_files(notesapp: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "dangling.md").symlink_to(folder / "nowhere.md")
    (folder / "latin.md").write_bytes(b"caf\xe9")
    (folder / "sub" / "good.md").write_text("# Good\n")
    done = notesapp("import", str(folder), "--json")
    refused(done, 5, "3 of the folder's files")
    assert done.json["notes_new"] == 1
    told = {row["path"]: row["why"] for row in done.json["files"] if row["why"]}
    assert any("latin.md" in path for path in told)


def test_a_folder_that_is_not_there(notesapp: Run, tmp_path: Path) -> None:
    refused(notesapp("import", str(tmp_path / "nowhere")), 5, "nowhere")


def test_a_wrong_passphrase(notesapp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    notesapp("new", "# Secret")
    monkeypatch.setenv("NOTESAPP_NEW_PASSPHRASE", "correct horse")
    assert notesapp("passphrase").code == 0
    refused(notesapp("ls"), 7, "passphrase")
    monkeypatch.setenv("NOTESAPP_PASSPHRASE", "wrong horse")
    refused(notesapp("ls"), 7, "passphrase")
    monkeypatch.setenv("NOTESAPP_PASSPHRASE", "correct horse")
    assert notesapp("cat", "Secret").out == "# Secret\n"


def test_the_recovery_kit_opens_what_a_passphrase_locked(notesapp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    notesapp("new", "# Secret")
    words = notesapp("recovery-kit", "--json").json["words"]
    monkeypatch.setenv("NOTESAPP_NEW_PASSPHRASE", "forgotten")
    notesapp("passphrase")
    monkeypatch.setenv("NOTESAPP_RECOVERY_KIT", " ".join(["zoo", *words[1:]]))
    assert notesapp("recovery-kit", "--use").code == 7
    monkeypatch.setenv("NOTESAPP_RECOVERY_KIT", " ".join(words))
    monkeypatch.setenv("NOTESAPP_PASSPHRASE", "remembered")
    assert notesapp("recovery-kit", "--use").code == 0
    assert notesapp("cat", "Secret").out == "# Secret\n"


def test_a_store_of_a_newer_version(notesapp: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from notesapp.node.home import Unlock, unlock
    from notesapp.store.database import open_writer
    from notesapp.store.places import Home

    notesapp("new", "# Kept")
    _, key = unlock(Home(home), Unlock())
    db = open_writer(home / "notes.db", key)
    db.pragma("user_version", 999)
    db.close()
    refused(notesapp("ls"), 8, "newer")


@pytest.mark.parametrize("where", ["head", "middle"])
def test_a_corrupted_store_is_never_a_traceback_and_never_silent(notesapp: Run, home: Path, where: str) -> None:
    for number in range(20):
        notesapp("new", f"# Note {number}")
    database = home / "notes.db"
    size = database.stat().st_size
    with open(database, "r+b") as file:
        file.seek(0 if where == "head" else size // 2)
        file.write(os.urandom(8192))
    ended = notesapp("ls", "--json")
    if ended.code == 0:
        assert ended.err or len(ended.json) == 20
    else:
        assert ended.err.startswith("notesapp: ")
    assert database.exists() or list(home.rglob("*.db*"))


def test_a_backup_is_restored_and_the_present_store_kept_aside(notesapp: Run, home: Path) -> None:
    notesapp("new", "# Before")
    made = Path(notesapp("backup", "--json").json["path"])
    notesapp("new", "# After")
    assert notesapp("backup", "restore", str(made)).code == 2
    done = notesapp("backup", "restore", str(made), "--yes")
    assert done.code == 0, done
    assert [row["title"] for row in notesapp("ls", "--json").json] == ["Before"]
    notesapp("append", "Before", "goes on")
    assert notesapp("cat", "Before").out.rstrip() == "# Before\ngoes on"


def test_a_backup_opens_on_a_new_computer_with_the_kit(
    notesapp: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTESAPP_NEW_PASSPHRASE", "first")
    notesapp("new", "# Life's work")
    words = notesapp("recovery-kit", "--json").json["words"]
    notesapp("passphrase")
    monkeypatch.setenv("NOTESAPP_PASSPHRASE", "first")
    made = Path(notesapp("backup", "--json").json["path"])
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    for path in (made, made.with_suffix(".key")):
        shutil.copy(path, elsewhere)
    shutil.rmtree(home)
    copy = elsewhere / made.name
    assert notesapp("backup", "restore", str(copy), "--yes").code == 0
    assert notesapp("cat", "Life's work").out == "# Life's work\n"
    assert words


def test_what_is_not_a_backup_is_refused(notesapp: Run, tmp_path: Path) -> None:
    notesapp("new", "# Kept")
    rubbish = tmp_path / "rubbish.db"
    sqlite3.connect(rubbish).close()
    rubbish.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    assert notesapp("backup", "restore", str(rubbish), "--yes").code in (5, 7, 9)
    assert [row["title"] for row in notesapp("ls", "--json").json] == ["Kept"]


def test_a_home_in_a_synced_folder_is_refused(notesapp: Run, tmp_path: Path) -> None:
    synced = tmp_path / "Dropbox"
    synced.mkdir()
    (synced / ".dropbox").touch()
    ended = notesapp("--home", str(synced / "notes"), "ls")
    refused(ended, 6, "Dropbox")
    assert not (synced / "notes").exists()


def test_a_home_that_is_a_file_is_refused(notesapp: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(notesapp("--home", str(tmp_path / "file"), "ls"), 6)


@pytest.mark.parametrize("words", [("import", ""), ("export", " "), ("backup", "--to", ""), ("--home", "", "ls")])
def test_an_empty_path(notesapp: Run, words: tuple[str, ...]) -> None:
    assert notesapp(*words).code == 2


def test_the_home_is_no_place_to_import_from_or_export_to(notesapp: Run, home: Path) -> None:
    notesapp("new", "# Note")
    refused(notesapp("export", str(home)), 2, "its own files")
    refused(notesapp("import", str(home / "backups")), 2, "its own files")


def test_words_that_are_no_text(notesapp: Run) -> None:
    refused(notesapp("new", "lone\udce9bytes"), 2, "UTF-8")
    assert notesapp("ls", "--json").json == []


def test_an_unknown_person_in_a_path(notesapp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(notesapp("import", "~nobody-has-this-name/x"), 2, "~")
    monkeypatch.setenv("NOTESAPP_HOME", "~nobody-has-this-name/x")
    assert main(["ls"]) == 2


def test_a_folder_that_went_away_below_us(notesapp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    refused(notesapp("export", "out"), 2, "gone")


@pytest.mark.parametrize("editor", ["rm", "no-such-editor-anywhere", "false", '"'])
def test_an_editor_that_fails(notesapp: Run, monkeypatch: pytest.MonkeyPatch, editor: str) -> None:
    notesapp("new", "# Note")
    monkeypatch.setenv("VISUAL", editor)
    refused(notesapp("edit", "Note"), 2, "editor")
    assert notesapp("cat", "Note").out == "# Note\n"


def test_what_a_failing_editor_wrote_is_kept(
    notesapp: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    script = tmp_path / "editor.py"
    script.write_text("import sys, pathlib\npathlib.Path(sys.argv[1]).write_text('an hour of work')\nsys.exit(3)\n")
    notesapp("new", "# Note")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    refused(notesapp("edit", "Note"), 2, "kept in")
    assert [path.read_text() for path in home.glob("edit-*.md")] == ["an hour of work"]


@pytest.mark.parametrize(
    ("redirection", "code"), [(">&-", 6), (">/dev/full", 6), ("2>&-", 0), ("<&-", 0), ("| true", 0)]
)
def test_streams_that_are_closed_or_full(home: Path, redirection: str, code: int) -> None:
    environment = {**os.environ, "NOTESAPP_KEYRING": "off", "PYTHONIOENCODING": "ascii"}
    program = f"{sys.executable} -m notesapp --home {home}"
    subprocess.run(f"{program} new '# مرحبا'", shell=True, env=environment, check=True, capture_output=True)
    done = subprocess.run(
        ["bash", "-c", f"{program} ls {redirection}"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["new"], ["join"], ["passphrase"], ["recovery-kit", "--use"]])
def test_what_would_ask_says_so_where_there_is_no_standard_input(notesapp: Run, words: list[str]) -> None:
    refused(notesapp(*words, stdin=None), 2)


def test_what_a_terminal_would_obey_is_not_echoed(notesapp: Run) -> None:
    ended = notesapp("cat", "red\x1b[31m\u202ename\nnext line" + "x" * 100_000)
    assert ended.code == 3
    assert len(ended.err) < 1_000
    assert not {"\x1b", "\u202e"} & set(ended.err)
