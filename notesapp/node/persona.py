"""Who this device is. Decides where its secrets lie in the store, and makes them at the first start.

The root key stays until the person has confirmed the recovery kit; then only its public halves are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import apsw

from notesapp.errors import BadRequest, LocalError
from notesapp.identity import person
from notesapp.identity.genesis import Genesis
from notesapp.identity.keys import Device, PersonId, Root
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import Entropy
from notesapp.identity.record import Record
from notesapp.identity.words import kit_words
from notesapp.store.rows import Batch, RecordRow
from notesapp.store.search import Search
from notesapp.store.store import Store

RECORD_KIND = "person"
DEVICE, ROOT, PERSON = "device", "root", "person"


@dataclass(frozen=True, slots=True)
class Persona:
    """This device's keys, the person whose device it is, and his log. `root` is None once it has left the device."""

    device: Device
    person_id: PersonId
    recovery_box: bytes
    log: PersonLog
    root: Root | None = None

    def kit(self) -> tuple[str, ...]:
        """The 24 words; BadRequest once the root key has left."""
        if self.root is None:
            raise BadRequest(what="The recovery kit was confirmed before; its words are no longer on this computer.")
        return kit_words(self.root.seed)


def found(now_ms: int, entropy: Entropy) -> tuple[Persona, Batch]:
    """A new person with this as the first device, and the rows that make it last."""
    device, root = Device.generate(entropy), Root.generate(entropy)
    empty = PersonLog.judge(root.person_id, ())
    record = empty.add(person.offer_device(device, root.person_id), root, now_ms=now_ms)
    log = PersonLog.judge(root.person_id, (record,))
    rows = (RecordRow(root.person_id, record.id, RECORD_KIND, record.data),)
    secrets: Mapping[str, bytes] = {
        DEVICE: device.seed,
        ROOT: root.seed,
        PERSON: root.person_id + root.recovery_box,
    }
    return Persona(device, root.person_id, root.recovery_box, log, root), Batch(records=rows, secrets=secrets)


def load(store: Store) -> Persona | None:
    """Who this device is; None at a first start. Blocking."""
    seed, who, root = store.secret(DEVICE), store.secret(PERSON), store.secret(ROOT)
    if seed is None:
        return None
    if who is None or len(who) not in (32, 64):
        raise LocalError(what="the store knows the device but not its person")
    person_id = PersonId(who[:32])
    records = [person.read_record(row.data) for row in store.records(person_id, RECORD_KIND)]
    log = PersonLog.judge(person_id, records)
    return Persona(Device.from_seed(seed), person_id, who[32:], log, Root.from_seed(root) if root else None)


def confirm_kit(persona: Persona) -> tuple[Persona, Batch]:
    """The root key leaves this device: the person has its words."""
    return replace(persona, root=None), Batch(secrets={ROOT: None})


def grown(persona: Persona, records: Iterable[Record]) -> tuple[Persona, Batch]:
    """The person's log has more records."""
    new = tuple(records)
    log = PersonLog.judge(persona.person_id, (*persona.log.records, *new))
    rows = tuple(RecordRow(persona.person_id, one.id, RECORD_KIND, one.data) for one in new)
    return replace(persona, log=log), Batch(records=rows)


def becoming(
    persona: Persona, log: PersonLog, recovery_box: bytes, home: Genesis, before: Iterable[bytes]
) -> tuple[Persona, Batch]:
    """This device becomes another person's, whose home notebook begins so; the notebooks of before are forgotten."""
    rows = [RecordRow(log.person_id, record.id, RECORD_KIND, record.data) for record in log.records]
    rows.append(RecordRow(home.notebook_id, home.notebook_id, "genesis", home.data))
    became = replace(persona, person_id=log.person_id, recovery_box=recovery_box, log=log, root=None)
    gone = tuple(before)
    secrets: Mapping[str, bytes | None] = {ROOT: None, PERSON: log.person_id + recovery_box}
    settings = {"home-notebook": home.notebook_id}
    forget = tuple(_forgetting(notebook_id) for notebook_id in gone)
    return became, Batch(records=tuple(rows), secrets=secrets, settings=settings, also=forget)


def _forgetting(notebook_id: bytes) -> Callable[[apsw.Connection], None]:
    def forget(db: apsw.Connection) -> None:
        feeds = "(SELECT no FROM feeds WHERE notebook = ?)"
        notes = f"(SELECT note_id FROM entries WHERE feed IN {feeds} AND note_id IS NOT NULL)"
        Search(db).remove(note_id for (note_id,) in list(db.execute(notes[1:-1], (notebook_id,))))
        db.execute(f"DELETE FROM snapshots WHERE note_id IN {notes}", (notebook_id,))
        db.execute(f"DELETE FROM heads WHERE feed IN {feeds}", (notebook_id,))
        db.execute(f"DELETE FROM entries WHERE feed IN {feeds}", (notebook_id,))
        db.execute("DELETE FROM feeds WHERE notebook = ?", (notebook_id,))
        db.execute("DELETE FROM texts WHERE notebook = ?", (notebook_id,))
        db.execute("DELETE FROM cards WHERE notebook = ?", (notebook_id,))
        db.execute("DELETE FROM records WHERE scope = ?", (notebook_id,))

    return forget
