"""`differences.py ONE OTHER`: what differs between two folders that were built, file by file; exit code 1 where any does."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Prints a line a difference, and how many files were compared."""
    if len(argv) != 2:
        print("differences.py ONE OTHER", file=sys.stderr)
        return 2
    one, other = (contents(Path(folder)) for folder in argv)
    found = differences(one, other)
    for line in found:
        print(line)
    print(f"{len(one)} and {len(other)} files, {len(found)} differ")
    return 1 if found else 0


def contents(folder: Path) -> dict[str, str]:
    """Each file of a folder: its mode and its content's hash, or where it leads."""
    found = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = f"{path.stat().st_mode & 0o777:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return found


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """In words."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        if name not in other:
            found.append(f"{name}: only in the first")
        elif name not in one:
            found.append(f"{name}: only in the second")
        elif one[name] != other[name]:
            found.append(f"{name}: {one[name][:16]} and {other[name][:16]}")
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
