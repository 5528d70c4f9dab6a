"""Homes and nodes for the tests of the node; nobody's keyring is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from notesapp.node.home import Unlock
from notesapp.node.node import Node
from notesapp.store.keyfile import Limits
from notesapp.store.places import Home

CHEAP = Limits(rounds=1, memory_bytes=8 << 20)
OPEN = Unlock(keyring=False, limits=CHEAP)

Opener = Callable[[], Awaitable[Node]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
async def opener(home: Home) -> AsyncIterator[Opener]:
    """Opens the node of `home`, again and again; what a test leaves open is closed."""
    opened: list[Node] = []

    async def open_node() -> Node:
        for node in opened:
            await node.close()
        opened.append(await Node.open(home, OPEN))
        return opened[-1]

    yield open_node
    for node in opened:
        await node.close()


@pytest.fixture
async def node(opener: Opener) -> Node:
    return await opener()
