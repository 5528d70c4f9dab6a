"""The document of one note: keeps what each line is, and its formats, in step with the text.

It follows the document's `contentsChange`, scans the lines that changed (and those below as far as they are affected),
and gives them formats. It knows nothing of notes, others' carets, or painting. Instead of a QSyntaxHighlighter it sets
the formats itself: lines, margins and colours come from one pass, and a document can be dressed before it is shown.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextOption

from notesapp.ui.editor.blocks import CODE, START, TABLE, Kind, Line, State, scan
from notesapp.ui.editor.boxes import box_of
from notesapp.ui.editor.dress import dress, table_of
from notesapp.ui.editor.formats import Formats
from notesapp.ui.editor.margins import Margins
from notesapp.ui.editor.pictures import Pictures
from notesapp.ui.editor.reveal import Reveal
from notesapp.ui.editor.rows import Row, code_around, colour_code
from notesapp.ui.editor.wrapping import LONGEST_WORD, WORDS, wrap_of

# So many lines below a change are scanned at once; the rest follows in slices, so that a key is never late.
LINES_AT_ONCE = 400
LINES_AT_FIRST = 300
CODE_AT_ONCE = 4_000  # characters; a lexer takes about 1 µs for each


class Sheet(QObject):
    """One note's document with its rows. `restyled` fires after formats changed, `text_changed` after each edit."""

    text_changed = Signal()
    restyled = Signal()
    document_replaced = Signal()
    rewrapped = Signal()
    contents_changed = Signal(int, int, int)

    def __init__(self, text: str, formats: Formats, pictures: Pictures | None = None, *, paper: bool = False) -> None:
        """`paper` leaves out what is only of use on the screen: the folded front matter."""
        super().__init__()
        self.paper = paper
        self.formats = formats
        self.pictures = pictures or Pictures()
        self.document = QTextDocument()
        self.wrap = WORDS
        self.rows: list[Row] = []
        self.ready = 0  # lines that have been scanned
        self.dressing = False  # formats are being set: what Qt calls a change is none
        self.preparing = False
        self.margins = Margins.wide(formats.look)
        self._stale: set[int] = set()
        self.reveal = Reveal(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._go_on)
        self._scan_from = -1
        self._recolour: set[int] = set()
        self.pictures.arrived.connect(self._picture_arrived)
        self.load(text)

    # -- whole documents

    def load(self, text: str) -> None:
        """Shows another text. A new document is built off the screen: dressing one on the screen would lay it out anew
        for every line."""
        document = QTextDocument()
        document.setUndoRedoEnabled(False)
        document.setPlainText(text)
        self.wrap = wrap_of(text)
        old, self.document = self.document, document
        self.reveal.forget()
        self._stale.clear()
        self._recolour.clear()
        self._scan_from = -1
        self.rows = [Row() for _ in range(document.blockCount())]
        self._set_up()
        document.contentsChange.connect(self._contents_change)
        document.contentsChanged.connect(self._contents_changed)
        self.document_replaced.emit()
        old.deleteLater()

    def wear(self, formats: Formats) -> None:
        """Takes on another look, in a new document."""
        self.formats = formats
        self.margins = Margins.wide(formats.look)
        self.load(self.text())

    def text(self) -> str:
        """The text as the document holds it: `toPlainText` would turn no-break spaces into spaces."""
        return self.document.toRawText().replace("\u2029", "\n")

    def _set_up(self) -> None:
        self.dressing = True
        self.document.setDefaultFont(self.formats.font(0))
        option = QTextOption()
        option.setWrapMode(self.wrap)
        option.setTabStopDistance(self.formats.tab_px)
        self.document.setDefaultTextOption(option)
        self.document.setDocumentMargin(0)
        self._set_margins()
        self.dressing = False
        self.ready = 0
        self.prepare(LINES_AT_FIRST)

    def prepare(self, until: int) -> None:
        """Scans and dresses lines up to number `until` (not included); the rest of a long note waits for its turn."""
        until = min(until, len(self.rows))
        if until <= self.ready:
            return
        first, self.ready = self.ready, until
        was, self.dressing = self.dressing, True
        self.preparing = True
        self._rescan(first, until - 1)
        self.preparing = False
        self._stale.difference_update(range(first, until))
        self._apply_boxes(range(max(0, first - 1), until))
        self.dressing = was

    def _set_margins(self) -> None:
        self.document.rootFrame().setFrameFormat(self.margins.frame(self.formats.look))

    @property
    def gutter(self) -> float:
        """The room left of the text, in which headings' markers hang, in pixels."""
        return self.margins.gutter

    @property
    def right(self) -> float:
        """The room right of the text in pixels."""
        return self.margins.right

    def fit(self, margins: Margins) -> None:
        """Takes as much room around the text as there is."""
        if margins == self.margins:
            return
        old, self.margins = self.margins, margins
        self.dressing = True
        if margins.frame(self.formats.look) != old.frame(self.formats.look):
            self._set_margins()
        if margins.column != old.column:
            wide = [n for n in range(self.ready) if self.rows[n].line.kind in TABLE | {Kind.PICTURE}]
            self.dress_rows([n for n in wide if self.rows[n].line.kind is Kind.TABLE_HEAD])
            self._apply_boxes(wide)
        self.dressing = False

    # -- edits

    def _contents_change(self, at: int, removed: int, added: int) -> None:
        if self.dressing:
            return
        self.contents_changed.emit(at, removed, added)
        document = self.document
        last_at = document.characterCount() - 1
        first_block = document.findBlock(min(at, last_at))
        last_block = document.findBlock(min(at + added, last_at))
        first, last = first_block.blockNumber(), last_block.blockNumber()
        growth = document.blockCount() - len(self.rows)
        old_last = last - growth
        if old_last < first:
            first, old_last = max(0, min(first, old_last)), max(first, old_last)
            last = old_last + growth
        if growth:
            self.rows[first + 1 : old_last + 1] = [Row() for _ in range(last - first)]
            self._stale = {n if n < first else n + growth for n in self._stale}
            if self._scan_from >= first:
                self._scan_from += growth
        self.reveal.edited = True
        self._look_for_long_words(first_block, last)
        if first >= self.ready:
            return
        self.ready = max(first + 1, self.ready + growth)
        self._rescan(first, min(last, self.ready - 1))

    def _look_for_long_words(self, block: QTextBlock, last: int) -> None:
        while self.wrap is WORDS and block.isValid() and block.blockNumber() <= last:
            if block.length() > LONGEST_WORD and wrap_of(block.text()) is not WORDS:
                self.wrap = wrap_of(block.text())
                self.rewrapped.emit()
            block = block.next()

    def _contents_changed(self) -> None:
        if self.dressing:
            return
        if self._stale:
            stale, self._stale = self._stale, set()
            self.dressing = True
            self._apply_boxes(sorted(stale))
            self.dressing = False
        self.text_changed.emit()

    def _rescan(self, first: int, last: int) -> None:
        """Scans lines `first` to `last` and on until a line is what it was; dresses what changed."""
        number = max(0, first - 1)
        block = self.document.findBlockByNumber(number)
        state: State = self.rows[number - 1].line.after if number else START
        text = block.text()
        changed: list[int] = []
        while block.isValid() and number < self.ready:
            below = block.next()
            below_text = below.text() if below.isValid() else None
            row = self.rows[number]
            line = scan(text, state, below_text)
            inside = first <= number <= last
            if inside or line != row.line:
                row.line, row.words = line, -1
                if line.kind is not Kind.CODE:
                    row.colours = []
                if line.kind not in TABLE:
                    row.grid, row.cells = None, []
                changed.append(number)
            elif number > last:
                break
            if number > last + LINES_AT_ONCE:
                self._scan_from = number + 1
                self._later.start(0)
                break
            state, block, text, number = line.after, below, below_text or "", number + 1
        self.dress_rows(changed)

    def _go_on(self) -> None:
        """What was put off: the scan of far lines, the colours of long code."""
        if 0 <= self._scan_from < self.ready:
            start, self._scan_from = self._scan_from, -1
            self._rescan(start, start)
            self._contents_changed()
        if self._recolour:
            numbers, self._recolour = self._recolour, set()
            for number in sorted(numbers):
                if number < len(self.rows) and self.rows[number].line.kind in CODE:
                    self._colour(number)
        self.restyled.emit()

    def dress_rows(self, changed: list[int]) -> None:
        """Gives lines their formats, with the tables and the code that they belong to."""
        done: set[int] = set()
        wanted = set(changed)
        for number in changed:
            kind = self.rows[number].line.kind
            if number in done:
                continue
            if kind in TABLE:
                table = table_of(self, number)
                wanted.update(table)
                done.update(table)
            elif kind in CODE:
                around = code_around(self.rows, number)
                done.update(around)
                if self.preparing or sum(self.rows[n].line.length for n in around) <= CODE_AT_ONCE:
                    wanted.update(colour_code(self, around))
                else:
                    self._recolour.add(number)
                    self._later.start(150)
        near = self.near
        caret_row = near.blockNumber() if near is not None else -1
        for number in sorted(wanted):
            self._dress(number, near if number == caret_row else None)
        self._stale.update(wanted)

    def _colour(self, number: int) -> None:
        for changed in colour_code(self, code_around(self.rows, number)):
            self._dress(changed, None)

    def _dress(self, number: int, near: QTextCursor | None) -> None:
        block = self.document.findBlockByNumber(number)
        caret = near.positionInBlock() if near is not None else None
        revealed = self.reveal.revealed if near is not None else frozenset()
        dress(self, block, self.rows[number], caret, revealed)

    # -- measures of blocks

    def _apply_boxes(self, numbers: object) -> None:
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        for number in numbers:  # type: ignore[attr-defined]
            if number >= len(self.rows):
                continue
            row = self.rows[number]
            block = self.document.findBlockByNumber(number)
            box = box_of(self, row, block, number)
            row.box, wanted = box, self.formats.block(box)
            if block.blockFormat() != wanted:  # Qt moves formats between lines that are joined and parted
                cursor.setPosition(block.position())
                cursor.setBlockFormat(wanted)
        cursor.endEditBlock()

    def picture_name(self, line: Line, text: str) -> str:
        """What a picture's line names."""
        if not line.spans:
            return ""
        start, end = line.spans[0].target
        return self.cut(text, line, start, end).strip()

    @staticmethod
    def cut(text: str, line: Line, start: int, end: int) -> str:
        """The text between two UTF-16 positions of a line."""
        if not line.astral:
            return text[start:end]
        return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")

    def _picture_arrived(self, name: str) -> None:
        numbers = []
        block = self.document.begin()
        for number, row in enumerate(self.rows):
            if row.line.kind is Kind.PICTURE and self.picture_name(row.line, block.text()) == name:
                numbers.append(number)
            block = block.next()
        if numbers:
            self.dressing = True
            self._apply_boxes(numbers)
            self.dressing = False
            self.restyled.emit()

    # -- what the caret touches

    @property
    def near(self) -> QTextCursor | None:
        """Where markers are revealed."""
        return self.reveal.near

    @property
    def revealed(self) -> frozenset[int]:
        """The numbers of the constructs in the caret's line whose markers are seen."""
        return self.reveal.revealed

    @property
    def folded(self) -> bool:
        """Whether the front matter is folded away: the caret isn't in it."""
        return self.reveal.folded

    def set_caret(self, cursor: QTextCursor | None) -> None:
        """Reveals the markers that the caret touches and hides the others; None hides all."""
        self.reveal.set_caret(cursor)

    def dress_line(self, number: int) -> None:
        """Gives a line its formats anew, for where the caret is now; a table is done as a whole."""
        if self.rows[number].line.kind in TABLE:
            stale = set(self._stale)  # the caret moves before an edit's lines have got their measures
            self.dress_rows([number])
            self._stale = stale
        else:
            self._dress(number, self.near if self.near is not None and self.near.blockNumber() == number else None)

    def refold(self, numbers: list[int]) -> None:
        """Gives lines formats and measures anew, because the front matter is folded or unfolded."""
        self.dress_rows(numbers)
        self._stale.difference_update(numbers)
        self.dressing = True
        self._apply_boxes(numbers)
        self.dressing = False
        self.restyled.emit()
