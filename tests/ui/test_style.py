"""The look: every token can be read, every font and icon is there, the theme follows the right witness."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QImage
from PySide6.QtWidgets import QApplication

from notesapp.ui.style import portal
from notesapp.ui.style.fonts import code_font, ui_font
from notesapp.ui.style.icons import icon, icon_image
from notesapp.ui.style.resources import resource
from notesapp.ui.style.theme import Appearance, Theme
from notesapp.ui.style.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens, contrast

pytestmark = pytest.mark.gui
ALL = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)


@pytest.mark.parametrize("tokens", ALL, ids=lambda tokens: tokens.name)
def test_text_can_be_read_on_every_background(tokens: Tokens) -> None:
    for ink in ("text", "text2", "text3", "link", "tag", "err", "accent"):
        for ground in ("bg", "sidebar", "list_bg", "elev"):
            assert contrast(tokens.colour(ink), tokens.colour(ground)) >= 4.5, (ink, ground)
    for ink in ("text", "text2"):
        for ground in ("sel", "sel_note", "hover"):
            assert contrast(tokens.colour(ink), tokens.colour(ground)) >= 4.5, (ink, ground)
    for ink in ("code", "syn_kw", "syn_str", "syn_num", "syn_com", "syn_fn", "syn_type"):
        assert contrast(tokens.colour(ink), tokens.code_bg) >= 4.5, ink
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.tag, tokens.tag_bg) >= 4.5


@pytest.mark.parametrize("tokens", [CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda tokens: tokens.name)
def test_high_contrast_is_high(tokens: Tokens) -> None:
    for ink in ("text", "text2", "text3", "link"):
        for ground in ("bg", "sidebar", "list_bg", "sel_note"):
            assert contrast(tokens.colour(ink), tokens.colour(ground)) >= 7, (ink, ground)


@pytest.mark.parametrize("tokens", ALL, ids=lambda tokens: tokens.name)
def test_shipped_pictures_have_the_colours_of_their_theme(tokens: Tokens) -> None:
    assert tokens.on_accent.name() in resource("theme", f"tick-{tokens.name}.svg").read_text()
    for picture in ("chevron", "clear"):
        assert tokens.text2.name() in resource("theme", f"{picture}-{tokens.name}.svg").read_text()


def test_people_keep_their_colour_and_it_can_be_read(theme: Theme) -> None:
    assert theme.person(1) == theme.person(9)
    for tokens in ALL:
        assert all(contrast(colour, tokens.on_accent) >= 4.5 for colour in tokens.peers)


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_the_shipped_cut_is_used_and_not_a_made_up_bold(theme: Theme, weight: int) -> None:
    found = QFontInfo(ui_font(13, weight))
    assert (found.family(), found.weight()) == ("Inter", weight)
    assert QFontInfo(code_font()).family() == "JetBrains Mono"
    assert "SemiBold" in QFontDatabase.styles("Inter")


def test_licences_are_shipped_with_what_they_license() -> None:
    assert "SIL Open Font License" in resource("fonts", "Inter-OFL.txt").read_text()
    assert "SIL Open Font License" in resource("fonts", "JetBrainsMono-OFL.txt").read_text()
    assert "ISC License" in resource("icons", "Lucide-ISC.txt").read_text()


def test_every_icon_draws_something_in_the_colour_asked_for(theme: Theme) -> None:
    for path in resource("icons").glob("*.svg"):
        image = icon_image(path.stem, QColor("#ff0000"), 16, 2.0)
        assert (image.width(), image.devicePixelRatio()) == (32, 2.0)
        inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
        assert inked, path.stem
        assert all(pixel.red() > 200 and pixel.blue() < 60 for pixel in inked), path.stem


def test_a_switched_off_icon_is_drawn_in_the_disabled_colour(theme: Theme) -> None:
    made = icon("inbox", QColor("#ff0000"), QColor("#00ff00"))
    image = made.pixmap(32, 32, mode=type(made).Mode.Disabled).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    colours = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 250
    }
    assert colours == {"#00ff00"}


def test_an_icon_is_sharp_on_a_dense_screen(theme: Theme) -> None:
    pixmap = icon("inbox", QColor("#000000")).pixmap(QSize(17, 17), 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (34, 2.0)


def test_the_persons_choice_stands_before_the_systems(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "prefers_dark", lambda: True)
    monkeypatch.setattr(portal, "prefers_contrast", lambda: False)
    assert Theme(Appearance.LIGHT).tokens is LIGHT
    assert Theme(Appearance.DARK).tokens is DARK
    if qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown:
        assert Theme(Appearance.SYSTEM).tokens is DARK
        monkeypatch.setattr(portal, "prefers_dark", lambda: None)
        assert Theme(Appearance.SYSTEM).tokens is LIGHT


def test_a_change_of_theme_is_told_once_and_dresses_the_program(theme: Theme, qapp: QApplication) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.tokens.name))
    theme.choose(Appearance.DARK, contrast=False, reduced_motion=True)
    theme.choose(Appearance.DARK, contrast=False, reduced_motion=True)
    assert told == ["dark"]
    assert DARK.bg.name() in qapp.styleSheet()
    assert qapp.palette().window().color() == DARK.bg


def test_zoom_stays_between_12_and_24(theme: Theme) -> None:
    theme.zoom(99)
    assert theme.body_px == 24
    theme.zoom(1)
    assert theme.body_px == 12
