"""Output of the commands: progress and messages on stderr, the result on stdout."""

from __future__ import annotations

import json
import re
import sys
from time import monotonic
from typing import Any

_WIDTH = 30
_SURROGATES = re.compile("[\ud800-\udfff]")
_TERMINAL_INTERVAL, _FILE_INTERVAL = 0.1, 5.0
"""Seconds between two updates, on a terminal and elsewhere."""


class ProgressBar:
    """Progress on stderr: a bar on a terminal, a line every few seconds elsewhere."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._shown_at = monotonic() - (_FILE_INTERVAL if self._is_terminal else 0.0)
        self._is_drawn = False

    def show(self, done: int, total: int, words: str) -> None:
        """Show progress, at most once per interval; a `total` of 0 is not known."""
        now = monotonic()
        if now - self._shown_at < (_TERMINAL_INTERVAL if self._is_terminal else _FILE_INTERVAL):
            return
        self._shown_at = now
        if not self._is_terminal:
            sys.stderr.write(f"{done:,} of {total:,} {words}\n" if total else f"{done:,} {words}\n")
        else:
            filled = _WIDTH * done // total if total else 0
            bar = "█" * filled + "░" * (_WIDTH - filled) if total else ""
            sys.stderr.write(f"\r\x1b[K{bar} {done:,}{f' of {total:,}' if total else ''} {words}")
            self._is_drawn = True
        sys.stderr.flush()

    def clear(self) -> None:
        """Clear the bar."""
        if self._is_drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._is_drawn = False


def tell(words: str) -> None:
    """Print a message for the person at the terminal on stderr."""
    sys.stderr.write(printable(words) + "\n")
    sys.stderr.flush()


def printable(words: str) -> str:
    """Return words without lone surrogates: names of files need not be UTF-8."""
    return _SURROGATES.sub("\ufffd", words)


def answer(result: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Print the result on stdout: one JSON object on one line, or words."""
    sys.stdout.write(printable(json.dumps(result, ensure_ascii=False) if as_json else words) + "\n")
    sys.stdout.flush()
