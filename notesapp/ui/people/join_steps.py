"""How far a join has come, as steps with a mark each; the words to compare; what went wrong and what to do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from notesapp.node.people_views import JoinStage, JoinView
from notesapp.ui.faces.phrases import stage
from notesapp.ui.parts import IconLabel, retone, words
from notesapp.ui.people.word_panel import MatchingWords
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

_ORDER = (JoinStage.SEARCHING, JoinStage.PROVING, JoinStage.MATCHING, JoinStage.WAITING, JoinStage.FETCHING)


class Step(QWidget):
    """One step: done, being done, or still to come; the icon says it without colour."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 1, 0, 1)
        line.setSpacing(9)
        self._icon = IconLabel(theme, "circle-dashed", token="text3")
        self._text, self._words = text, words(text, tone="3")
        line.addWidget(self._icon)
        line.addWidget(self._words, 1)

    def show_state(self, done: bool, now: bool) -> None:
        """How far it is."""
        icon, token = (
            ("circle-check", "ok") if done else ("arrow-right", "accent") if now else ("circle-dashed", "text3")
        )
        self._icon.show_icon(icon, token)
        retone(self._words, "" if now else "2" if done else "3")
        state = self.tr("done") if done else self.tr("now") if now else self.tr("to come")
        self._words.setAccessibleName(f"{self._text}, {state}")


class StepsPage(QWidget):
    """Shows one JoinView; `fits` is told when its height changes."""

    fits = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._join_id = b""
        self._seen: set[JoinStage] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        names = {
            JoinStage.SEARCHING: self.tr("Find the other computer"),
            JoinStage.PROVING: self.tr("Prove who is who"),
            JoinStage.MATCHING: self.tr("Compare the words"),
            JoinStage.WAITING: self.tr("Be let in"),
            JoinStage.FETCHING: self.tr("Fetch the notes"),
        }
        self.steps = {which: Step(theme, name) for which, name in names.items()}
        for step in self.steps.values():
            column.addWidget(step)
        self.say = words("", tone="2", wrap=True)
        column.addWidget(self.say)
        self.match = MatchingWords()
        column.addWidget(self.match)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Notes fetched"))
        column.addWidget(self.bar)
        self.count = words("", SMALL_PX, tone="2")
        column.addWidget(self.count)
        self.cause = words("", wrap=True)
        self.remedy = words("", tone="2", wrap=True)
        column.addWidget(self.cause)
        column.addWidget(self.remedy)

    def show_join(self, join: JoinView, who: str, *, named: bool = True) -> None:
        """The state of an attempt; `named`: `who` is a name, and no word for somebody unknown."""
        if join.join_id != self._join_id:
            self._join_id, self._seen = join.join_id, set()
        self._seen.add(join.stage)
        failed, done = join.stage is JoinStage.FAILED, join.stage is JoinStage.DONE
        at = self._step_of(join.stage)
        for number, which in enumerate(_ORDER):
            step = self.steps[which]
            step.show_state(done or number < at, number == at)
            # Not every way compares words or asks for leave: those steps show once they are known to come.
            needed = which is not JoinStage.MATCHING or JoinStage.MATCHING in self._seen
            leave = join.offer.approval or not self._seen.isdisjoint((JoinStage.MATCHING, JoinStage.WAITING))
            asked = which is not JoinStage.WAITING or leave
            step.setVisible(not failed and needed and asked)
        self.say.setText(stage(join.stage, who, seen=join.seen, named=named, words=bool(join.words)))
        self.say.setVisible(not failed)
        self.match.show_words(join.words)
        self.match.setVisible(bool(join.words) and join.stage in (JoinStage.MATCHING, JoinStage.WAITING))
        fetching = join.stage is JoinStage.FETCHING
        self.bar.setVisible(fetching)
        self.count.setVisible(fetching and join.total > 0)
        if fetching:
            self.bar.setRange(0, max(1, join.total))
            self.bar.setValue(join.done)
            self.count.setText(self.tr("%1 of %2").replace("%1", str(join.done)).replace("%2", str(join.total)))
        self.cause.setText(said(join.cause or "") or self.tr("It didn’t work."))
        self.cause.setVisible(failed or bool(join.cause))
        retone(self.cause, "err" if failed else "warn")
        self.remedy.setText(said(join.remedy or ""))
        self.remedy.setVisible(bool(join.remedy))
        self.fits.emit()

    def _step_of(self, now: JoinStage) -> int:
        """Where it stands; once words were compared, the computers may meet anew, and for the person that is no way
        back."""
        at = _ORDER.index(now) if now in _ORDER else len(_ORDER)
        return max(at, _ORDER.index(JoinStage.WAITING)) if JoinStage.WAITING in self._seen else at
