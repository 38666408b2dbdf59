"""PySide's switchable features: none is used, and no source is read to find that out."""

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


def test_no_modules_source_is_read_when_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"
