"""Start the program as in a terminal."""

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
    """Return this test's environment, with a key."""
    return os.environ | {"TRACKLY_API_KEY": KEY} | more


def start(*words: str, **more: str) -> subprocess.Popen[str]:
    """Start a command."""
    return subprocess.Popen(
        [sys.executable, "-m", "trackly_desktop", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**more),
    )  # fmt: skip


class Done:
    """An ended command: exit code, output, and the JSON object on its last line."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.out, self.err = program.communicate(timeout=120)
        self.code = program.returncode

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object on the last line of stdout."""
        result: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return result


def run(*words: str, **more: str) -> Done:
    """Run a command to its end."""
    return Done(start(*words, **more))


def import_words(file: Path, address: str, *more: str, number: str = LIST) -> tuple[str, ...]:
    """Return an import's arguments."""
    return ("import", str(file), "--list", number, "--base-url", address, "--json", *more)


def files_with(key: str, folder: Path) -> list[str]:
    """Return the files of a folder that hold the key, in any usual encoding."""
    encodings = [key.encode(), key.encode("utf-16-le"), key[4:].encode()]
    # A keyring that ends removes its folder meanwhile: os.walk passes over it.
    files = [
        path for root, _folders, names in os.walk(folder) for name in names if (path := Path(root, name)).is_file()
    ]
    assert files
    return [str(path) for path in files if any(encoded in path.read_bytes() for encoded in encodings)]
