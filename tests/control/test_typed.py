"""What a person types is kept as it is, or refused with a sentence: by every command, by either door."""

from __future__ import annotations

import pytest

from notesapp.control import calls
from notesapp.control.calls import Call
from notesapp.control.door import Door
from notesapp.errors import BadRequest
from tests.control.test_commands import door, home, node  # noqa: F401  # fixtures

pytestmark = pytest.mark.socket


async def commands_with(door: Door, text: str) -> list[Call[object]]:  # noqa: F811
    made = await door.call(calls.New(text="one\n", file_name="One"))
    heads = (await door.call(calls.Cat(made.id))).heads
    edit = calls.Edit(made.id, heads, (calls.SpliceRow(0, "", text),))
    return [calls.New(text=text), calls.Append(made.id, text), calls.QuickNote(text), edit]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\uffffb"], ids=["NUL", "half", "noncharacter"])
async def test_what_no_note_may_hold_is_refused_by_every_command(door: Door, text: str) -> None:  # noqa: F811
    for call in await commands_with(door, text):
        with pytest.raises(BadRequest, match=r"character 2|no UTF-8 text"):
            await door.call(call)
    (note,) = await door.call(calls.Ls())
    assert (await door.call(calls.Cat(note.id))).text == "one\n"


async def test_line_ends_of_other_systems_are_taken(door: Door) -> None:  # noqa: F811
    for call in await commands_with(door, "two\r\nthree\r\n"):
        await door.call(call)
    for note in await door.call(calls.Ls()):
        assert "two\nthree\n" in (await door.call(calls.Cat(note.id))).text


@pytest.mark.parametrize("text", ["", " \n"])
async def test_nothing_is_no_note(door: Door, text: str) -> None:  # noqa: F811
    for call in (await commands_with(door, text))[:3]:
        with pytest.raises(BadRequest, match="Nothing was written"):
            await door.call(call)
    assert len(await door.call(calls.Ls())) == 1


@pytest.mark.parametrize("name", ["a/b", "a\\b", "[[x]]", ".", "..", "a\nb", "a\x07b", " ", ""])
async def test_a_name_that_no_note_can_have_is_refused_alike(door: Door, name: str) -> None:  # noqa: F811
    made = await door.call(calls.New(text="one", file_name="One"))
    for call in (calls.New(text="two", file_name=name), calls.Rename(made.id, name)):
        with pytest.raises(BadRequest, match="can't be called"):
            await door.call(call)
    assert [note.file_name for note in await door.call(calls.Ls())] == ["One"]


@pytest.mark.parametrize("folder", ["../..", "a/../b", ".", "a\nb"])
async def test_a_folder_that_is_none_is_refused_alike(door: Door, folder: str) -> None:  # noqa: F811
    made = await door.call(calls.New(text="one", folder="here"))
    for call in (calls.New(text="two", folder=folder), calls.Mv(made.id, folder)):
        with pytest.raises(BadRequest, match="folder"):
            await door.call(call)
    assert [note.folder for note in await door.call(calls.Ls())] == ["here"]
