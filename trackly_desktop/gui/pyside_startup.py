"""Start-up speed: switch off PySide's scan for `from __feature__ import ...`.

PySide reads the source of every module imported after it, related to Qt or not, to find the features it uses (PYSIDE-2029).
That takes a tenth of the time until the first window is shown. This program uses none of the features, so each module is
recorded as using none.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import PySide6.QtCore  # noqa: F401 - installs the scan


def disable_feature_scan() -> None:
    """Switch the scan off for later imports; no-op where PySide's internals differ."""
    scanner: Any = sys.modules.get("shibokensupport.feature")
    features = getattr(scanner, "pyside_feature_dict", None)
    if not isinstance(features, dict) or not hasattr(scanner, "feature_imported"):
        return

    def feature_imported(module: ModuleType) -> None:
        features.setdefault(getattr(module, "__name__", ""), 0)

    scanner.feature_imported = feature_imported
