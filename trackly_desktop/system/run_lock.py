"""One program delivers a run at a time."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from trackly_desktop.system.file_lock import try_lock
from trackly_desktop.system.private_files import open_private


class RunBusy(Exception):
    """Another program is delivering this run."""


class RunLock:
    """Exclusive lock on a run for this process, from construction to `release`."""

    def __init__(self, journal: Path, run_id: int) -> None:
        """Take the lock.

        Raises:
            RunBusy: Another process, or another RunLock of this one, holds it.
            OSError: The lock file cannot be created beside the journal.
        """
        self._path = journal.with_name(f"{journal.name}.run-{run_id}.lock")
        while True:
            self._descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
            try:
                try_lock(self._descriptor)
            except OSError as error:
                os.close(self._descriptor)
                raise RunBusy("Another window or command is delivering this import") from error
            if self._is_on_disk():
                return
            os.close(self._descriptor)  # its last holder removed it between our opening and locking

    def release(self) -> None:
        """Release the lock and remove its file."""
        if sys.platform == "win32":
            # Windows removes no file that is open, here or in a process that has taken the lock meanwhile.
            os.close(self._descriptor)
            with contextlib.suppress(OSError):
                self._path.unlink()
        else:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)

    def _is_on_disk(self) -> bool:
        """Return whether the locked file is still the one at its path."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False
