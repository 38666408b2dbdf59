"""The program's log: what went wrong and where in the program, never about whom: no personal data, no key."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType

from trackly_desktop.system import paths

_LARGEST = 1_000_000
_NAME = "trackly_desktop"

# `logging` and `traceback` take 15 ms to import: the first window does not wait for them.


def guard() -> None:
    """From now on what nobody foresaw is told in one line, and goes to the log where it is open."""
    sys.excepthook = _unforeseen


def start() -> None:
    """Opens the log, owner-only; a large one makes room for a new one. Where it cannot be, the program does without."""
    with contextlib.suppress(OSError):
        _open()


def _open() -> None:
    import logging

    log = logging.getLogger(_NAME)
    path = paths.log_folder() / "trackly-desktop.log"
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_suffix(".old.log"))
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    end()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    # Libraries write what they send and to whom: nothing of theirs goes into a file.
    log.propagate = False


def end() -> None:
    """Closes the log: on Windows its folder could not be removed before."""
    import logging

    log = logging.getLogger(_NAME)
    for handler in [*log.handlers]:
        log.removeHandler(handler)
        handler.close()


def fault(error: BaseException) -> None:
    """An error that nobody foresaw: its kind and the places it went through, not its words."""
    import logging
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:])
    logging.getLogger(_NAME).error("unforeseen %s at %s", type(error).__name__, where)


def _unforeseen(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    fault(error)
    sys.stderr.write(f"Trackly Desktop: something went wrong ({kind.__name__}); the log says where.\n")
