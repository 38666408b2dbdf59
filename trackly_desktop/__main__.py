"""The door: a window, or one of the commands."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

COMMANDS = ("check", "import", "resume", "verify", "self-test")


def main(argv: list[str] | None = None) -> int:
    """Opens the window, with the files that are named in it; or carries out a command. The exit code."""
    if getattr(sys, "frozen", False):  # a packaged program starts its own processes through this door
        import multiprocessing

        multiprocessing.freeze_support()
    _ensure_stdio()
    given = sys.argv[1:] if argv is None else argv
    if given and (given[0] in COMMANDS or given[0].startswith("-")):
        return _command(given)
    from trackly_desktop.gui.application import run_window

    return run_window([Path(one) for one in given])


def _ensure_stdio() -> None:
    """A program of windows has no terminal on Windows, and a terminal may lack our signs: nothing fails of either."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as the program runs
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _command(given: list[str]) -> int:
    from trackly_desktop.cli.arguments import UsageError, make_parser
    from trackly_desktop.cli.terminal import tell
    from trackly_desktop.system import logs

    said = make_parser().parse_args(given)
    logs.install_excepthook()
    if said.command != "self-test":  # which keeps all of its own apart
        logs.open_log()
    try:
        if said.command == "check":
            from trackly_desktop.cli import check

            return check.run(said)
        if said.command == "verify":
            from trackly_desktop.cli import verify

            return verify.run(said)
        if said.command == "self-test":
            from trackly_desktop.gui.self_test import run_self_test

            return run_self_test(said.screenshot)
        from trackly_desktop.cli import import_

        return import_.run_resume(said) if said.command == "resume" else import_.run_import(said)
    except UsageError as problem:
        tell(f"trackly-desktop: {problem}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
