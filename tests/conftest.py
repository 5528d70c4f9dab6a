"""What all tests share: the folder of real data, and a Hypothesis profile without deadlines."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["NOTESAPP_BOOTSTRAP"] = "127.0.0.1:1"  # no test ever asks the public DHT
settings.register_profile("notesapp", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("notesapp")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


def pytest_unconfigure() -> None:
    """Takes down what tests left on the screen; the interpreter's end would do it in any order, and may crash."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets is not None else None
    if app is not None:
        for window in app.topLevelWidgets():
            window.close()
            window.deleteLater()
        app.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
        gc.collect()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real editing histories and notes beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data is not beside this checkout (looked for {SHARED_DATA})")
    return SHARED_DATA
