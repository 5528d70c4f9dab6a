"""What a person can do with single notes on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from notesapp.cli.editing import write_in_editor
from notesapp.errors import DiskFull
from notesapp.store.places import Home
from tests.cli.conftest import Run


def test_a_note_is_written_listed_and_read(notesapp: Run) -> None:
    made = notesapp("new", "# Beans\n\nSow in March. #garden")
    assert made.code == 0
    assert "Beans" in made.out
    [row] = notesapp("ls", "--json").json
    assert (row["title"], row["tags"]) == ("Beans", ["garden"])
    assert notesapp("cat", "Beans").out == "# Beans\n\nSow in March. #garden\n"
    assert notesapp("cat", row["id"][:6]).out == "# Beans\n\nSow in March. #garden\n"


def test_a_note_comes_from_standard_input(notesapp: Run) -> None:
    notesapp("new", stdin="# Straße\n\nžluťoučký kůň 🐎\n")
    assert notesapp("cat", "Straße").out == "# Straße\n\nžluťoučký kůň 🐎\n"


def test_lines_are_appended_one_below_the_other(notesapp: Run) -> None:
    notesapp("new", "# List")
    notesapp("append", "List", "one")
    notesapp("append", "List", stdin="two\n")
    assert notesapp("cat", "List").out.rstrip("\n") == "# List\none\ntwo"


def test_a_note_leaves_with_its_history(notesapp: Run, tmp_path: Path) -> None:
    notesapp("new", "# List")
    file = tmp_path / "list.automerge"
    done = notesapp("export", "--automerge", "List", str(file))
    assert (done.code, str(file) in done.err) == (0, True)
    assert file.read_bytes()[:4] == b"\x85\x6f\x4a\x83"  # Automerge's own mark
    assert notesapp("export", "--automerge", "List", str(file)).code != 0
    assert notesapp("export", "--automerge", "List", str(file), "--overwrite").code == 0
    wrong = notesapp("export", "--automerge", "List", str(file), "--notebook", "Notes")
    assert (wrong.code, "--notebook" in wrong.err) == (2, True)


def test_notes_are_found_by_word_tag_and_notebook(notesapp: Run) -> None:
    notesapp("new", "# Dal\n\nRed lentils, turmeric. #food/indian")
    notesapp("new", "# Bread\n\nFlour, water. #food")
    assert [hit["note"]["title"] for hit in notesapp("search", "turmer", "--json").json["hits"]] == ["Dal"]
    titles = {hit["note"]["title"] for hit in notesapp("search", "tag:food", "--json").json["hits"]}
    assert titles == {"Dal", "Bread"}
    assert [hit["note"]["title"] for hit in notesapp("search", '"red lentils"', "--json").json["hits"]] == ["Dal"]
    assert notesapp("search", "nothing-has-this").code == 0


def test_tags_are_put_on_and_taken_away(notesapp: Run) -> None:
    notesapp("new", "# Note\n\ntext")
    assert notesapp("tag", "Note", "garden", "work/now").out.split() == ["#garden", "#work/now"]
    assert notesapp("tag", "Note", "--remove", "garden").out.split() == ["#work/now"]


def test_a_note_moves_goes_to_the_trash_and_comes_back(notesapp: Run) -> None:
    notesapp("new", "# Plan")
    notesapp("mv", "Plan", "work/2026")
    [row] = notesapp("ls", "--json").json
    assert row["folder"] == "work/2026"
    notesapp("trash", "Plan")
    assert notesapp("ls", "--json").json == []
    assert [row["title"] for row in notesapp("ls", "--trash", "--json").json] == ["Plan"]
    notesapp("untrash", "Plan")
    assert [row["title"] for row in notesapp("ls", "--json").json] == ["Plan"]


def test_the_trash_is_emptied_only_when_meant(notesapp: Run) -> None:
    notesapp("new", "# Gone")
    notesapp("trash", "Gone")
    assert notesapp("empty-trash").code == 2
    assert [row["title"] for row in notesapp("ls", "--trash", "--json").json] == ["Gone"]
    assert notesapp("empty-trash", "--yes").code == 0
    assert notesapp("ls", "--trash", "--json").json == []
    assert notesapp("cat", "Gone").code == 3


def test_renaming_updates_the_links(notesapp: Run) -> None:
    notesapp("new", "# Beans")
    notesapp("new", "# Garden\n\nSee [[Beans]] and [[Beans|those]].")
    done = notesapp("rename", "Beans", "Broad beans", "--json").json
    assert (done["notes_changed"], done["links_changed"]) == (1, 2)
    assert "[[Broad beans]] and [[Broad beans|those]]" in notesapp("cat", "Garden").out


def test_the_editor_round_trip_changes_only_what_was_changed(
    notesapp: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('two', 'zwei') + chr(10))\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    notesapp("new", "# Note\n\none two three")
    done = notesapp("edit", "Note")
    assert done.code == 0
    assert notesapp("cat", "Note").out == "# Note\n\none zwei three\n"
    assert list(home.glob("edit-*")) == []
    monkeypatch.setenv("VISUAL", "false")
    assert notesapp("edit", "Note").code == 2
    monkeypatch.setenv("VISUAL", "true")
    assert "Nothing was changed" in notesapp("edit", "Note").err
    script.write_text("import sys\nopen(sys.argv[1], 'w').write('hours of work')\nsys.exit(1)\n")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    assert "kept" in notesapp("edit", "Note").err  # the editor crashed after it had saved
    assert [kept.read_text() for kept in home.glob("edit-*")] == ["hours of work"]


def test_what_was_written_in_the_editor_outlives_a_note_that_can_not_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("VISUAL", f"{sys.executable} -c \"import sys; open(sys.argv[1], 'w').write('words')\"")

    def refuse(text: str) -> None:
        raise DiskFull(path=home.database)

    with pytest.raises(DiskFull):
        write_in_editor(home, refuse)
    assert [kept.read_text() for kept in home.folder.glob("edit-*")] == ["words"]


def test_versions_are_listed_and_read(notesapp: Run) -> None:
    notesapp("new", "# Note\n\nfirst")
    notesapp("append", "Note", "second")
    versions = notesapp("history", "Note", "--json").json
    assert versions
    newest = str(versions[0]["number"])
    assert notesapp("cat", "Note", "--version", newest).out == notesapp("cat", "Note").out


def test_a_quick_thought_is_kept(notesapp: Run) -> None:
    notesapp("quick-note", "milk")
    notesapp("quick-note", "bread")
    texts = [notesapp("cat", row["id"]).out for row in notesapp("ls", "--json").json]
    assert len(texts) == 1
    assert texts[0].index("milk") < texts[0].index("bread")


def test_a_notebook_is_made_filled_and_renamed(notesapp: Run) -> None:
    notesapp("notebook", "new", "Garden")
    notesapp("new", "# Beans", "--notebook", "Garden")
    notesapp("notebook", "rename", "Garden", "Allotment")
    assert {row["name"]: row["notes"] for row in notesapp("notebook", "ls", "--json").json} == {
        "Notes": 0,
        "Allotment": 1,
    }
    assert notesapp("ls", "--notebooks", "--json").json == notesapp("notebook", "ls", "--json").json
    assert notesapp("new", "# Lost", "--notebook", "Nowhere").code == 3


def test_what_is_done_to_a_note_is_told_as_json(notesapp: Run) -> None:
    made = notesapp("new", "# Note", "--json").json
    assert notesapp("pin", "Note", "--json").json["pinned"] is True
    assert notesapp("trash", "Note", "--json").json["trashed_ms"] is not None
    assert notesapp("untrash", "Note", "--json").json["id"] == made["id"]
    notesapp("trash", "Note")
    assert notesapp("empty-trash", "--yes", "--json").json == {"count": 1}
    assert notesapp("quick-note", "milk", "--json").json["title"]


def test_mirror_begins_lists_follows_and_ends(notesapp: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    notesapp("new", "# Plan")
    assert notesapp("mirror").err == "No notebook is mirrored.\n"
    begun = notesapp("mirror", "Notes", str(folder))
    assert begun.code == 0
    assert "not encrypted" in begun.err
    notesapp("append", "Plan", "eggs")
    assert (folder / "Plan.md").read_text() == "# Plan\neggs\n"
    assert [(row["notebook"], row["path"], row["trouble"]) for row in notesapp("mirror", "--json").json] == [
        ("Notes", str(folder), "")
    ]
    assert notesapp("mirror", "Notes").code == 2
    assert notesapp("mirror", "Notes", "--off").code == 0
    notesapp("append", "Plan", "milk")
    assert (folder / "Plan.md").read_text() == "# Plan\neggs\n"
    assert notesapp("mirror", "Notes", "--off").code == 2


def test_the_network_doctor_says_where_this_computer_is(notesapp: Run) -> None:
    told = notesapp("doctor", "network", "--json")
    assert told.code == 0
    assert {"network", "devices", "internet"} <= set(told.json)
    assert told.json["devices"] == []
    assert notesapp("doctor", "network").out.strip()
    assert notesapp("doctor", "elbow").code == 2


def test_what_others_deleted_is_listed_and_nothing_else_is_written_again(notesapp: Run) -> None:
    notesapp("new", "# Mine")
    notesapp("trash", "Mine")
    notesapp("empty-trash", "--yes")
    assert notesapp("ls", "--deleted", "--json").json == []  # what one deletes oneself is erased here
    ended = notesapp("untrash", "--deleted", "Mine")
    assert (ended.code, ended.out) == (2, "")
    assert "names 0 notes that others deleted" in ended.err
