"""The whole program with its window, told what to do line by line (`programs`): `python -m tests.window_end HOME`.

Keys go into the editor as key events. A letter counts as shown when it is in the document of the editor and the part
of the window where it stands has been painted. Times are the system's monotonic clock in ms, one for all processes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QTextCursor
from PySide6.QtTest import QTest
from qasync import QEventLoop

from notesapp.identity.roles import Role
from notesapp.node.events import Event, NoteEdited
from notesapp.node.people_views import JoinStage
from notesapp.store.places import Home
from notesapp.ui.arguments import Arguments
from notesapp.ui.crash import CrashLog
from notesapp.ui.editor.canvas import Canvas
from notesapp.ui.program import Program, application, take_down
from notesapp.ui.shell import Shell
from tests.ui.driving import until

SOON_S = 60.0


def now() -> float:
    """Milliseconds of the system's monotonic clock."""
    return time.monotonic_ns() / 1e6


class Watch:
    """When letters were shown: others' by what was inserted, mine by key."""

    def __init__(self, shell: Shell) -> None:
        self._editor, self._writing = shell.editor, shell.writing
        self._due: list[tuple[str, int]] = []  # others' letters in the document, and where, not painted yet
        self.seen: list[tuple[str, float]] = []
        self.struck: list[tuple[str, float]] = []
        self.echoed: list[float] = []
        self.busy: list[float] = []  # processor time of this thread, from a key to its paint, in ms
        self._began = 0.0
        self.arrived: Callable[[], None] = lambda: None
        shell.node.subscribe(self._heard)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, NoteEdited) or event.note_id != self._writing.note_id:
            return
        if event.screen is self._writing:
            return
        for splice in event.splices:
            self._due += [(letter, splice.at + number) for number, letter in enumerate(splice.inserted)]

    def strike(self, letter: str) -> None:
        """One key, as a keyboard sends it."""
        self.struck.append((letter, now()))
        self._began = time.thread_time()
        QTest.keyClicks(self._editor, letter)

    def painted(self, event: QPaintEvent) -> None:
        """A part of the editor was drawn."""
        at = now()
        if len(self.echoed) < len(self.struck) and event.region().intersects(self._editor.cursorRect()):
            self.echoed += [at] * (len(self.struck) - len(self.echoed))
            self.busy.append(1000 * (time.thread_time() - self._began))
        if not self._due:
            return
        due, self._due = self._due, []
        for letter, place in due:
            where = self._where(place)
            if where.intersects(self._editor.viewport().rect()) and not event.region().intersects(where):
                self._due.append((letter, place))
            else:
                self.seen.append((letter, at))
        self.arrived()

    def _where(self, place: int) -> QRect:
        """The line of a place; edits since then move it by some letters at most, and lines are repainted as a whole."""
        binding, document = self._editor.binding, self._editor.document()
        cursor = QTextCursor(document)
        if binding is not None:
            cursor.setPosition(min(binding.to_qt(place), document.characterCount() - 1))
        rect = self._editor.cursorRect(cursor)
        return QRect(0, rect.y(), self._editor.viewport().width(), rect.height())


class End:
    """What can be asked of the window."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.watch: Watch | None = None

    @property
    def _shell(self) -> Shell:
        assert self._program.shell is not None
        return self._program.shell

    async def share(self, name: str, text: str, uses: int) -> dict[str, Any]:
        """A note of mine with this text, in the window, and the link that lets others in."""
        node = self._shell.node
        await node.people.set_me(name)
        await node.people.go_online()
        note_id = await node.create_note(text=text)
        invite = await node.people.share(node.default_notebook, Role.WRITER, uses=uses, approval=False)
        await self._open(note_id)
        return {"note": note_id.hex(), "link": invite.link}

    async def join(self, name: str, link: str, note: str) -> dict[str, Any]:
        """Joins by the link and opens the note."""
        node, note_id = self._shell.node, bytes.fromhex(note)
        await node.people.set_me(name)
        await node.people.go_online()
        ended = await node.people.joined(await node.people.join(link))
        assert ended.stage is JoinStage.DONE, ended
        await until(lambda: any(one.note_id == note_id for one in node.notes()), "the note didn't come", SOON_S)
        await self._open(note_id)
        return {}

    async def _open(self, note_id: bytes) -> None:
        shell = self._shell
        shell.desk.find_and_open(note_id)
        await until(lambda: shell.writing.note_id == note_id and shell.writing.is_loaded, "not opened", SOON_S)
        shell.editor.setFocus()

    async def place(self, at: int, company: int) -> dict[str, Any]:
        """Puts the caret there, in sight, and waits until so many others' carets are on the screen."""
        shell = self._shell
        binding = shell.editor.binding
        assert binding is not None
        shell.editor.laying_out.ensure(shell.editor.document().blockCount())
        shell.editor.place_caret(binding.to_qt(at), binding.to_qt(at))
        shell.editor.ensureCursorVisible()
        await until(lambda: len(self._others()) >= company, "the others' carets aren't here", SOON_S)
        self.watch = Watch(shell)
        WATCHES[:] = [self.watch]
        return {"text": binding.text}

    def _others(self) -> dict[str, int]:
        """Where the screen shows others' carets, in code points, by name."""
        binding = self._shell.editor.binding
        assert binding is not None
        stage = self._shell.editor.stage
        assert stage is not None
        return {one.name: binding.to_at(one.position) for one in stage.peers}

    async def type(self, letters: str, gaps: list[int]) -> dict[str, Any]:
        """Types one letter after each gap (ms); when each was struck and shown, and what it cost this thread."""
        watch = self.watch
        assert watch is not None
        due = now()
        for letter, gap in zip(letters, gaps, strict=True):
            due += gap
            await asyncio.sleep(max(0.0, due - now()) / 1000)
            watch.strike(letter)
        await until(lambda: len(watch.echoed) == len(watch.struck), "a key wasn't painted", SOON_S)
        return {"struck": watch.struck, "echoed": watch.echoed, "busy": watch.busy}

    async def seen(self, count: int) -> dict[str, Any]:
        """When each letter of others was shown; waits until there are so many."""
        watch = self.watch
        assert watch is not None
        all_seen = asyncio.Event()
        watch.arrived = lambda: all_seen.set() if len(watch.seen) >= count else None
        watch.arrived()
        async with asyncio.timeout(2 * SOON_S):
            await all_seen.wait()
        return {"seen": watch.seen}

    async def state(self) -> dict[str, Any]:
        """The text, the own caret, the others' as the screen shows them, and what it says of them."""
        editor, binding = self._shell.editor, self._shell.editor.binding
        assert binding is not None
        caret, said = binding.to_at(editor.caret_qt()[1]), self._shell.window.sidebar.status.accessibleName()
        return {"text": binding.text, "caret": caret, "others": self._others(), "said": said}

    async def picture(self, path: str) -> dict[str, Any]:
        """The window as a PNG file."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        assert self._shell.window.grab().save(path)
        return {}


WATCHES: list[Watch] = []


def watch_paints() -> None:
    """Whatever the editor paints is told to the watch, when it is on the screen's store."""
    paint = Canvas.paintEvent

    def painted(self: Canvas, event: QPaintEvent) -> None:
        paint(self, event)
        for watch in WATCHES:
            watch.painted(event)

    Canvas.paintEvent = painted  # type: ignore[method-assign]


async def answer(program: Program, crashes: CrashLog) -> int:
    """Runs the program and answers each line; its exit code."""
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(program.main())
    broken: list[str] = []
    await until(lambda: program.shell is not None or running.done(), "no window", SOON_S)
    crashes.on_crash = broken.append
    lines: asyncio.Queue[str] = asyncio.Queue()
    end = End(program)
    threading.Thread(target=_read, args=(loop, lines), daemon=True).start()
    while line := await lines.get():
        asked = json.loads(line)
        said = await getattr(end, asked.pop("do"))(**asked)
        print(json.dumps({"error": broken[0]} if broken else said), flush=True)
    if program.shell is not None:
        program.shell.quit_asked.emit()
    return await running


def _read(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, "")


def main(home: Path) -> int:
    """The exit code of the program."""
    app = application()
    watch_paints()
    place = Home.find(home)
    crashes = CrashLog(place.logs)
    crashes.watch()
    program = Program(app, place, Arguments(str(home)), crashes)
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            return runner.run(answer(program, crashes))
    finally:
        del program
        take_down(app)
        crashes.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
