"""One Automerge document on this device: edits become changes, vetted foreign changes become exact splices.

Aware of neither titles nor disk. Text and keys are answered from `state` at once; the engine follows when it is asked
for (`warm`, `save(compact=True)`, old versions), so that no history, however hard on it, makes a person wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from notesapp.errors import LocalError, NewerNote, NotesError, NotHereYet, TooLarge
from notesapp.notes import schema, snapshot
from notesapp.notes.burst import fold
from notesapp.notes.change import ACTOR_BYTES, MAX_DEPS, MAX_OPS, Change
from notesapp.notes.deeds import Deed, Dropped, Made, Put, Scalar
from notesapp.notes.draft import draft
from notesapp.notes.encode import encode
from notesapp.notes.engine import Engine
from notesapp.notes.intake import Early, Received, take
from notesapp.notes.places import now_at
from notesapp.notes.schema import Kind
from notesapp.notes.state import State
from notesapp.notes.versions import by_lines, changes_since, text_at, verify
from notesapp.text import Splice

_MANY_HEADS = 32  # beyond these an edit first joins them: every further change would name them all


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a note was moved or copied from."""

    notebook: bytes
    note: bytes
    heads: bytes


class Replica:
    """A note or an index on this device; `actor` is the feed that its edits go to and may be set to the next one."""

    def __init__(self, state: State, engine: Engine, actor: bytes) -> None:
        self._state = state
        self._engine = engine
        self._early: Early = {}
        self.actor = actor
        self.newer = False  # a change of a newer schema is held: show, don't edit
        self.refusal: Callable[[], NotesError | None] = lambda: None  # why it may not be edited, if it may not

    @property
    def actor(self) -> bytes:
        """The feed (16 bytes) in whose name edits are made."""
        return self._actor

    @actor.setter
    def actor(self, actor: bytes) -> None:
        if len(actor) != ACTOR_BYTES:
            raise LocalError(what="an actor isn't a feed id")
        self._actor = actor

    # -- beginnings -----------------------------------------------------------------------------------------------

    @classmethod
    def create_note(cls, actor: bytes, note_id: bytes, text: str = "", origin: Origin | None = None) -> Replica:
        """A new note with its creating change (and more, if the text is long); TooLarge beyond 2 MB."""
        fields: dict[str, Scalar] = {"schema": schema.SCHEMA, "id": note_id}
        if origin is not None:
            fields |= {
                "origin_notebook": origin.notebook,
                "origin_note": origin.note,
                "origin_heads": origin.heads,
            }
        replica = cls.empty(Kind.NOTE, actor)
        _check_size(text, 0)
        replica._create(fields)
        if text:
            replica.edit([Splice(0, "", text)])
        return replica

    @classmethod
    def create_index(cls, actor: bytes, name: str) -> Replica:
        """A new notebook's index with its creating change."""
        replica = cls.empty(Kind.INDEX, actor)
        replica._create({"schema": schema.SCHEMA, "name": name})
        return replica

    @classmethod
    def empty(cls, kind: Kind, actor: bytes) -> Replica:
        """A joiner's replica: it knows nothing yet and can't be edited before the creating change has come."""
        state = State(kind)
        return cls(state, Engine(state.graph), actor)

    @classmethod
    def load(cls, data: bytes, actor: bytes) -> Replica:
        """The replica that `save` wrote; `snapshot.Damaged` if a byte of it is wrong. The engine is loaded later."""
        state, engine, newer = snapshot.read(data)
        replica = cls(state, engine, actor)
        replica.newer = newer
        return replica

    def save(self, *, compact: bool = False) -> bytes:
        """The snapshot. `compact` first lets the engine take in everything (slow: not where a person waits)."""
        if compact and self._state.created and not self._engine.lost:
            self._engine.save()
        return snapshot.write(self._state, self._engine, self.newer)

    def automerge(self) -> bytes:
        """The document with its whole history, as any program that speaks Automerge loads it. Slow, as above."""
        return self._engine.save()

    # -- questions ------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """Note or index."""
        return self._state.kind

    @property
    def created(self) -> bool:
        """Whether the creating change is here."""
        return self._state.created

    @property
    def heads(self) -> tuple[bytes, ...]:
        """The hashes of the last changes, sorted."""
        return tuple(sorted(self._state.graph.heads))

    @property
    def text(self) -> str:
        """The note's text; "" for an index."""
        return self._state.sequence.text

    def fields(self, *path: str) -> Mapping[str, Scalar]:
        """The scalar keys of the document itself, or of the map at `path` (one name: "notes", "comments", …)."""
        if len(path) > 1:
            raise LocalError(what=f"there is no map at {path}")
        return dict(self._state.registers.items(path[0] if path else ""))

    def field(self, *path: str) -> Scalar:
        """One scalar: (key,) of the document itself or (map, key); None if there is none."""
        container, key = ("", path[0]) if len(path) == 1 else path
        return self._state.registers.get(container, key)

    def __contains__(self, digest: object) -> bool:
        return isinstance(digest, bytes) and digest in self._state.graph

    def now_at(self, at: int, heads: Iterable[bytes]) -> int | None:
        """Where a position of the text at these heads is now; None if some of them are unknown here."""
        return now_at(self._state, at, heads)

    # -- edits ----------------------------------------------------------------------------------------------------

    def edit(self, splices: Iterable[Splice], *, begun: bool = False) -> tuple[Change, ...]:
        """Make one change of a burst (more only beyond 20,000 operations); () if the burst changes nothing.

        Each splice applies to the text after the one before. TooLarge or LocalError before anything is changed.
        `begun`: it was typed when that was allowed, so `refusal` doesn't keep it out; whether it counts is judged.
        """
        self.check_writable(begun=begun)
        sequence = self._state.sequence
        regions = fold(splices)
        added = removed = 0
        for region in regions:
            if region.at < 0 or region.removed_end > sequence.length:
                raise LocalError(what=f"a splice at {region.at} lies outside a text of {sequence.length}")
            if sequence.slice(region.at, len(region.removed)) != region.removed:
                raise LocalError(what=f"a splice at {region.at} removes what doesn't stand there")
            if not schema.is_plain(region.inserted):
                raise LocalError(what="a character may not stand in a note")
            added += len(region.inserted.encode("utf-8"))
            removed += len(region.removed.encode("utf-8"))
        _check_total(sequence.size_bytes + added - removed, added > removed)
        pieces = draft(self._state, self.actor, regions)
        if not pieces:
            return ()
        return (*self._join(), *[self._make(piece) for piece in pieces])

    def put(self, fields: Mapping[tuple[str, ...], Scalar]) -> Change:
        """Set flat keys, (key,) of the document or (map, key), in one change.

        None writes null where the key may be null, and deletes the key elsewhere.
        """
        self.check_writable()
        registers, op = self._state.registers, self._next_op()
        deeds: list[Deed] = []
        for path, value in fields.items():
            container, key = ("", path[0]) if len(path) == 1 else path
            rule = schema.field(self.kind, container, key) if container in self._state.names.values() else None
            if rule is None:
                raise LocalError(what=f"there is no key {path}")
            into = self._state.containers[container] if container else None
            over = registers.visible(container, key)
            kind = schema.kind_for(rule, value)
            if kind is not None:
                deeds.append(Put(into, op, key, kind, value, over))
            elif value is None and container:
                if not over:
                    continue
                deeds.append(Dropped(into, op, key, over))
            else:
                raise LocalError(what=f"a value doesn't fit the key {path}")
            op += 1
        if len(deeds) > MAX_OPS:
            raise LocalError(what="too many keys are put at once")
        if len(self._state.graph.heads) > MAX_DEPS:
            raise LocalError(what="a key is put while too many heads are open")
        return self._make(deeds)

    def check_writable(self, *, begun: bool = False) -> None:
        """What `refusal` gives; NewerNote if only a newer program may edit; NotHereYet before its beginning came."""
        why = self.refusal()
        if why is not None and not begun:
            raise why
        named = "note" if self.kind is Kind.NOTE else "notebook"
        if not self.created:
            raise NotHereYet(kind=named)
        if self.newer:
            raise NewerNote(kind=named)

    def _next_op(self) -> int:
        return self._state.graph.max_op + 1

    def _create(self, fields: Mapping[str, Scalar]) -> None:
        deeds: list[Deed] = []
        for key, value in fields.items():
            rule = schema.field(self.kind, "", key)
            kind = None if rule is None else schema.kind_for(rule, value)
            if kind is None:
                raise LocalError(what=f"a value doesn't fit the key {key}")
            deeds.append(Put(None, len(deeds) + 1, key, kind, value, ()))
        for key, action in schema.CONTAINERS[self.kind].items():
            deeds.append(Made(None, len(deeds) + 1, key, action))
        self._make(deeds)

    def join(self) -> tuple[Change, ...]:
        """Changes without operations that join the heads, if these are too many for one edit to name; usually ()."""
        self.check_writable()
        return self._join()

    def _join(self) -> tuple[Change, ...]:
        made: list[Change] = []
        while len(self._state.graph.heads) > _MANY_HEADS:
            made.append(self._make((), sorted(self._state.graph.heads)[:MAX_DEPS]))
        return tuple(made)

    def _make(self, deeds: Sequence[Deed], deps: Sequence[bytes] | None = None) -> Change:
        graph = self._state.graph
        actor = graph.learn_actor(self.actor)
        deps = sorted(graph.heads) if deps is None else deps
        start = 1 + max((graph.max_op_of(dep) for dep in deps), default=0)
        change = encode(
            deeds,
            actor=actor,
            actors=graph.actors,
            seq=graph.last_seq(actor) + 1,
            start_op=start,
            deps=deps,
        )
        self._state.absorb(change, deeds)
        self._engine.queue(change.raw)
        return change

    # -- foreign changes ------------------------------------------------------------------------------------------

    def receive(self, raws: Iterable[bytes], *, feeds: Iterable[bytes] | None = None) -> Received:
        """Vet foreign changes and take in what may be; never raises for their bytes.

        `feeds`, one per change, are the feeds that carried them: a change in another's name is refused. What follows a
        change that isn't here yet is kept, and taken in by the call that brings it.
        """
        received = take(self._state, self._engine, self._early, raws, feeds)
        self.newer = self.newer or received.newer
        return received

    # -- versions and checks --------------------------------------------------------------------------------------

    def warm(self) -> None:
        """Let the engine load and take in everything, which may take seconds; nothing else needs it to be called."""
        if self.created:
            self._engine.document()

    @property
    def lag(self) -> int:
        """How many changes the engine has not taken in yet."""
        return self._engine.lag

    def history(self) -> tuple[Change, ...]:
        """All changes, each after those that it follows."""
        return self.changes_since(())

    def changes_since(self, heads: Iterable[bytes]) -> tuple[Change, ...]:
        """The changes that somebody with these heads lacks, each after those that it follows."""
        return changes_since(self._state, self._engine, tuple(heads))

    def text_at(self, heads: Iterable[bytes]) -> str:
        """The text as it was at earlier heads; LocalError if they are unknown."""
        return text_at(self._state, self._engine, tuple(heads))

    def splices_between(self, old: Iterable[bytes], new: Iterable[bytes]) -> tuple[Splice, ...]:
        """What turns the text at `old` into that at `new`, by lines, to be applied in order."""
        return by_lines(self.text_at(old), self.text_at(new))

    def verify(self) -> None:
        """LocalError unless the engine has the same text, keys and heads, and what it saves loads again."""
        if self.created:
            verify(self._state, self._engine)


def _check_size(text: str, before: int) -> None:
    _check_total(before + len(text.encode("utf-8", "surrogatepass")), True)


def _check_total(size: int, grows: bool) -> None:
    if grows and size > schema.MAX_TEXT_BYTES:
        raise TooLarge(what="The note", size=f"{size:,} bytes", limit=f"{schema.MAX_TEXT_BYTES:,} bytes")
