"""People in the window: faces, carets with names, following, the five states, news, and what happens by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel

from notesapp.identity.roles import Role
from notesapp.node.events import (
    NoteEdited,
    Origin,
    PeopleChanged,
    PersonJoined,
    PersonRemoved,
    PresenceChanged,
    RecoveredChanged,
)
from notesapp.node.people_views import CaretView, Company, JoinStage, RecoveredView, Step
from notesapp.text import Splice
from notesapp.ui.dialogs.settings_window import SettingsWindow
from notesapp.ui.editor.screen import flag_place
from notesapp.ui.languages import speak
from notesapp.ui.people.join_sheet import JoinSheet
from notesapp.ui.people.parting import PartingSheet
from notesapp.ui.people.popover import Popover
from notesapp.ui.people.recovered import RecoveredSheet
from notesapp.ui.people.share_sheet import ShareSheet
from notesapp.ui.places import InNotebook
from notesapp.ui.shell import Shell
from tests.ui.driving import settle, story, type_in, until
from tests.ui.fakes import NOW_MS
from tests.ui.people.people import JONAS, LINK, MAYA, WORDS, FakePeople
from tests.ui.window_parts import press, sheet, write

pytestmark = pytest.mark.gui


def caret(note_id: bytes, at: int, anchor: int | None = None, who: bytes = MAYA.person_id) -> CaretView:
    return CaretView(b"d" * 32, who, "Maya", 0, note_id, at, at if anchor is None else anchor, False, NOW_MS)


def among_people(app: QApplication, home: Path, tell: Callable[[Shell, FakePeople, bytes], Awaitable[None]]) -> None:
    """The window over a real node, with people that the test moves."""

    speak(app, "en")

    async def told(shell: Shell) -> None:
        note_id = await write(shell, "# Beds\n\nBeds 3 and 4 need compost.")
        people = FakePeople()
        people.view = replace(people.view, notebook_id=shell.node.default_notebook)
        people.tell = shell.desk._heard
        shell.desk.people = people
        people.tell(PeopleChanged(None))
        await tell(shell, people, note_id)

    story(app, home, told)


def test_who_is_in_the_note_is_seen_in_header_list_foot_and_text(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        people.caret_list[note_id] = (caret(note_id, 12, 8),)
        people.tell(PresenceChanged(note_id))
        await until(lambda: shell.window.note.people.isVisible(), "no face in the header")
        assert [face.name for face in shell.window.note.people.faces] == ["Maya"]
        assert [face.name for face in shell.window.list.rows.rows[0].people] == ["Maya"]
        assert "Maya here now" in shell.window.list.rows.spoken(shell.window.list.rows.rows[0])
        assert shell.window.note.foot._status.text() == "Saved · Maya is here"
        stage = shell.editor.stage
        assert stage is not None
        assert [(one.name, one.position, one.anchor, one.flag) for one in stage.peers] == [("Maya", 12, 8, True)]
        people.caret_list.clear()
        people.tell(PresenceChanged(note_id))
        await until(lambda: not shell.window.note.people.isVisible(), "the face stays")
        assert shell.editor.stage is not None
        assert shell.editor.stage.peers == ()

    among_people(qapp, tmp_path / "home", tell)


def test_my_caret_is_told_and_hiding_is_one_command(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        press(shell.editor, Qt.Key.Key_Home)
        await until(lambda: ("show", note_id, 8, 8) in people.done, "the caret isn't told")
        press(shell.editor, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: ("show", note_id, 9, 8) in people.done, "the selection isn't told")
        shell.commands.run("people.hide")
        assert people.hidden
        shell.commands.run("people.hide")
        assert not people.hidden

    among_people(qapp, tmp_path / "home", tell)


def test_what_others_write_and_their_carets_wait_for_an_input_method(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        editor = shell.editor
        QApplication.sendEvent(editor, QInputMethodEvent("ni", []))
        people.tell(NoteEdited(note_id, (Splice(0, "", "Hello "),), Origin.LINK))
        people.caret_list[note_id] = (caret(note_id, 6 + 12),)
        people.tell(PresenceChanged(note_id))
        assert shell.presence.carets.place((b"d" * 32).hex()) == 12
        assert shell.writing.text.startswith("# Beds")
        end = QInputMethodEvent()
        end.setCommitString("")
        QApplication.sendEvent(editor, end)
        assert shell.writing.text.startswith("Hello # Beds")
        assert shell.presence.carets.place((b"d" * 32).hex()) == 18

    among_people(qapp, tmp_path / "home", tell)


def test_following_scrolls_along_until_something_is_done_here(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        shell.editor.binding.write(0, 0, "line\n" * 300)  # type: ignore[union-attr] # a note is open
        people.caret_list[note_id] = (caret(note_id, 1400),)
        people.tell(PresenceChanged(note_id))
        shell.editor.set_scroll(0)
        shell.commands.run("people.follow")
        assert shell.presence.followed == MAYA.person_id
        assert shell.editor.verticalScrollBar().value() > 1000
        people.caret_list[note_id] = (caret(note_id, 5),)
        people.tell(PresenceChanged(note_id))
        assert shell.editor.verticalScrollBar().value() < 400
        type_in(shell.editor, "x")
        assert shell.presence.followed is None

    among_people(qapp, tmp_path / "home", tell)


def test_a_name_never_covers_the_line_that_is_written_here() -> None:
    bar = QRectF(50, 100, 2, 20)
    assert flag_place(bar, 40, QRectF()) == QRectF(50, 83, 40, 17)
    assert flag_place(bar, 40, QRectF(0, 75, 600, 24)) == QRectF(50, 120, 40, 17)
    assert flag_place(bar, 40, QRectF(0, 70, 600, 80)) is None


def test_a_name_goes_where_no_letters_are_if_there_is_such_a_place() -> None:
    bar, above, below = QRectF(50, 100, 2, 20), QRectF(0, 76, 600, 20), QRectF(0, 124, 600, 20)
    assert flag_place(bar, 40, QRectF(), letters=[above]) == QRectF(50, 120, 40, 17)
    assert flag_place(bar, 40, QRectF(), letters=[below]) == QRectF(50, 83, 40, 17)
    assert flag_place(bar, 40, QRectF(), letters=[above, below]) == QRectF(50, 83, 40, 17)
    assert flag_place(bar, 40, below, letters=[above]) == QRectF(50, 83, 40, 17)


def test_names_of_carets_at_one_place_stand_beside_each_other() -> None:
    bar, taken = QRectF(50, 100, 2, 20), list[QRectF]()
    for _ in range(4):
        place = flag_place(bar, 40, QRectF(), taken)
        assert place is not None
        assert not any(place.intersects(other) for other in taken)
        taken.append(place)
    assert [(place.left(), place.top()) for place in taken] == [(50, 83), (50, 120), (91, 83), (132, 83)]


@pytest.mark.parametrize(
    ("company", "facts", "title", "detail"),
    [
        (Company.JUST_YOU, {}, "Just you", "Saved on this computer"),
        (Company.SHARING, {}, "Sharing", "With Maya"),
        (Company.WAITING, {"waiting_for": ("Bo",), "only_here": 1}, "Waiting for Bo", "1 edit only here"),
        (Company.OFFLINE, {"cause": "This computer has no network."}, "Offline", "This computer has no network."),
        (Company.NEEDS_HELP, {"cause": "A firewall drops it."}, "Needs help", "A firewall drops it."),
    ],
)  # fmt: skip
def test_the_pill_says_one_of_five_states_and_why(
    qapp: QApplication, tmp_path: Path, company: Company, facts: dict[str, object], title: str, detail: str
) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        people.change(company=company, **facts)
        side = shell.window.sidebar
        told = (side._status.accessibleName, side._detail.accessibleName)
        await until(lambda: (told[0](), told[1]()) == (title, detail), "the pill says something else")
        assert side.status.accessibleName() == f"People and status: {title}. {detail}"
        shell.commands.run("people.popover")
        over = sheet(shell, Popover)
        assert over._title.text() == title
        safe = over._kept.text()
        assert ("Safe to close" in safe) == (company is Company.SHARING)
        assert ("Keep it running" in safe) == (company is Company.WAITING)
        assert over._act.isVisible() == (company in (Company.OFFLINE, Company.NEEDS_HELP))
        over.finish(None)

    among_people(qapp, tmp_path / "home", tell)


def test_one_press_does_what_would_help(qapp: QApplication, tmp_path: Path) -> None:
    async def try_each(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        command = "sudo ufw allow 45654/udp"
        cause, remedy = "Maya can't be reached.", f"Allow UDP port 45654 in it: {command}"
        for step in Step:
            people.done.clear()
            people.change(company=Company.OFFLINE, cause=cause, remedy=remedy, step=step, removed=step is Step.NOTEBOOK)
            shell.commands.run("people.popover")
            over = sheet(shell, Popover)
            assert over._act.isVisible()
            assert over._act.text() == LABELS.get(step, "Look again")
            over._act.click()
            match step:
                case Step.ALLOW:
                    assert QApplication.clipboard().text() == command
                    assert shell.window.toast.sentence.startswith("Copied.")
                case Step.SETTINGS:
                    await until(lambda: bool(shell.window.findChildren(SettingsWindow)), "no settings opened")
                    shell.window.findChildren(SettingsWindow)[0].close()
                case Step.NOTEBOOK:
                    assert shell.desk.place == InNotebook(shell.node.default_notebook)
                case _:
                    await until(lambda: ("look_again",) in people.done, "nobody was looked for")
            over.finish(None)

    among_people(qapp, tmp_path / "home", try_each)


LABELS = {
    Step.ALLOW: "Copy the command",
    Step.SETTINGS: "Open the settings",
    Step.NOTEBOOK: "Show the notebook",
}


def test_news_about_people_is_said_and_a_removed_person_reads_what_is_left(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        notebook_id = shell.node.default_notebook
        people.tell(PersonJoined(notebook_id, "Bo"))
        assert shell.window.toast.sentence == "Bo joined “Garden”"
        people.tell(PersonRemoved(notebook_id, "Bo", False))
        assert shell.window.toast.sentence == "Bo was removed from “Garden”"
        people.view = replace(people.view, removed=True, my_role=Role.READER)
        people.tell(PersonRemoved(notebook_id, "Ana", True))
        assert shell.window.toast.sentence == "You were removed from “Garden”"
        assert shell.window.note.banner.sentence.startswith("You are no longer a member of “Garden”.")
        assert shell.editor.isReadOnly()
        type_in(shell.editor, "typed in vain")
        assert shell.writing.text == "# Beds\n\nBeds 3 and 4 need compost."
        shell.editor.selectAll()
        shell.editor.copy()
        assert qapp.clipboard().text() == shell.writing.text  # it can still be copied
        assert shell.commands["export.markdown"].possible()
        shell.commands.run("people.share")
        assert not sheet(shell, ShareSheet).terms.isVisible()

    among_people(qapp, tmp_path / "home", tell)


def test_who_may_only_read_is_told_so_and_the_note_is_locked_until_he_may_write(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        banner = shell.window.note.banner
        assert not shell.editor.isReadOnly()
        people.change(my_role=Role.READER)
        assert banner.sentence.startswith("You can read “Garden”, but not write in it.")
        type_in(shell.editor, "typed in vain")
        assert shell.editor.isReadOnly()
        assert shell.writing.text == "# Beds\n\nBeds 3 and 4 need compost."
        people.change(my_role=Role.WRITER)
        assert banner.sentence == ""
        type_in(shell.editor, "Now it counts. ")
        assert "Now it counts." in shell.writing.text

    among_people(qapp, tmp_path / "home", tell)


def test_who_knocks_is_announced_above_the_note_and_let_in_from_there(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        request = people.knock("Bo")
        banner = shell.window.note.banner
        assert banner.sentence == "Bo asks to write in “Garden”"
        people.asking = [replace(request, notebook_id=shell.node.default_notebook)]
        shell.news.show_notices()
        banner._notices["request"].acts[0][1]()
        share = sheet(shell, ShareSheet)
        share._answer(request.request_id, True)
        await until(lambda: ("approve", request.request_id, True) in people.done, "nobody was let in")
        await until(lambda: banner.sentence == "", "the notice stays")

    among_people(qapp, tmp_path / "home", tell)


def test_edits_that_were_set_aside_are_read_and_put_back(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        home = shell.node.default_notebook
        people.aside = [RecoveredView(b"1" * 16, note_id, home, "Bo", NOW_MS, "Bo was no member then.", "late words")]
        people.view = replace(people.view, recovered=1)
        people.tell(RecoveredChanged(home))
        assert shell.window.note.banner.sentence == "1 edit was set aside in “Garden”."
        shell.commands.run("people.recovered")
        aside = sheet(shell, RecoveredSheet)
        aside._do(people.put_back(b"1" * 16), "put back")
        await until(lambda: ("put_back", b"1" * 16) in people.done, "it was not put back")
        await until(lambda: shell.window.note.banner.sentence == "", "the notice stays")

    among_people(qapp, tmp_path / "home", tell)


def test_a_link_that_was_clicked_only_opens_the_card(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        shell.open_this(LINK)
        await until(lambda: bool(shell.window.findChildren(JoinSheet)), "no card")
        await settle()
        join = sheet(shell, JoinSheet)
        assert join._title.text() == "Maya invites you to “Garden”"
        assert not [done for done in people.done if done[0] == "join"]
        join.finish(None)

    among_people(qapp, tmp_path / "home", tell)


def test_an_invitation_from_nearby_opens_by_itself(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        join_id = await people.join("from nearby")
        people.further(join_id, JoinStage.MATCHING, words=WORDS)
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(JoinSheet)), "no card")
        assert sheet(shell, JoinSheet).steps.match.shown == WORDS
        sheet(shell, JoinSheet).finish(None)

    among_people(qapp, tmp_path / "home", tell)


def test_the_card_for_joining_opens_again_after_it_was_left(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        for _ in range(2):
            shell.commands.run("people.join")
            await until(lambda: any(one.isVisible() for one in shell.window.findChildren(JoinSheet)), "no card")
            sheet(shell, JoinSheet).finish(None)
            await until(lambda: not shell.window.findChildren(JoinSheet), "the card stays")
        await people.join("from nearby")
        people.further(bytes([1]) * 16, JoinStage.MATCHING, words=WORDS)
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(JoinSheet)), "no card")
        sheet(shell, JoinSheet).finish(None)

    among_people(qapp, tmp_path / "home", tell)


def test_nobody_is_asked_before_closing_what_others_have(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        closed: list[bool] = []
        shell.quit_asked.connect(lambda: closed.append(True))
        shell.commands.run("app.quit")
        assert closed == [True]

    among_people(qapp, tmp_path / "home", tell)


def test_closing_asks_while_something_is_only_here_and_goes_on_once_somebody_has_it(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        closed: list[bool] = []
        shell.quit_asked.connect(lambda: closed.append(True))
        alone = [replace(one, online=one.me) for one in people.view.members]
        people.change(company=Company.OFFLINE, only_here=2, waiting_for=("Maya",), members=tuple(alone))
        shell.commands.run("app.quit")
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(PartingSheet)), "nobody asks")
        card = sheet(shell, PartingSheet)
        assert card.tells.text() == "Only on this computer: 2 edits."
        assert "go to Maya the next time" in card.hint.text()
        press(card, Qt.Key.Key_Escape)
        await until(lambda: not shell.window.findChildren(PartingSheet), "the card stays")
        assert closed == []
        shell.commands.run("app.quit")
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(PartingSheet)), "nobody asks")
        people.change(only_here=0, waiting_for=())
        await until(lambda: closed == [True], "it doesn’t close though Maya has everything")

    among_people(qapp, tmp_path / "home", tell)


def test_what_is_on_its_way_gets_a_moment_and_keeping_it_running_hides_the_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        closed: list[bool] = []
        shell.quit_asked.connect(lambda: closed.append(True))
        people.change(company=Company.WAITING, only_here=1, waiting_for=("Maya",))
        shell.commands.run("app.quit")
        await settle(10)
        assert not shell.window.findChildren(PartingSheet)
        people.change(company=Company.SHARING, only_here=0, waiting_for=())
        await until(lambda: closed == [True], "it doesn’t close though Maya has everything")
        people.change(company=Company.WAITING, only_here=1, waiting_for=("Maya",))
        shell.commands.run("app.quit")
        await until(lambda: any(one.isVisible() for one in shell.window.findChildren(PartingSheet)), "nobody asks")
        assert "on their way to Maya" in sheet(shell, PartingSheet).hint.text()
        sheet(shell, PartingSheet).run.click()
        await until(lambda: not shell.window.isVisible(), "the window stays")
        assert closed == [True]
        shell.appear()

    among_people(qapp, tmp_path / "home", tell)


def test_a_second_wish_to_close_asks_nothing_of_a_window_that_goes(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        closed: list[bool] = []
        shell.quit_asked.connect(lambda: closed.append(True))
        people.change(company=Company.WAITING, only_here=1, waiting_for=("Maya",))
        shell.commands.run("app.quit")
        await settle(10)
        shell.commands.run("app.quit")  # while it is on its way
        assert closed == [True]
        asking = [one for one in asyncio.all_tasks() if one.get_name() == "ask before closing"]
        await asyncio.wait(asking, timeout=20)
        assert all(one.cancelled() for one in asking), "the program would wait for the answer to a card nobody sees"
        assert not shell.window.findChildren(PartingSheet)

    among_people(qapp, tmp_path / "home", tell)


def test_a_window_that_is_ended_from_outside_does_not_wait_for_an_answer(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        people.change(company=Company.WAITING, only_here=1, waiting_for=("Maya",))
        shell.commands.run("app.quit")
        await settle(10)
        (asking,) = [one for one in asyncio.all_tasks() if one.get_name() == "ask before closing"]
        closing = asyncio.ensure_future(shell.close())
        await asyncio.wait([asking], timeout=20)
        assert asking.cancelled()
        assert shell.parting._card is None, "a card was made for nobody"
        await closing

    among_people(qapp, tmp_path / "home", tell)


def test_the_first_share_offers_to_start_with_the_computer_once(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        for count in (1, 2):
            shell.commands.run("people.share")
            share = sheet(shell, ShareSheet)
            share._make_link()
            await until(lambda count=count: len(people.view.invites) == count, "no link")  # type: ignore[misc]
            shell.window.toast.hide()
            share.finish(None)
            assert bool(shell.window.toast.sentence) == (count == 1)
            if count == 1:
                shell.window.toast.act()
                assert shell.settings.now.autostart
                assert (tmp_path / "config" / "autostart" / "notesapp.desktop").exists()

    among_people(qapp, tmp_path / "home", tell)


def test_removing_somebody_says_what_stays(qapp: QApplication, tmp_path: Path) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        shell.acts.people.member(shell.node.default_notebook, "remove", JONAS.person_id)
        await until(
            lambda: "Removing Jonas stops future access. Jonas keeps what Jonas already has." in said(shell), "not said"
        )
        press(QApplication.focusWidget(), Qt.Key.Key_Tab)  # type: ignore[arg-type] # the question has it
        press(QApplication.focusWidget(), Qt.Key.Key_Space)  # type: ignore[arg-type] # the button has it
        await until(lambda: ("remove", shell.node.default_notebook, JONAS.person_id) in people.done, "not removed")

    among_people(qapp, tmp_path / "home", tell)


def said(shell: Shell) -> list[str]:
    """All sentences on the screen."""
    return [one.text() for one in shell.window.findChildren(QLabel) if one.isVisible()]


def test_who_is_offered_a_notebook_is_asked_above_its_notes_and_hears_when_it_is_his(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def tell(shell: Shell, people: FakePeople, note_id: bytes) -> None:
        banner, said = shell.window.note.banner, list[str]()
        shell.desk.said.connect(lambda sentence, act, run: said.append(sentence))
        maya, me = replace(MAYA, role=Role.OWNER), replace(people.myself, role=Role.WRITER)
        people.change(members=(me, maya), my_role=Role.WRITER)
        people.change(offered=True)
        people.tell(PeopleChanged(people.view.notebook_id))
        assert said.count("Maya wants to make you the owner of “Garden”.") == 1
        assert banner.sentence.startswith("Maya wants to make you the owner of “Garden”.")
        banner._notices["offered"].acts[0][1]()
        await until(lambda: ("take_over", people.view.notebook_id) in people.done, "it isn't taken over")
        shell.news.show_notices()
        assert "offered" not in banner._notices
        await until(lambda: "“Garden” is yours as soon as the computer of Maya hears of it." in said, "nothing is said")
        people.change(members=(replace(me, role=Role.OWNER), replace(maya, role=Role.ADMIN)), my_role=Role.OWNER)
        assert said[-1] == "“Garden” is yours now."

    among_people(qapp, tmp_path / "home", tell)
