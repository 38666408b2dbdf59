"""`compile_resources.py TARGET`: compile resources/trackly.qrc to a Python module.

`make` writes the module into the checkout; setup.py writes it into a wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QRC = ROOT / "resources" / "trackly.qrc"
_RCC = "from PySide6.scripts.pyside_tool import rcc; rcc()"
"""`pyside6-rcc` of this interpreter, whose scripts need not be on the path."""


def compile_resources(target: Path) -> None:
    """Write the compiled resources to `target`.

    Raises:
        subprocess.CalledProcessError: rcc failed; its message is on stderr.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # One date for all files in it: the checkout's own dates would make each build differ.
    environment = os.environ | {"QT_RCC_SOURCE_DATE_OVERRIDE": "1"}
    subprocess.run([sys.executable, "-c", _RCC, str(QRC), "-o", str(target)], check=True, env=environment)


if __name__ == "__main__":
    compile_resources(Path(sys.argv[1]))
