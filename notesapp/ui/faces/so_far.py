"""The node's people as far as the node knows them in this version: a question it can't answer has an empty answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from notesapp.errors import BadRequest

if TYPE_CHECKING:
    from notesapp.ui.faces.source import People

_QUESTIONS = frozenset({"recovered"})
_WISHES: frozenset[str] = frozenset()


class _SoFar:
    def __init__(self, people: object) -> None:
        self._people = people

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._people, name, None)
        if found is not None:
            return found
        return _answer(name)


def _answer(name: str) -> Callable[..., object]:
    if name in _QUESTIONS:
        return lambda *_: ()
    if name in _WISHES:
        return lambda *_: None

    async def refuse(*_: object) -> None:
        raise BadRequest(what="This version of Notesapp can’t do that yet; use a link instead.")

    return refuse


def so_far(people: object) -> People:
    """The same people with an answer to every question."""
    return cast("People", _SoFar(people))
