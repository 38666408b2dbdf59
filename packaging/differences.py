"""`differences.py FIRST SECOND`: compare two built folders file by file.

Exit code 0: they are the same; 1: they differ; 2: wrong use.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Print a line for each difference and the number of files; return the exit code."""
    if len(argv) != 2:
        print("differences.py FIRST SECOND", file=sys.stderr)
        return 2
    first, second = (contents(Path(folder)) for folder in argv)
    lines = differences(first, second)
    for line in lines:
        print(line)
    print(f"{len(first)} and {len(second)} files, {len(lines)} differ")
    return 1 if lines else 0


def contents(folder: Path) -> dict[str, str]:
    """Return each file's mode and SHA-256, or a link's target, by its relative path."""
    entries = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            entries[name] = f"-> {path.readlink()}"
        elif path.is_file():
            entries[name] = f"{path.stat().st_mode & 0o777:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return entries


def differences(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Return a line for each path that differs between two results of `contents`."""
    lines = []
    for name in sorted(first.keys() | second.keys()):
        if name not in second:
            lines.append(f"{name}: only in the first")
        elif name not in first:
            lines.append(f"{name}: only in the second")
        elif first[name] != second[name]:
            lines.append(f"{name}: {first[name][:16]} and {second[name][:16]}")
    return lines


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
