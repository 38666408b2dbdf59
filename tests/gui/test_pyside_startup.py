"""PySide's feature scan: no module's source is read at its import."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import inspect, sys
import trackly_desktop.gui
read = []
inspect.getsource = lambda module: read.append(module.__name__) or ""
import trackly_desktop.gui.application, colorsys
from PySide6.QtCore import QObject
QObject().setObjectName("named as Qt names it")
print(read, "colorsys" in sys.modules["shibokensupport.feature"].pyside_feature_dict)
"""


def test_no_source_is_read_at_import() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"
