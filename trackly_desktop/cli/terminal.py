"""What the commands print: progress on stderr, the result on stdout."""

from __future__ import annotations

import json
import sys
from time import monotonic
from typing import Any

_WIDTH = 30
_EVERY_TERMINAL = 0.1
_EVERY_FILE = 5.0


class ProgressBar:
    """Progress on stderr: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown_at = monotonic() - (_EVERY_FILE if self._terminal else 0.0)
        self._drawn = False

    def show(self, done: int, whole: int, words: str) -> None:
        """How far it is; drawn not more often than it can be read."""
        now = monotonic()
        if now - self._shown_at < (_EVERY_TERMINAL if self._terminal else _EVERY_FILE):
            return
        self._shown_at = now
        if not self._terminal:
            sys.stderr.write(f"{done:,} of {whole:,} {words}\n" if whole else f"{done:,} {words}\n")
        else:
            filled = _WIDTH * done // whole if whole else 0
            bar = "█" * filled + "░" * (_WIDTH - filled) if whole else ""
            sys.stderr.write(f"\r\x1b[K{bar} {done:,}{f' of {whole:,}' if whole else ''} {words}")
            self._drawn = True
        sys.stderr.flush()

    def clear(self) -> None:
        """Takes the bar away."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False


def tell(words: str) -> None:
    """Something for the person at the terminal, on stderr."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def answer(result: dict[str, Any], words: str, *, as_json: bool) -> None:
    """The result on stdout: one JSON object on a line, or words."""
    sys.stdout.write((json.dumps(result, ensure_ascii=False) if as_json else words) + "\n")
    sys.stdout.flush()
