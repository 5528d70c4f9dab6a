"""After a backup was put in place this installation goes on as a new device, never as a second copy of the old one.

Decides how the new device is let in: by the root if it is still here, else by the old device, whose keys the backup
holds. The old device stays what it was: perhaps it is in use elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from notesapp.errors import BadRequest
from notesapp.identity import person
from notesapp.identity.keys import Device
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import Entropy
from notesapp.node import held as holding
from notesapp.node import persona as personas
from notesapp.node.entries import Openings
from notesapp.node.mirror_memory import mirror_settings
from notesapp.store.restore import RESTORED
from notesapp.store.rows import Batch, RecordRow
from notesapp.store.store import Store

logger = logging.getLogger(__name__)


def go_on_as_new_device(store: Store, clock: Callable[[], int], entropy: Entropy) -> bool:
    """Makes the new device if the store was restored; whether it did. Blocking, on the writing store."""
    if store.fact(RESTORED) is None:
        return False
    old = personas.load(store)
    batch = Batch() if old is None else _new_device(store, old, clock, entropy)
    with store.whole():
        store.put(batch)
        store.put(Batch(settings=dict.fromkeys(mirror_settings(store))))  # another computer's folders
        store.drop_fact(RESTORED)
    return bool(batch.records)


def _new_device(store: Store, old: personas.Persona, clock: Callable[[], int], entropy: Entropy) -> Batch:
    device = Device.generate(entropy)
    try:
        added = old.log.add(person.offer_device(device, old.person_id), old.root or old.device, now_ms=clock())
    except BadRequest as error:
        # sixteen devices, or the old one was revoked: it keeps its key, and the high-water rule its feeds from forking
        logger.warning("! no new device after the restore: %s", error)
        return Batch()
    log = PersonLog.judge(old.person_id, (*old.log.records, added))
    mine = log.device(device.device_id)
    if mine is None:
        return Batch()
    rows = [RecordRow(old.person_id, added.id, personas.RECORD_KIND, added.data)]
    for held in holding.load(store, None, old, Openings(), clock, entropy).values():
        for epoch_id, keys in held.keys.items():
            box = held.roster.key_box(old.device, epoch_id, keys, mine, now_ms=clock(), entropy=entropy)
            rows.append(RecordRow(held.notebook_id, box.id, holding.ROSTER, box.data))
    return Batch(records=tuple(rows), secrets={personas.DEVICE: device.seed})
