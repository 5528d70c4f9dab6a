"""Turns tokens into the one QPalette of the program, so that Qt's own widgets agree with the drawn ones."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from notesapp.ui.style.tokens import Tokens


def palette(tokens: Tokens) -> QPalette:
    """The palette for one theme; Fusion's own colours never show."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    plain = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.bg,
        role.AlternateBase: tokens.list_bg,
        role.Text: tokens.text,
        role.Button: tokens.elev,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Link: tokens.link,
        role.LinkVisited: tokens.link,
        role.ToolTipBase: tokens.elev,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.text3,
        role.Light: tokens.elev,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.line_strong,
        role.Shadow: tokens.line_strong,
        role.Accent: tokens.accent,
    }
    for name, colour in plain.items():
        made.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, name, tokens.disabled)
    return made
