"""One program delivers a run at a time: a lock of the operating system's, gone with the process however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


class RunBusy(Exception):
    """Another program is delivering this run."""


class RunLock:
    """Holds a run for this process, from construction to `release`."""

    def __init__(self, journal: Path, run: int) -> None:
        """Raises RunBusy."""
        self._path = journal.with_name(f"{journal.name}.run-{run}.lock")
        while True:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(self._descriptor)
            except OSError as error:
                os.close(self._descriptor)
                raise RunBusy("Another window or command is delivering this import") from error
            if self._is_the_file():
                return
            os.close(self._descriptor)  # its last holder removed it between our opening and locking

    def release(self) -> None:
        """Gives the run free."""
        if sys.platform == "win32":
            # A file that is open cannot be removed there: not our own, and not that of whoever took it meanwhile.
            os.close(self._descriptor)
            with contextlib.suppress(OSError):
                self._path.unlink()
        else:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)

    def _is_the_file(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
