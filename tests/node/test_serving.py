"""What was just typed is served from memory: only what continues what is known, and only the newest."""

from __future__ import annotations

from notesapp.node.node import Node
from notesapp.node.serving import _KEPT_GROUPS, Serving
from notesapp.store.rows import HeadRow
from tests.sync.feeds import Typed


def head(typed: Typed) -> HeadRow:
    return HeadRow(typed.writer.feed, typed.writer.tip.index, typed.writer.signed_head().data)


async def test_entries_whose_place_is_not_known_are_left_to_the_disk(node: Node) -> None:
    typed, serving = Typed(changes=4), Serving(node._core)
    feed = typed.writer.feed
    serving.remember(typed.entries[1:2], head(typed))  # after a start nobody knows what stands before it
    assert not serving._newest
    serving.remember(typed.entries[2:3], head(typed))
    assert list(serving._newest) == [(feed, 2)]
    serving.remember(typed.entries[4:5], head(typed))  # and one between is missing
    assert list(serving._newest) == [(feed, 2)]
    serving.remember([typed.type(b"next")], head(typed))
    assert list(serving._newest) == [(feed, 2), (feed, 5)]
    group = serving._newest[feed, 5]
    assert (group.before.index, group.before.hash) == (4, typed.entries[4].hash)
    assert group.signature == typed.writer.signed_head().signature


async def test_the_first_entry_of_a_feed_follows_none(node: Node) -> None:
    typed, serving = Typed(), Serving(node._core)
    serving.remember(typed.entries, head(typed))
    assert serving._newest[typed.writer.feed, 0].before == typed.start


async def test_so_many_groups_are_kept_and_the_oldest_goes_first(node: Node) -> None:
    typed, serving = Typed(), Serving(node._core)
    serving.remember(typed.entries, head(typed))
    for nth in range(_KEPT_GROUPS + 3):
        serving.remember([typed.type(b"%d" % nth)], head(typed))
    assert [first for _, first in serving._newest] == list(range(4, _KEPT_GROUPS + 4))
