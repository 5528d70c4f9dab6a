"""New versions are told of only to those who want it, at most once a day, with a link and nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QCheckBox

from notesapp.errors import FeedUnreachable, LocalError
from notesapp.identity.release import Release
from notesapp.ui import herald as module
from notesapp.ui.dialogs.pages.about import about
from notesapp.ui.herald import BETWEEN_MS, Herald, Publisher, publisher
from notesapp.ui.settings import SettingsFile

pytestmark = pytest.mark.gui

SOURCE = Publisher("https://notesapp.example/release.feed", (bytes(32),))


class Listener:
    """Stands where the desk stands: runs acts, keeps what is said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, Any]] = []
        self.acts: list[asyncio.Task[Any]] = []

    def start(self, work: Any, doing: str) -> None:
        self.acts.append(asyncio.ensure_future(work))

    def say(self, sentence: str, act: str = "", run: Any = None) -> None:
        self.said.append((sentence, act, run))


class World:
    def __init__(self, folder: Path, source: Publisher | None = SOURCE) -> None:
        self.desk, self.now_ms = Listener(), 10 * BETWEEN_MS
        self.opened: list[QUrl] = []
        self.settings = SettingsFile(folder / "window.json")
        self.herald = Herald(self.desk, self.settings, source, self.opened.append, lambda: self.now_ms)  # type: ignore[arg-type]

    async def look(self) -> int:
        self.herald.look_if_due()
        acts, self.desk.acts = self.desk.acts, []
        await asyncio.gather(*acts)
        return len(acts)


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> World:
    return World(tmp_path)


def announcing(version: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    async def told(url: str, keys: tuple[bytes, ...]) -> Release:
        asked.append(url)
        return Release(version, 0, "https://notesapp.example/new")

    monkeypatch.setattr(module, "newest", told)
    return asked


async def test_nothing_is_asked_unless_it_is_switched_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = announcing("99.0", monkeypatch)
    assert await world.look() == 0
    assert (asked, world.desk.said) == ([], [])


async def test_a_new_version_is_told_in_a_sentence_with_a_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    announcing("99.0", monkeypatch)
    world.herald.switch(True)
    await asyncio.gather(*world.desk.acts)
    ((sentence, act, run),) = world.desk.said
    assert (sentence, act) == ("There is a new version of Notesapp: 99.0", "Show")
    assert world.opened == []
    run()
    assert world.opened == [QUrl("https://notesapp.example/new")]


async def test_it_is_asked_once_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = announcing("0.0.1", monkeypatch)
    world.settings.now.look_for_versions = True
    assert [await world.look(), await world.look()] == [1, 0]
    world.now_ms += BETWEEN_MS
    assert await world.look() == 1
    world.now_ms -= 5 * BETWEEN_MS  # a clock that was set back must not silence it for days
    assert await world.look() == 1
    assert len(asked) == 3
    assert world.desk.said == []


async def test_who_is_offline_hears_nothing_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(url: str, keys: tuple[bytes, ...]) -> Release:
        raise FeedUnreachable(why="no route to host")

    monkeypatch.setattr(module, "newest", nobody)
    world.settings.now.look_for_versions = True
    assert await world.look() == 1
    assert world.desk.said == []


def test_about_lets_a_person_decide(world: World) -> None:
    page = about(world.herald)
    box = page.findChild(QCheckBox)
    assert box is not None
    assert (box.isChecked(), box.isEnabled()) == (False, True)
    assert "notesapp.example" in box.accessibleDescription()
    assert "Nothing about you or your notes is sent" in box.accessibleDescription()


def test_a_build_of_nobody_has_nowhere_to_ask(qapp: QApplication, tmp_path: Path) -> None:
    alone = World(tmp_path, None)
    alone.settings.now.look_for_versions = True
    assert not alone.herald.due
    page = about(alone.herald)
    box = page.findChild(QCheckBox)
    assert box is not None
    assert not box.isEnabled()


@pytest.mark.parametrize("text", ["", "[]", '{"feed": 1}', '{"feed": "https://x", "keys": ["zz"]}'])
def test_a_broken_installation_is_a_bug_that_is_told(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "release.json").write_text(text)
    monkeypatch.setattr(module, "resource", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(LocalError, match=r"release\.json"):
        publisher()


def test_who_published_it_stands_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "resource", lambda *parts: tmp_path.joinpath(*parts))
    assert publisher() is None
    for feed, keys in (("", []), ("http://open.example/", ["00" * 32]), ("https://notesapp.example/", [])):
        (tmp_path / "release.json").write_text(f'{{"feed": "{feed}", "keys": {str(keys).replace(chr(39), chr(34))}}}')
        assert publisher() is None
    (tmp_path / "release.json").write_text('{"feed": "https://notesapp.example/f", "keys": ["' + "00" * 32 + '"]}')
    assert publisher() == Publisher("https://notesapp.example/f", (bytes(32),))


def test_about_lists_what_an_installed_program_was_built_with(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from notesapp.ui.dialogs.pages import about as page

    monkeypatch.setattr(page, "resource", lambda *parts: tmp_path.joinpath(*parts))
    found = dict(page.licences())
    assert any(name.startswith("automerge") for name in found)
    (tmp_path / "parts.json").write_text('[["Qt 6.12.0", "GNU LESSER GENERAL PUBLIC LICENSE"]]')
    assert page.licences() == [("Qt 6.12.0", "GNU LESSER GENERAL PUBLIC LICENSE")]
