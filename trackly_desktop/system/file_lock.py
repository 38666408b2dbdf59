"""Exclusive locks on files, which the operating system releases with the process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackly_desktop.system.private_files import open_private

_POLL_SECONDS = 0.01

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> None:
        """Lock an open file. Raises OSError where another descriptor holds the lock."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def try_lock(descriptor: int) -> None:
        """Lock an open file. Raises OSError where another descriptor holds the lock."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock on a file, which is created where it does not exist, and stays.

    Threads of one process exclude each other too.

    Args:
        path: The lock file, not the file that it protects.
        timeout: Seconds to wait for the lock.

    Raises:
        OSError: The file cannot be opened, or the lock is still held elsewhere after `timeout`.
    """
    descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
    try:
        deadline = time.monotonic() + timeout
        while True:
            try:
                try_lock(descriptor)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)
