"""Nothing jumps, and everything looks as it did: line positions under a moving caret, and pictures kept beside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication

from notesapp.text import Splice
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.carets import RemoteCaret, RemoteCarets
from notesapp.ui.editor.formats import Markers
from notesapp.ui.editor.geometry import x_of
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.pictures import Deliver
from notesapp.ui.editor.tables import Cell, Grid, grid
from notesapp.ui.style.theme import Appearance, Theme
from tests.ui.editor.conftest import Desk, MakeDesk

pytestmark = pytest.mark.gui
GOLDEN = Path(__file__).parent.parent / "golden"
DEMO = (Path(__file__).parent / "demo.md").read_text(encoding="utf-8")


def provider(name: str, deliver: Deliver) -> None:
    if name != "ridge.png":
        deliver(None)
        return
    image = QImage(720, 180, QImage.Format.Format_RGB32)
    image.fill(QColor("#c9b3d0"))
    deliver(image)


def tops(one: Desk) -> list[tuple[int, float]]:
    """The y of every line of the document."""
    found = []
    one.edit.laying_out.ensure(one.edit.document().blockCount())
    block = one.edit.document().begin()
    while block.isValid():
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            found.append((block.blockNumber(), layout.position().y() + line.y() + line.ascent()))
        block = block.next()
    return found


@pytest.mark.parametrize("width", [500, 640, 900])
def test_no_line_moves_wherever_the_caret_goes(desk: MakeDesk, width: int) -> None:
    text = DEMO
    one = desk(text, width=width, pictures=provider)
    one.edit.place_caret(len(text), len(text))
    before = tops(one)
    end = one.edit.document().characterCount() - 1
    for at in range(0, end, 3):
        one.edit.place_caret(at, at)
        assert tops(one) == before, f"caret at {at}: {text[max(0, at - 20) : at + 20]!r}"


def test_markers_are_revealed_for_what_the_caret_touches_only(desk: MakeDesk) -> None:
    one = desk("# T\n\na **b** c *d*")
    sheet = one.binding.sheet

    def advance(text: str) -> float:
        block = one.edit.document().findBlockByNumber(2)
        at = block.text().index(text)
        line = block.layout().lineAt(0)
        left, right = line.cursorToX(at), line.cursorToX(at + len(text))
        return float(right[0] - left[0])  # type: ignore[index] # (x, position), though the stubs promise a number

    one.edit.place_caret(0, 0)
    assert advance("**") == 0
    one.edit.place_caret(9, 9)
    assert advance("**") > 5
    assert advance("*d") < advance("d") + 0.5
    one.edit.set_markers(Markers.ALWAYS)
    one.edit.place_caret(0, 0)
    assert advance("**") > 5
    one.edit.set_markers(Markers.SOURCE)
    assert one.edit.sheet is sheet
    assert advance("**") == pytest.approx(advance("b*"))  # all of it in one fixed width


def test_nothing_is_revealed_while_the_mouse_is_down(desk: MakeDesk) -> None:
    one = desk("a **bold** word\n\nend¦")
    sheet = one.binding.sheet
    block = one.edit.document().begin()
    line = block.layout().lineAt(0)
    place = block.layout().position() + QPointF(30, line.y() + line.ascent() - 4)

    def mouse(kind: QEvent.Type) -> None:
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        spot = one.edit.viewport().mapToGlobal(place.toPoint()).toPointF()
        QApplication.sendEvent(one.edit.viewport(), QMouseEvent(kind, place, spot, button, button, none))

    mouse(QEvent.Type.MouseButtonPress)
    assert one.edit.textCursor().blockNumber() == 0
    assert sheet.revealed == frozenset()
    mouse(QEvent.Type.MouseButtonRelease)
    assert sheet.revealed == frozenset({0})


def test_a_click_on_the_box_ticks_the_task_and_leaves_the_caret(desk: MakeDesk) -> None:
    one = desk("- [ ] buy a map\n\nhere¦")
    assert one.edit.stage is not None
    block = one.edit.document().begin()
    place = one.edit.stage.decorations.task_box(block, one.binding.sheet.rows[0]).center()
    spot = one.edit.viewport().mapToGlobal(place.toPoint()).toPointF()
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(one.edit.viewport(), QMouseEvent(kind, place, spot, button, button, none))
    assert one.marked == "- [x] buy a map\n\nhere¦"
    assert one.binding.sheet.rows[0].line.done


def test_remote_edits_leave_caret_selection_and_scroll_where_they_are(desk: MakeDesk) -> None:
    one = desk("\n\n".join(f"Paragraph {n} of a long note, with some words." for n in range(200)))
    at = one.model.index("Paragraph 100")
    one.edit.place_caret(at, at + 9)
    one.edit.centre_caret()
    QApplication.processEvents()
    top = one.edit.cursorRect().top()
    for splice in (
        Splice(0, "", "new line\n\n" * 5),
        Splice(3, one_text(one, 3, 40), ""),
        Splice(0, "", "😀"),
    ):
        splice = Splice(splice.at, one.model[splice.at : splice.at + len(splice.removed)], splice.inserted)
        one.model = one.model[: splice.at] + splice.inserted + one.model[splice.removed_end :]
        one.binding.apply([splice])
        assert one.edit.cursorRect().top() == top
        assert one.edit.textCursor().selectedText() == "Paragraph"
    many = [Splice(0, "", "x\n") for _ in range(200)]
    one.model = "x\n" * 200 + one.model
    one.binding.apply(many)
    assert one.edit.cursorRect().top() == top
    assert one.edit.textCursor().selectedText() == "Paragraph"
    assert one.binding.text == one.model == one.binding.sheet.text()


def one_text(one: Desk, at: int, size: int) -> str:
    return one.model[at : at + size]


def test_front_matter_folds_and_opens_for_the_caret(desk: MakeDesk) -> None:
    one = desk("---\ntags: [a]\nx: 1\n---\n# Title¦")
    closed = tops(one)[-1][1]
    one.edit.place_caret(5, 5)
    assert tops(one)[-1][1] > closed + 40
    end = len(one.model)
    one.edit.place_caret(end, end)
    assert tops(one)[-1][1] == closed


def _picture(appearance: Appearance, app: QApplication, ratio: float, scroll: int) -> QImage:
    theme = Theme(appearance, contrast=False)
    theme.dress(app)
    edit = NoteEdit(theme, pictures=provider)
    edit.set_blinking(False)
    edit.resize(826, 900)
    binding = EditorBinding(edit.make_sheet(DEMO), lambda splice: None)
    edit.show_binding(binding)
    edit.show()
    edit.activateWindow()
    edit.setFocus()
    at = binding.to_qt(DEMO.index("**bold**") + 4)
    edit.place_caret(at, at)
    people = RemoteCarets(edit, clock=lambda: 0)
    first, second = DEMO.index("offline first") + 3, DEMO.index("Every edit")
    people.set(
        [RemoteCaret("m", "Maya", 0, first, first), RemoteCaret("j", "Jonas", 1, second + 10, second)],
    )
    QApplication.processEvents()
    edit.verticalScrollBar().setValue(scroll)
    QApplication.processEvents()
    pixmap = QPixmap(QSize(826, 900) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    edit.render(pixmap)
    edit.close()
    edit.deleteLater()
    return pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)


def _difference(one: QImage, other: QImage) -> float:
    """The share of pixels that differ visibly."""
    if one.size() != other.size():
        return 1.0
    a, b = bytes(one.constBits()), bytes(other.constBits())
    if a == b:
        return 0.0
    wrong = sum(
        1
        for at in range(0, len(a), 4)
        if a[at : at + 3] != b[at : at + 3] and max(abs(a[at + n] - b[at + n]) for n in range(3)) > 24
    )
    return wrong / (len(a) / 4)


@pytest.mark.parametrize(
    ("name", "appearance", "ratio", "scroll"),
    [
        ("editor_light", Appearance.LIGHT, 1, 0),
        ("editor_dark", Appearance.DARK, 1, 0),
        ("editor_light_below", Appearance.LIGHT, 1, 820),
        ("editor_dark_below", Appearance.DARK, 1, 820),
        ("editor_light_200", Appearance.LIGHT, 2, 0),
    ],
)
def test_the_editor_looks_as_it_did(
    qapp: QApplication, tmp_path: Path, name: str, appearance: Appearance, ratio: float, scroll: int
) -> None:
    made = _picture(appearance, qapp, ratio, scroll)
    kept = GOLDEN / f"{name}.png"
    if os.environ.get("NOTESAPP_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        assert made.save(str(kept))
        return
    assert kept.exists(), f"{kept} is missing; look at a new one and keep it with NOTESAPP_GOLDEN=write"
    share = _difference(made, QImage(str(kept)).convertToFormat(QImage.Format.Format_RGB32))
    if share > 0.002:
        out = tmp_path / f"{name}.png"
        made.save(str(out))
        pytest.fail(f"{share:.2%} of the pixels differ from {kept.name}; the new picture is {out}")


def test_every_kind_of_line_is_in_the_demo(desk: MakeDesk) -> None:
    one = desk(DEMO)
    kinds = {row.line.kind for row in one.binding.sheet.rows}
    assert kinds >= set(Kind) - {Kind.UNDERLINE, Kind.FRONT, Kind.FRONT_MATTER, Kind.FRONT_END}


def test_typed_signs_stay_the_signs_that_were_typed(desk: MakeDesk) -> None:
    one = desk("a <=> b -> c¦")
    metrics = QFontMetricsF(one.edit.formats.font(0))
    alone = sum(metrics.horizontalAdvance(char) for char in "<=>")
    assert metrics.horizontalAdvance("<=>") == pytest.approx(alone, abs=0.6)


def test_a_table_made_by_hand_is_measured_like_one_that_was_opened(desk: MakeDesk) -> None:
    one = desk("before\n\n¦")
    for typed in ("| Name | Count |\n|---|---|\n", "| apple | 3 |", "\n", "| pear | 4 |"):
        one.type(typed)
        opened = desk(one.marked)
        assert [row.box for row in one.binding.sheet.rows] == [row.box for row in opened.binding.sheet.rows]
        assert tops(one) == tops(opened)


def test_a_picture_is_as_high_as_the_column_lets_it_be(desk: MakeDesk) -> None:
    one = desk("![Ridge](ridge.png)\n\nbelow¦", pictures=provider)
    wide = one.edit.cursorRect().top()
    one.edit.resize(450, 700)
    QApplication.processEvents()
    narrowed = one.edit.cursorRect().top()
    assert narrowed < wide - 50
    opened = desk(one.marked, pictures=provider, width=450)
    assert opened.edit.cursorRect().top() == narrowed
    one.edit.resize(900, 700)
    QApplication.processEvents()
    assert one.edit.cursorRect().top() == wide


@pytest.mark.parametrize("text", ["שלום¦\n¦abc", "¦שלום¦ abc", "ab שלום¦ cd\n\nשלום¦\n", "¦\nשלום\n¦"])
def test_a_selection_in_right_to_left_text_is_painted_wherever_it_ends(desk: MakeDesk, text: str) -> None:
    one = desk(text)
    bare = desk(text.replace("¦", ""))
    tint = one.edit.theme.tokens.selection

    def seen(edit: NoteEdit) -> int:
        image = edit.grab().toImage()
        return sum(
            image.pixelColor(x, y) == tint for x in range(0, image.width(), 2) for y in range(0, image.height(), 4)
        )

    assert seen(one.edit) > 5 > seen(bare.edit)


def test_a_paint_that_fails_leaves_the_next_one_its_painter(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    one = desk("# Beans¦")
    assert one.edit.stage is not None
    good = one.edit.grab().toImage()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(one.edit.stage, "paint", fail)
        with pytest.raises(ZeroDivisionError):
            one.edit.viewport().repaint()
    assert one.edit.grab().toImage() == good


def test_a_table_is_measured_anew_when_the_column_gets_narrower_and_wider(desk: MakeDesk) -> None:
    text = f"| {'apples and ' * 4} | {'pears and ' * 3} |\n|---|---|\n| 1 | 2 |\n\nbelow¦"
    one = desk(text)

    def grids() -> list[Grid | None]:
        return [row.grid for row in one.binding.sheet.rows]

    wide = grids()
    assert wide[0] is not None
    assert not wide[0].too_wide
    one.edit.resize(450, 700)
    QApplication.processEvents()
    assert grids() == [row.grid for row in desk(text, width=450).binding.sheet.rows] != wide
    one.edit.resize(900, 700)
    QApplication.processEvents()
    assert grids() == wide


def test_a_table_that_is_a_little_too_wide_gets_less_room_in_its_cells() -> None:
    rows = [[Cell(0, 5, 100.0), Cell(6, 9, 60.0)]]
    assert grid(rows, ("left", "left"), 208, 12).pad == 12
    assert grid(rows, ("left", "left"), 190, 12).pad == 6
    assert grid(rows, ("left", "left"), 180, 12).too_wide


def test_a_table_with_tabs_is_shown_as_it_is_written_until_it_is_aligned(desk: MakeDesk) -> None:
    one = desk("| a\t| b |\n|---|---|\n| 1 | 2¦ |\n\nbelow")
    one.edit.laying_out.ensure(5)
    grids = [row.grid for row in one.binding.sheet.rows[:3]]
    assert all(found is not None and found.too_wide for found in grids)
    one.type("\t")
    assert "\t" not in one.binding.text
    found = one.binding.sheet.rows[0].grid
    assert found is not None
    assert not found.too_wide


def test_the_first_cell_of_a_row_without_a_leading_pipe_stands_where_that_of_others_does(desk: MakeDesk) -> None:
    piped = desk("| Name | Count |\n|---|--:|\n| apple | 3 |\n\nbelow¦")
    bare = desk("Name | Count\n---|--:\napple | 3\n\nbelow¦")

    def places(one: Desk) -> list[float]:
        found = []
        for number, word in enumerate(("Name", "Count", "apple", "3")):
            block = one.edit.document().findBlockByNumber(0 if number < 2 else 2)
            at = block.text().index(word)
            line = block.layout().lineAt(0)
            found.append(round(block.layout().position().x() + x_of(line, at), 1))
        return found

    for one in (piped, bare):
        one.edit.laying_out.ensure(5)
    assert places(bare) == pytest.approx(places(piped), abs=0.6)
    grid_left = piped.binding.sheet.gutter
    assert places(bare)[0] == pytest.approx(grid_left + 12, abs=0.6)


@pytest.mark.parametrize("text", ["> one\n> \n> two\n\n¦end", "> [!note] Title\n> one\n>\n> two\n\n¦end"])
def test_an_empty_line_of_a_quote_shows_no_marker(desk: MakeDesk, text: str) -> None:
    one = desk(text)
    document = one.edit.document()
    blank = next(b for n in range(6) if (b := document.findBlockByNumber(n)).text().strip() == ">")
    [shown] = blank.layout().formats()
    assert shown.format.foreground().color().alpha() == 0
    assert (shown.start, shown.length) == (0, blank.length() - 1)
