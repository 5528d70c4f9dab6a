"""Two windows over two real nodes that meet by QUIC on loopback: what a person does with others, and how it looks.

Pictures of both windows are left in out/pictures/people for people to look at.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from notesapp.identity.roles import Role
from notesapp.node.network import DISCOVERY
from notesapp.node.node import Node
from notesapp.node.people_views import Company
from notesapp.store.places import Home
from notesapp.text import Splice
from notesapp.ui.languages import speak
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.pages import DevicesPage
from notesapp.ui.people.parting import PartingSheet
from notesapp.ui.people.recovered import RecoveredSheet
from notesapp.ui.people.share_people import Asking
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.shell import Shell
from notesapp.ui.style.theme import Appearance, Theme
from tests.node.conftest import OPEN
from tests.ui.driving import run, settle, type_in, until
from tests.ui.people.test_two_windows import window
from tests.ui.window_parts import answer, sheet, write

pytestmark = [pytest.mark.gui, pytest.mark.slow, pytest.mark.socket]
PICTURES = Path(__file__).resolve().parents[3] / "out" / "pictures" / "people"
LONG_S = 60.0


def keep(shell: Shell, name: str) -> None:
    """A picture of the whole window as it is now."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert shell.window.grab().save(str(PICTURES / f"{name}.png"))


def over_loopback(
    app: QApplication,
    folder: Path,
    patch: pytest.MonkeyPatch,
    tell: Callable[[Shell, Shell], Awaitable[None]],
    language: str = "en",
) -> None:
    """Ana's and Bo's windows; nothing is announced, so they meet only where each is told that the other is."""
    patch.setenv(DISCOVERY, "off")
    speak(app, language)

    async def work() -> None:
        theme = Theme(Appearance.LIGHT, contrast=False, reduced_motion=True)
        theme.dress(app)
        nodes = [await Node.open(Home(folder / name), OPEN) for name in ("ana", "bo")]
        shells: list[Shell] = []
        try:
            for node, name in zip(nodes, ("Ana", "Bo"), strict=True):
                await node.people.set_me(name)
                await node.people.go_online()
                shells.append(await window(node, theme, folder / name.lower()))
            await tell(*shells)
        finally:
            for shell in shells:
                await shell.close()
            for node in nodes:
                await node.close()

    run(app, work, 240)


async def port_of(shell: Shell) -> str:
    """Where a window's node listens."""
    await until(lambda: shell.node.people.network().port, "no port is open", LONG_S)
    return f"127.0.0.1:{shell.node.people.network().port}"


async def by_three_words(ana: Shell, bo: Shell, prefix: str) -> bytes:
    """Ana shares the notebook of her open note by three words; Bo comes in by them. The notebook."""
    ana.commands.run("people.share")
    share = sheet(ana, ShareSheet)
    share.tabs[1].click()
    share.code.make.click()
    await until(lambda: share.code.code, "no words are made", LONG_S)
    await settle()
    keep(ana, f"{prefix}-1-words")
    assert share.code.code is not None
    join_id = await bo.node.people.join(share.code.code.words, [await port_of(ana)])
    bo.acts.people.watch_join(bo.node.people.a_join(join_id))
    await until(lambda: share.requests.findChildren(Asking), "nobody knocks", LONG_S)
    await settle()
    keep(bo, f"{prefix}-2-waits")
    keep(ana, f"{prefix}-3-knocks")
    notebook = share.requests.findChildren(Asking)[0].request.notebook_id
    assert notebook is not None
    share.requests.findChildren(Asking)[0].yes.click()
    await until(
        lambda: not any(one.isVisible() for one in bo.window.findChildren(JoinSheet)), "Bo doesn't come in", LONG_S
    )
    await until(lambda: "Bo" in [one.name for one in ana.desk.people.of(notebook).members], "no Bo", LONG_S)
    await settle(400)
    keep(ana, f"{prefix}-4-in-at-ana")
    keep(bo, f"{prefix}-5-in-at-bo")
    share.finish(None)
    return notebook


def in_banner(shell: Shell, cause: str) -> Callable[[], object]:
    """The first act of a notice."""
    return shell.window.note.banner._notices[cause].acts[0][1]


def buttons(top: QWidget, text: str) -> list[QPushButton]:
    """The buttons that can be seen and say this."""
    return [one for one in top.findChildren(QPushButton) if one.isVisible() and one.text() == text]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_notebook_is_handed_over_by_offer_and_consent(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    async def tell(ana: Shell, bo: Shell) -> None:
        await write(ana, "# Beds\n\nnorth")
        notebook = await by_three_words(ana, bo, f"hand-over-{language}")
        bos = next(one.person_id for one in ana.desk.people.of(notebook).members if one.name == "Bo")
        ana.acts.people.member(notebook, "hand-over", bos)
        yes = {"en": "Hand over", "de": "Übergeben"}[language]
        await until(lambda: buttons(ana.window, yes), "nobody asks whether she is sure")
        await settle()
        keep(ana, f"hand-over-{language}-6-sure")
        buttons(ana.window, yes)[0].click()
        await until(lambda: "offered" in bo.window.note.banner._notices, "Bo isn't asked", LONG_S)
        await until(lambda: "Ana" in bo.window.note.banner.sentence, "who offers it isn't said", LONG_S)
        await settle()
        keep(bo, f"hand-over-{language}-7-offered")
        in_banner(bo, "offered")()
        await until(lambda: bo.desk.people.of(notebook).my_role is Role.OWNER, "Bo doesn't own it", LONG_S)
        await until(lambda: ana.desk.people.of(notebook).my_role is Role.ADMIN, "Ana is no admin", LONG_S)
        await until(lambda: "offered" not in bo.window.note.banner._notices, "the notice stays", LONG_S)
        await settle(400)
        keep(bo, f"hand-over-{language}-8-owner")
        keep(ana, f"hand-over-{language}-9-admin")

    over_loopback(qapp, tmp_path, monkeypatch, tell, language)


def test_one_note_is_shared_alone(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tell(ana: Shell, bo: Shell) -> None:
        await write(ana, "# Private\n\nfor nobody")
        await write(ana, "# Beds\n\nnorth")
        ana.commands.run("people.share.note")
        await settle()
        keep(ana, "one-note-0-name")
        await answer(ana, "Only the beds")
        await until(lambda: any(one.isVisible() for one in ana.window.findChildren(ShareSheet)), "no card", LONG_S)
        sheet(ana, ShareSheet).finish(None)
        await until(lambda: ana.desk.note_id is not None, "no note is open", LONG_S)
        notebook = await by_three_words(ana, bo, "one-note")
        assert ana.node.notebook_name(notebook) == "Only the beds"

        def titles() -> list[str]:
            return [one.title for one in bo.node.notes() if one.notebook_id == notebook]

        await until(lambda: titles() == ["Beds"], "the note doesn't come", LONG_S)
        assert "Private" not in [one.title for one in bo.node.notes()]

    over_loopback(qapp, tmp_path, monkeypatch, tell)


def test_what_was_set_aside_is_put_back(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tell(ana: Shell, bo: Shell) -> None:
        note_id = await write(ana, "# Beds\n\nnorth")
        notebook = await by_three_words(ana, bo, "aside")
        await until(lambda: bo.desk.view(note_id) is not None, "the note doesn't come", LONG_S)
        await until(lambda: bo.writing.text == "# Beds\n\nnorth", "the text doesn't come", LONG_S)
        await until(lambda: bo.writing.is_loaded and not bo.editor.isReadOnly(), "it can't be written in", LONG_S)
        await bo.node.people.online(False)
        await until(lambda: not ana.node.people.peering.sessions(), "Bo is still there", LONG_S)
        bos = next(one.person_id for one in ana.desk.people.of(notebook).members if one.name == "Bo")
        await ana.node.people.set_role(notebook, bos, Role.READER)
        await bo.node.change_text(note_id, [Splice(13, "", "\n\nwritten too late")])
        await bo.node.people.online(True)
        await until(lambda: "recovered" in bo.window.note.banner._notices, "nothing is said at Bo's", LONG_S)
        await until(lambda: "too late" not in bo.writing.text, "it still stands in the note", LONG_S)
        in_banner(bo, "recovered")()
        aside = sheet(bo, RecoveredSheet)
        await until(lambda: buttons(bo.window, "Put back"), "it isn't shown", LONG_S)
        await settle()
        keep(bo, "aside-6-reader")
        assert not buttons(bo.window, "Put back")[0].isEnabled()
        await ana.node.people.set_role(notebook, bos, Role.WRITER)
        await until(
            lambda: any(one.isEnabled() for one in buttons(bo.window, "Put back")),
            "he can't put it back as a writer",
            LONG_S,
        )
        await settle()
        keep(bo, "aside-7-writer")
        next(one for one in buttons(bo.window, "Put back") if one.isEnabled()).click()
        await until(lambda: "written too late" in bo.writing.text, "it isn't put back", LONG_S)
        await until(lambda: "written too late" in ana.writing.text, "it doesn't come to Ana", LONG_S)
        await until(lambda: bo.desk.people.of(notebook).recovered == 0, "it is still offered", LONG_S)
        await settle(400)
        keep(bo, "aside-8-put-back")
        aside.finish(None)
        await until(lambda: "recovered" not in bo.window.note.banner._notices, "the notice stays", LONG_S)
        keep(bo, "aside-9-done")

    over_loopback(qapp, tmp_path, monkeypatch, tell)


def page_of(shell: Shell) -> DevicesPage:
    """The settings page about my own devices."""
    shell.show_settings("devices")
    window = shell.settings_window
    assert window is not None
    return next(one for one in window.findChildren(DevicesPage) if one.isVisible())


async def linked(ana: Shell, new: Shell) -> None:
    """Ana makes the words on her first device; the new one types them; both compare."""
    page = page_of(ana)
    page._make.click()
    await until(lambda: page.code.code, "no words are made", LONG_S)
    code = page.code.code
    assert code is not None
    await settle()
    keep_settings(ana, "link-1-words")
    join_id = await new.node.people.join_as_device(code.words, [await port_of(ana)])
    new.acts.people.watch_join(new.node.people.a_join(join_id))
    await until(lambda: page.requests.findChildren(Asking), "nobody asks", LONG_S)
    card = sheet(new, JoinSheet)
    await until(lambda: bool(card.steps.match.shown), "no words to compare", LONG_S)
    await settle()
    keep_settings(ana, "link-2-asks")
    keep(new, "link-3-compares")
    asking = page.requests.findChildren(Asking)[0]
    assert asking.request.words == card.steps.match.shown
    assert "new device" in ana.window.note.banner.sentence
    card.same.click()
    asking.yes.click()
    await until(lambda: len(new.node.people.me().devices) == 2, "the device isn't linked", LONG_S)


def keep_settings(shell: Shell, name: str) -> None:
    """A picture of the settings."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert shell.settings_window is not None
    assert shell.settings_window.grab().save(str(PICTURES / f"{name}.png"))


def test_a_second_device_is_linked_writes_and_is_shut_out(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(ana: Shell, new: Shell) -> None:
        note_id = await write(ana, "# Beds\n\nnorth")
        await linked(ana, new)
        await until(lambda: new.desk.view(note_id) is not None, "the note doesn't come", LONG_S)
        await until(lambda: not any(one.isVisible() for one in new.window.findChildren(JoinSheet)), "the card stays")
        new.desk.find_and_open(note_id)
        await until(lambda: new.writing.text == "# Beds\n\nnorth", "the text doesn't come", LONG_S)
        await until(lambda: new.writing.is_loaded and not new.editor.isReadOnly(), "it can't be written in", LONG_S)
        await settle(400)
        keep(new, "link-4-there")
        new.editor.scroll_to(len(new.writing.text))
        type_in(new.editor, " from the new one")
        await until(lambda: ana.writing.text.endswith("north from the new one"), "it doesn't come back", LONG_S)
        ana.editor.scroll_to(len(ana.writing.text))
        type_in(ana.editor, ", and back")
        await until(lambda: new.writing.text.endswith("the new one, and back"), "it doesn't come", LONG_S)
        await until(lambda: [one.linked for one in ana.node.people.me().devices] == [True, True], "not here", LONG_S)
        await settle(400)
        keep_settings(ana, "link-5-devices")

        # the new one is lost
        window = ana.settings_window
        assert window is not None
        (shut,) = buttons(window, "Shut out…")
        shut.click()
        await until(lambda: buttons(window, "Shut out"), "nobody asks whether she is sure")
        keep_settings(ana, "link-6-sure")
        buttons(window, "Shut out")[0].click()
        await until(lambda: sum(one.active for one in ana.node.people.me().devices) == 1, "it stays", LONG_S)
        await until(lambda: not ana.node.people.peering.sessions(), "they still talk", LONG_S)
        await until(lambda: "shut this computer out" in new.window.note.banner.sentence, "nobody tells it", LONG_S)
        assert new.desk.people.company().company is Company.NEEDS_HELP
        assert new.editor.isReadOnly()
        type_in(new.editor, " typed in vain")
        type_in(ana.editor, " Not for thieves.")
        await ana.node.saved(note_id)
        await settle(1_000)
        keep(new, "link-7-shut-out")
        assert "thieves" not in new.writing.text
        assert new.writing.text.endswith("and back")  # it keeps what it has
        assert not ana.node.people.peering.sessions()

    over_loopback(qapp, tmp_path, monkeypatch, tell)


def test_closing_says_what_is_only_here_and_closes_once_the_other_has_it(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(ana: Shell, bo: Shell) -> None:
        note_id = await write(ana, "# Beds\n\nnorth")
        await by_three_words(ana, bo, "parting")
        await until(lambda: bo.desk.view(note_id) is not None, "the note doesn't come", LONG_S)
        await until(lambda: ana.node.people.company().only_here == 0, "Bo doesn't get everything", LONG_S)
        closed: list[bool] = []
        ana.quit_asked.connect(lambda: closed.append(True))
        await ana.node.people.online(False)
        type_in(ana.editor, " alone")
        await ana.node.saved(note_id)
        await until(lambda: ana.node.people.company().only_here > 0, "nothing is only here", LONG_S)
        ana.commands.run("app.quit")
        await until(lambda: any(one.isVisible() for one in ana.window.findChildren(PartingSheet)), "nobody asks")
        await settle()
        keep(ana, "parting-6-asks")
        assert closed == []
        await ana.node.people.online(True)
        await until(lambda: closed == [True], "it doesn’t close though Bo has it", LONG_S)
        assert "alone" in await bo.node.stored_text(note_id)

    over_loopback(qapp, tmp_path, monkeypatch, tell)
