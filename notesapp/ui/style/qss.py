"""Generates the one style sheet of the program from tokens. What delegates paint is not here."""

from __future__ import annotations

from string import Template

from notesapp.ui.style.resources import resource
from notesapp.ui.style.tokens import Tokens

_SHEET = Template("""
* { outline: none; lineedit-clear-button-icon: url("$clear"); }
QToolTip { background: $elev; color: $text; border: 1px solid $line_strong; border-radius: 6px;
  padding: 4px 8px; }
QMainWindow, QDialog { background: $bg; }
QSplitter::handle { background: $line; }
QFrame#rule { background: $line; border: none; }

QWidget#sidebar { background: $sidebar; }
QWidget#noteList { background: $list_bg; }
QWidget#notePane, QWidget#panel { background: $bg; }
QTreeView, QListView, QScrollArea, QScrollArea > QWidget > QWidget, QTextBrowser { background: transparent;
  border: none; }
QTreeView, QListView { selection-background-color: transparent; }

QLabel { background: transparent; color: $text; }
QLabel[tone="2"] { color: $text2; }
QLabel[tone="3"] { color: $text3; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="err"] { color: $err; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: 7px; padding: 3px;
  color: $text2; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $sel; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton#footStatus { color: $text3; font-size: 12px; padding: 2px 6px; }

QPushButton { background: $elev; color: $text; border: 1px solid $line_strong; border-radius: 8px;
  padding: 0 14px;
  min-height: 28px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sel; }
QPushButton:focus { border: 2px solid $accent; padding: 0 13px; min-height: 26px; }
QPushButton:disabled { color: $disabled; border-color: $line; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $hover; color: $disabled; border-color: $line; }
QPushButton[kind="plain"] { text-align: left; padding: 0; }
QPushButton[kind="small"] { min-height: 22px; padding: 0 10px; border-radius: 6px; }
QPushButton[kind="small"]:focus { min-height: 20px; padding: 0 9px; }
QPushButton[kind="tab"] { background: transparent; border: 1px solid transparent; border-radius: 7px; color: $text2;
  min-height: 26px; }
QPushButton[kind="tab"]:hover { background: $hover; }
QPushButton[kind="tab"]:checked { background: $elev; border-color: $line_strong; color: $text; }
QPushButton[kind="tab"]:focus { border: 2px solid $accent; padding: 0 13px; min-height: 24px; }
QFrame#tabs { background: $list_bg; border: 1px solid $line; border-radius: 9px; }
QPushButton[kind="danger"] { color: $err; }
QPushButton[kind="danger"]:disabled { color: $disabled; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; color: $link;
  padding: 0 6px; }
QPushButton[kind="link"]:hover { background: $hover; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton#crumb { background: transparent; border: 2px solid transparent; border-radius: 6px; color: $text3;
  padding: 0 3px; min-height: 20px; font-weight: 400; }
QPushButton#crumb:hover { color: $text; background: $hover; }
QPushButton#crumb:focus { border-color: $accent; }
QPushButton#mention { background: transparent; border: 2px solid transparent; border-radius: 6px; color: $link;
  padding: 0; min-height: 20px; text-align: left; font-weight: 500; }
QPushButton#mention:focus { border-color: $accent; }
QPushButton#footStatus { background: transparent; border: 2px solid transparent; border-radius: 8px; padding: 0;
  min-height: 36px; text-align: left; }
QPushButton#footStatus:hover { background: $hover; }
QPushButton#footStatus:focus { border-color: $accent; }
QPushButton#searchPill { background: $bg; border: 1px solid $line; border-radius: 9px; text-align: left;
  color: $text3;
  padding: 0 10px; min-height: 30px; font-weight: 400; }
QPushButton#searchPill:hover { border-color: $line_strong; }
QPushButton#searchPill:focus { border: 2px solid $accent; min-height: 28px; padding: 0 9px; }

QLineEdit, QSpinBox, QComboBox, QKeySequenceEdit > QLineEdit { background: $bg; color: $text;
  border: 1px solid $line_strong;
  border-radius: 8px; padding: 0 10px; min-height: 28px; selection-background-color: $selection;
  selection-color: $text; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border: 2px solid $accent; padding: 0 9px;
  min-height: 26px; }
QLineEdit:disabled, QComboBox:disabled { color: $disabled; border-color: $line; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus { border: none; background: transparent; padding: 0;
  min-height: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QCompleterListView { background: $elev; color: $text; border: 1px solid $line_strong; padding: 4px;
  selection-background-color: $sel_note; selection-color: $text; }
QComboBox QAbstractItemView { background: $elev; border: 1px solid $line_strong; border-radius: 8px;
  padding: 4px;
  selection-background-color: $sel_note; selection-color: $text; }
QPlainTextEdit, QTextEdit#report { background: $code_bg; color: $code; border: 1px solid $line;
  border-radius: 8px; padding: 8px;
  selection-background-color: $selection; selection-color: $text; }

QCheckBox, QRadioButton { color: $text; spacing: 8px; padding: 3px; border: 2px solid transparent;
  border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $text3; border-radius: 5px;
  background: $bg; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:disabled { border-color: $line_strong; }
QCheckBox::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $text3; border-radius: 9px;
  background: $bg; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line_strong; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
  background: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $text; }
QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QMenu { background: $elev; border: 1px solid $line_strong; border-radius: 9px; padding: 5px; color: $text; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 6px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 36px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 36px; margin: 2px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { width: 0;
  height: 0; background: none; }

QTreeWidget#plain { background: $list_bg; border: 1px solid $line; border-radius: 9px; padding: 4px; }
QListWidget#plain { padding: 2px 8px; }
QListWidget#plain::item { padding: 7px 8px; border-radius: 7px; color: $text; }
QListWidget#plain::item:hover { background: $hover; }
QListWidget#plain::item:selected { background: $sel_note; color: $text; }
QFrame#card { background: $elev; border: 1px solid $line_strong; border-radius: 12px; }
QFrame#banner { background: $accent_soft; border: none; border-bottom: 1px solid $line; }
QFrame#banner[tone="err"] { background: $elev; border-bottom: 2px solid $err; }
QFrame#toast { background: $elev; border: 1px solid $line_strong; border-radius: 9px; }
QFrame#words { background: $accent_soft; border: none; border-radius: 9px; }
QFrame#asks { background: $accent_soft; border: none; border-radius: 9px; }
QFrame#group { background: $list_bg; border: 1px solid $line; border-radius: 9px; }
""")


def style_sheet(tokens: Tokens) -> str:
    """The style sheet for one theme."""
    names = {name: tokens.colour(name).name() for name in Tokens.colour_names()}
    # QSS reads pictures from files only, so these two are shipped in each theme's colour.
    pictures = {
        picture: resource("theme", f"{picture}-{tokens.name}.svg").as_posix()
        for picture in ("tick", "chevron", "clear")
    }
    return _SHEET.substitute(names, **pictures)
