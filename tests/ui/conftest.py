"""Windows without a screen: the offscreen platform, our theme on the one application."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from notesapp.ui.style.theme import Appearance, Theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["notesapp-test"]


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme, dressed on the application, without motion and with a still caret."""
    made = Theme(Appearance.LIGHT, contrast=False, reduced_motion=True)
    made.dress(qapp)
    qapp.setCursorFlashTime(0)
    return made


@pytest.fixture
def dark(qapp: QApplication) -> Theme:
    """The dark theme, dressed on the application."""
    made = Theme(Appearance.DARK, contrast=False, reduced_motion=True)
    made.dress(qapp)
    qapp.setCursorFlashTime(0)
    return made
