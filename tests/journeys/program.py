"""The program as it is started in a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import LIST
from trackly_desktop.sandbox import KEY


def environment(**more: str) -> dict[str, str]:
    """This test's own places, and a key."""
    return os.environ | {"TRACKLY_API_KEY": KEY} | more


def start(*words: str, **more: str) -> subprocess.Popen[str]:
    """Starts a command."""
    return subprocess.Popen(
        [sys.executable, "-m", "trackly_desktop", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**more),
    )  # fmt: skip


class Done:
    """A command that has ended: its exit code, its words, and the JSON object on its last line."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.out, self.err = program.communicate(timeout=120)
        self.code = program.returncode

    @property
    def json(self) -> dict[str, Any]:
        """The last line of stdout."""
        said: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return said


def run(*words: str, **more: str) -> Done:
    """Runs a command to its end."""
    return Done(start(*words, **more))


def import_words(file: Path, address: str, *more: str, number: str = LIST) -> tuple[str, ...]:
    """An import's words."""
    return ("import", str(file), "--list", number, "--base-url", address, "--json", *more)


def places_with(key: str, folder: Path) -> list[str]:
    """The files under a folder in which the key stands, in any usual spelling."""
    header_spellings = [key.encode(), key.encode("utf-16-le"), key[4:].encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(one in path.read_bytes() for one in header_spellings)]
