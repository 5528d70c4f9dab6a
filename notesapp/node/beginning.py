"""The first steps of a node that has been wired. Decides what must be done before it is used, and what can wait."""

from __future__ import annotations

import logging

from notesapp.node.acts import Acts
from notesapp.node.ahead import bring_back
from notesapp.node.erasing import erase_own
from notesapp.node.indexes import Indexes
from notesapp.node.mirroring import Mirroring
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.recovering import recover
from notesapp.node.starting import Started
from notesapp.node.upkeep import Upkeep

logger = logging.getLogger(__name__)


async def begin(
    started: Started, opened: Opened, indexes: Indexes, acts: Acts, upkeep: Upkeep, mirrors: Mirroring
) -> None:
    """Tells what repairs did, lists notes whose cards were lost, and starts what runs in the background."""
    core, report = started.core, started.report
    for number, sentence in enumerate(core.untold):
        core.trouble(f"recovery {number}", sentence)
    if (notice := core.keyfile.notice) is not None:
        logger.info("= %s", notice)
    await bring_back(core, indexes, acts)
    await recover(core, indexes, acts)
    left_behind = await core.journal.read(opened.indexing.left_behind)
    for notebook_id, held in core.held.items():
        if started.unread or report.sentences or held.index_id in left_behind:
            rows = indexes.refresh(await indexes.open(notebook_id))
            await core.outbox.put(Deed(rows=rows, fresh={held.index_id}))
    if report.rebuild_index or report.sentences:
        for view in core.library:
            opened.indexing.touch(view.note_id)
    await mirrors.load()
    core.tasks.start(opened.indexing.flush(), "reading notes that were left behind")
    core.tasks.start(erase_own(core), "erasing deleted notes")
    core.tasks.start(upkeep.run(), "looking after the store")
    core.tasks.start(mirrors.run(), "keeping mirrors up to date")
