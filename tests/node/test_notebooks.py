"""Notebooks of one person: taken off the lists with their notes in the trash, and back with the first of them."""

from __future__ import annotations

import pytest

from notesapp.errors import BadRequest, NoSuchNotebook
from notesapp.node.views import NoteFilter
from tests.node.conftest import Opener


async def test_a_removed_notebook_is_off_the_lists_and_its_notes_are_in_the_trash(opener: Opener) -> None:
    node = await opener()
    garden = await node.create_notebook("Garden")
    beans, peas = await node.create_note(garden, "# Beans"), await node.create_note(garden, "# Peas")
    kept = await node.create_note(None, "# Kept")
    assert set(await node.remove_notebook(garden)) == {beans, peas}
    for _ in range(2):
        assert [notebook.name for notebook in node.notebooks()] == ["Notes"]
        assert [view.note_id for view in node.notes()] == [kept]
        assert {view.note_id for view in node.notes(NoteFilter(trashed=True))} == {beans, peas}
        assert node.notebook_name(garden) == "Garden", "the trash says where a note was"
        with pytest.raises(NoSuchNotebook):
            node.find_notebook("Garden")
        node = await opener()
    await node.untrash(peas)
    for _ in range(2):
        assert [(notebook.name, notebook.notes) for notebook in node.notebooks()] == [("Garden", 1), ("Notes", 1)]
        node = await opener()
    await node.trash(peas)
    assert [notebook.name for notebook in node.notebooks()] == ["Garden", "Notes"], "it was brought back to stay"


async def test_a_note_made_in_a_removed_notebook_brings_it_back(opener: Opener) -> None:
    node = await opener()
    garden = await node.create_notebook("Garden")
    assert await node.remove_notebook(garden) == ()
    assert [notebook.name for notebook in node.notebooks()] == ["Notes"]
    await node.create_note(garden, "# Beans")
    assert [notebook.name for notebook in node.notebooks()] == ["Garden", "Notes"]


async def test_the_only_notebook_and_a_shared_one_stay(opener: Opener) -> None:
    node = await opener()
    with pytest.raises(BadRequest, match="only notebook"):
        await node.remove_notebook(node.default_notebook)
    garden = await node.create_notebook("Garden")
    node._core.library.shared.add(garden)
    with pytest.raises(BadRequest, match="is shared"):
        await node.remove_notebook(garden)
    node._core.library.shared.discard(garden)


async def test_notes_go_to_another_default_when_the_first_notebook_is_removed(opener: Opener) -> None:
    node = await opener()
    first, garden = node.default_notebook, await node.create_notebook("Garden")
    await node.remove_notebook(first)
    assert node.default_notebook == garden
    note_id = await node.create_note(None, "# Beans")
    assert node.note(note_id).notebook_id == garden
