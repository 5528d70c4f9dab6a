"""Decides which theme is on, and applies it to the whole program: palette, style sheet, font.

The order: the person's choice, Qt's answer, the portal's setting over D-Bus, light. Widgets that draw themselves take
the Theme in their constructor, read `tokens` when they paint, and repaint on `changed`.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

from notesapp.ui.style import portal
from notesapp.ui.style.fonts import load_fonts, ui_font
from notesapp.ui.style.icons import icon
from notesapp.ui.style.palette import palette
from notesapp.ui.style.qss import style_sheet
from notesapp.ui.style.tokens import (
    BODY_PX,
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    MOTION_MS,
    ZOOM_MAX_PX,
    ZOOM_MIN_PX,
    Tokens,
)


class Appearance(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _Style(QProxyStyle):
    """Fusion without the habits that don't fit: no mnemonic underlines until Alt, a calm caret, crisp focus."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,  # noqa: N803 — Qt passes it by this name
    ) -> int:
        if hint == QStyle.StyleHint.SH_UnderlineShortcut:
            return 0
        if hint == QStyle.StyleHint.SH_ScrollBar_LeftClickAbsolutePosition:
            return 1
        if hint == QStyle.StyleHint.SH_ToolTip_WakeUpDelay:
            return 500
        return super().styleHint(hint, option, widget, returnData)  # type: ignore[arg-type] # Qt allows no return data

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TextCursorWidth:
            return 2
        if metric in (QStyle.PixelMetric.PM_SmallIconSize, QStyle.PixelMetric.PM_ListViewIconSize):
            return 16
        return super().pixelMetric(metric, option, widget)


class Theme(QObject):
    """The look that is on now. `changed` fires after the application has been dressed anew."""

    changed = Signal()

    def __init__(
        self,
        appearance: Appearance = Appearance.SYSTEM,
        *,
        contrast: bool | None = None,
        reduced_motion: bool | None = None,
        body_px: int = BODY_PX,
    ) -> None:
        """`contrast` and `reduced_motion`: True or False chosen by the person, None = what the system wishes."""
        super().__init__()
        self._appearance = appearance
        self._contrast = contrast
        self._reduced = reduced_motion
        self._body_px = body_px
        self._watch: portal.PortalWatch | None = None
        self._app: QApplication | None = None
        self.tokens: Tokens = self._decide()

    @property
    def appearance(self) -> Appearance:
        return self._appearance

    @property
    def body_px(self) -> int:
        """The size of a note's text in pixels, 12–24."""
        return self._body_px

    @property
    def motion_ms(self) -> int:
        """How long a movement may take; 0 where the person or the system wants none."""
        reduced = portal.prefers_reduced_motion() if self._reduced is None else self._reduced
        return 0 if reduced else MOTION_MS

    def dress(self, app: QApplication) -> None:
        """Gives the application its fonts, style, palette and style sheet, and follows the system from now on."""
        self._app = app
        load_fonts()
        app.setStyle(_Style("Fusion"))
        app.setFont(ui_font())
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._watch = portal.PortalWatch(self._follow, self)

    def choose(
        self,
        appearance: Appearance | None = None,
        *,
        contrast: bool | None = None,
        reduced_motion: bool | None = None,
    ) -> None:
        """The person's choices; for `contrast` and `reduced_motion`, None goes back to the system's wish."""
        self._appearance = self._appearance if appearance is None else appearance
        self._contrast, self._reduced = contrast, reduced_motion
        self._follow()

    def zoom(self, body_px: int) -> None:
        """Sets the size of a note's text, kept within 12–24 px."""
        wanted = max(ZOOM_MIN_PX, min(ZOOM_MAX_PX, body_px))
        if wanted != self._body_px:
            self._body_px = wanted
            self.changed.emit()

    def icon(self, name: str, token: str = "text2", *, fill: bool = False) -> QIcon:
        """A shipped icon in one of the theme's colours."""
        return icon(name, self.tokens.colour(token), self.tokens.disabled, fill=fill)

    def person(self, index: int) -> QColor:
        """The colour of person number `index`; stable, and repeats after eight."""
        return self.tokens.peers[index % len(self.tokens.peers)]

    def _follow(self) -> None:
        before, self.tokens = self.tokens, self._decide()
        if before is not self.tokens:
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        if self._app is not None:
            self._app.setPalette(palette(self.tokens))
            self._app.setStyleSheet(style_sheet(self.tokens))

    def _decide(self) -> Tokens:
        dark = self._is_dark()
        contrast = portal.prefers_contrast() if self._contrast is None else self._contrast
        if contrast:
            return CONTRAST_DARK if dark else CONTRAST_LIGHT
        return DARK if dark else LIGHT

    def _is_dark(self) -> bool:
        match self._appearance:
            case Appearance.LIGHT:
                return False
            case Appearance.DARK:
                return True
        hints = QGuiApplication.styleHints()
        scheme = hints.colorScheme() if hints is not None else Qt.ColorScheme.Unknown
        if scheme != Qt.ColorScheme.Unknown:
            return scheme == Qt.ColorScheme.Dark
        return portal.prefers_dark() is True
