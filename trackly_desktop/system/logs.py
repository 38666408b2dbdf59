"""The program's log: errors and their locations, never personal data or a key."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType

from trackly_desktop.system import paths
from trackly_desktop.system.private_files import open_private

_MAX_BYTES = 1_000_000
_NAME = "trackly_desktop"

# `logging` and `traceback` take 15 ms to import: the first window does not wait for them.


def install_excepthook() -> None:
    """Print one line for an uncaught exception, and log its location."""
    sys.excepthook = _on_uncaught


def open_log() -> None:
    """Open the log, owner-only; start a new one where it is large.

    The program runs without a log where the file cannot be opened.
    """
    with contextlib.suppress(OSError):
        _open()


def _open() -> None:
    import logging

    log = logging.getLogger(_NAME)
    path = paths.log_folder() / "trackly-desktop.log"
    if path.exists() and path.stat().st_size > _MAX_BYTES:
        path.replace(path.with_suffix(".old.log"))
    os.close(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    close_log()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    # Libraries log what they send and the recipient: nothing of theirs goes into a file.
    log.propagate = False


def close_log() -> None:
    """Close the log: Windows cannot remove the folder of an open file."""
    import logging

    log = logging.getLogger(_NAME)
    for handler in [*log.handlers]:
        log.removeHandler(handler)
        handler.close()


def log_unexpected(error: BaseException) -> None:
    """Log an unexpected error's type and location, never its message."""
    import logging
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:])
    logging.getLogger(_NAME).error("unforeseen %s at %s", type(error).__name__, where)


def _on_uncaught(kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    log_unexpected(error)
    sys.stderr.write(f"Trackly Desktop: something went wrong ({kind.__name__}); the log says where.\n")
