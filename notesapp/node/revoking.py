"""Takes a device of one's own away. Decides who signs that, what it wrote before still counts, and that keys change."""

from __future__ import annotations

from notesapp.errors import BadRequest
from notesapp.identity.keys import PeerId
from notesapp.identity.person import PersonLog
from notesapp.identity.roles import RULERS
from notesapp.identity.scribe import Scribe
from notesapp.node.held import Held
from notesapp.node.outbox import Deed
from notesapp.node.peering import Peering
from notesapp.node.persona import grown
from notesapp.node.ruling import Ruling, have_of
from notesapp.node.volume import Volume


async def revoke(peering: Peering, ruling: Ruling, device: bytes) -> None:
    """A device of mine is mine no more, in all notebooks, and gets no keys any more."""
    core = peering.core
    persona = core.persona
    if device == persona.device.device_id:
        raise BadRequest(what="This is the device that you are at; take it away from another one of yours.")
    try:
        record = persona.log.revoke(PeerId(device), persona.root or persona.device, now_ms=core.clock())
    except BadRequest:  # it is senior to this one: the root or a senior confirms it later
        record = persona.log.suspend(PeerId(device), persona.device, now_ms=core.clock())
    log = PersonLog.judge(persona.person_id, (*persona.log.records, record))
    core.persona, rows = grown(persona, [record])
    await core.outbox.put(Deed(rows=rows))
    for held in list(core.held.values()):
        if held.role is None:
            continue
        hearing = await peering.open_volume(held)

        def act(scribe: Scribe, held: Held = held, volume: Volume = hearing.volume) -> None:
            have = {
                feed: mark
                for feed, mark in have_of(volume, persona.person_id).items()
                if (stored := volume.book.stored(feed)) is not None and stored.opened.device == device
            }
            scribe.devices(log, have)
            if held.role in RULERS:
                ruling.rotate(scribe)

        await hearing.learn(act=act, persons=[record])
        held.is_now(core.persona)
    await peering.refresh()
