"""PySide's switchable features (`from __feature__ import snake_case`), of which this program uses none.

To know who does, PySide reads the source of every module that is imported after it (PYSIDE-2029), also of those that have
nothing to do with Qt: a tenth of the time until the first window is there. Here each module is entered as using none.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import PySide6.QtCore  # noqa: F401 - which installs what is told here


def disable_feature_scan() -> None:
    """From now on. A PySide that does it in another way goes on as it would: only slower."""
    feature: Any = sys.modules.get("shibokensupport.feature")
    known = getattr(feature, "pyside_feature_dict", None)
    if not isinstance(known, dict) or not hasattr(feature, "feature_imported"):
        return

    def feature_imported(module: ModuleType) -> None:
        known.setdefault(getattr(module, "__name__", ""), 0)

    feature.feature_imported = feature_imported
