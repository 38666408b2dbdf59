"""The program's log: what went wrong and where in the program, never about whom: no personal data, no key."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from trackly_desktop import places

_LARGEST = 1_000_000
_log = logging.getLogger("trackly_desktop")


def start() -> Path:
    """Opens the log, owner-only; a large one makes room for a new one. The file."""
    path = places.log_folder() / "trackly-desktop.log"
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_suffix(".old.log"))
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for old in [*_log.handlers]:
        _log.removeHandler(old)
        old.close()
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    # Libraries write what they send and to whom: nothing of theirs goes into a file.
    _log.propagate = False
    sys.excepthook = _unforeseen
    return path


def fault(error: BaseException) -> None:
    """An error that nobody foresaw: its kind and the places it went through, not its words."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:])
    _log.error("unforeseen %s at %s", type(error).__name__, where)


def _unforeseen(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    fault(error)
    sys.stderr.write(f"Trackly Desktop: something went wrong ({kind.__name__}); the log says where.\n")
