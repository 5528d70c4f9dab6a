"""Tells notebooks of one name apart: everybody begins with one called “Notes”, and then shares it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from notesapp.identity.roles import Role
from notesapp.node.views import NotebookView
from notesapp.ui.faces.source import People


def told_apart(notebooks: Sequence[NotebookView], people: People) -> list[NotebookView]:
    """The same notebooks; of those with one name, others' ones carry their owner's name, too."""
    names = Counter(one.name.casefold() for one in notebooks)
    found = []
    for one in notebooks:
        owner = _owner(one, people) if one.shared and names[one.name.casefold()] > 1 else ""
        found.append(replace(one, name=f"{one.name} · {owner}") if owner else one)
    return found


def _owner(notebook: NotebookView, people: People) -> str:
    """Who owns a notebook, if somebody else does."""
    members = people.of(notebook.notebook_id).members
    return next((one.name for one in members if one.role is Role.OWNER and not one.me), "")
