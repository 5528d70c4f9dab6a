"""Every message × every way to spoil it, said to a session in which it would have been in order.

The link is closed with a named reason, or the message is ignored; nothing of it goes to the disk, and nothing but a
named reason comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
import pytest

from notesapp.sync import messages as m
from notesapp.sync.events import EntriesArrived, ForkProved, ReceiptArrived, RecordsArrived
from notesapp.sync.frames import Frames, frame
from notesapp.sync.session import Closed
from tests.sync.feeds import NOTEBOOK
from tests.sync.talk import Talk
from tests.sync.test_matrix import MESSAGES, scene

ALL: dict[str, m.Message] = {
    **MESSAGES,
    "Books": m.Books((m.BookLine(7, bytes(32), bytes(32), bytes(32)),)),
}
TO_DISK = (EntriesArrived, RecordsArrived, ForkProved, ReceiptArrived)


def spoken(name: str) -> tuple[int, bytes]:
    """(kind, payload) of the message."""
    frames = Frames(m.limit_of)
    frames.receive(m.write(ALL[name]))
    it = frames.next()
    assert it is not None
    return it.kind, it.payload


def place_of(name: str) -> Talk:
    """A session in which this message is in order."""
    if name in ("Ask", "Answer"):
        return scene("guest")
    return scene("records differ" if name in ("Table of records", "Records") else "current")


def cuts(kind: int, payload: bytes) -> Iterable[bytes]:
    """Cut off at each of its first and last bytes."""
    places = {*range(min(12, len(payload))), *range(max(0, len(payload) - 8), len(payload))}
    return (frame(kind, payload[:place]) for place in sorted(places))


def more(kind: int, payload: bytes) -> Iterable[bytes]:
    """With something behind it, and with one more field, as a newer program would say it."""
    fields = msgspec.msgpack.decode(payload)
    yield frame(kind, payload + b"\0")
    yield frame(kind, payload + payload)
    yield frame(kind, msgspec.msgpack.encode([*fields, None]))
    yield frame(kind, msgspec.msgpack.encode([*fields, *([b""] * 9)]))


def fewer(kind: int, payload: bytes) -> Iterable[bytes]:
    """Without fields that it must have, as another kind of value, or as a table of names."""
    fields = msgspec.msgpack.decode(payload)
    yield frame(kind, b"\x90")
    yield frame(kind, msgspec.msgpack.encode(fields[:-2]))
    yield frame(kind, msgspec.msgpack.encode({str(place): field for place, field in enumerate(fields)}))
    for place in range(len(fields)):
        yield frame(kind, msgspec.msgpack.encode([*fields[:place], {"no": "field"}, *fields[place + 1 :]]))
        yield frame(kind, msgspec.msgpack.encode([*fields[:place], -1, *fields[place + 1 :]]))


def heavy(kind: int, payload: bytes) -> Iterable[bytes]:
    """One byte more than its kind may weigh."""
    limit = m.limit_of(kind)
    yield frame(kind, payload + bytes(limit + 1 - len(payload)))


SPOILED: dict[str, Callable[[int, bytes], Iterable[bytes]]] = {
    "cut off": cuts,
    "with more": more,
    "with fewer": fewer,
    "too heavy": heavy,
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("name", ALL)
def test_a_spoiled_message_ends_the_link_with_a_named_reason_and_reaches_no_disk(name: str, how: str) -> None:
    for data in SPOILED[how](*spoken(name)):
        talk = place_of(name)
        talk.raw(data)
        assert talk.reason, data
        assert isinstance(talk.session.state, Closed)
        assert talk.session.state.guilty
        assert not any(talk.all(kind) for kind in TO_DISK)


@pytest.mark.parametrize("name", ALL)
def test_a_message_whose_rest_never_comes_is_not_begun(name: str) -> None:
    talk = place_of(name)
    heard = len(talk.heard)
    talk.raw(m.write(ALL[name])[:-1])
    assert len(talk.heard) == heard
    talk.session.receive_end(0)
    talk.listen()
    assert talk.reason == "the link ended"
    assert not any(talk.all(kind) for kind in TO_DISK)


@pytest.mark.parametrize("name", sorted(ALL.keys() - {"Records", "Receipted", "Ask", "Answer"}))  # the node knows these
def test_a_message_said_twice_reaches_the_disk_once_or_ends_the_link(name: str) -> None:
    once, twice = place_of(name), place_of(name)
    once.say(ALL[name])
    twice.say(ALL[name], ALL[name])
    assert [len(twice.all(kind)) for kind in TO_DISK] == [len(once.all(kind)) for kind in TO_DISK]
    if isinstance(twice.session.state, Closed):
        assert twice.session.state.reason


@pytest.mark.parametrize("name", ALL)
def test_what_a_session_says_itself_is_nothing_when_it_comes_back(name: str) -> None:
    talk = place_of(name)
    talk.say(ALL[name])
    before = [len(talk.all(kind)) for kind in TO_DISK]
    for message in list(talk.heard):
        talk.say(message)
    assert [len(talk.all(kind)) for kind in TO_DISK] == before
    if isinstance(talk.session.state, Closed):
        assert talk.session.state.reason
    else:
        assert talk.session.is_current(NOTEBOOK) or name in ("Ask", "Answer", "Table of records", "Records")
