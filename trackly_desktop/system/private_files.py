"""Files that only their owner can read, written whole."""

from __future__ import annotations

import os
from pathlib import Path


def open_private(path: str | os.PathLike[str], flags: int) -> int:
    """Open a file, created with mode 0600, and return its descriptor.

    Raises:
        OSError: The file cannot be opened or created.
    """
    return os.open(path, flags, 0o600)


def write_private(path: Path, text: str) -> None:
    """Replace a small UTF-8 file, owner-only, in one step.

    A crash leaves the old file or the new one.
    Several threads and programs may write at once: each has a temporary file of its own, and the last one stays.

    Raises:
        OSError: The file cannot be written; the old one stays.
    """
    # Imported here: the first window does not wait for it.
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
