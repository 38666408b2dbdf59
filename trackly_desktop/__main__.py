"""Entry point: opens the GUI or runs a CLI command."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

COMMANDS = ("check", "import", "resume", "verify", "self-test")


def main(argv: list[str] | None = None) -> int:
    """Open the window with the named files, or run a command.

    Args:
        argv: Arguments without the program's name; None for those of this process.

    Returns:
        The exit code.
    """
    if getattr(sys, "frozen", False):  # a packaged program starts its own processes with this executable
        import multiprocessing

        multiprocessing.freeze_support()
    _ensure_stdio()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        return _run_command(arguments)
    from trackly_desktop.gui.application import run_window

    return run_window([Path(name) for name in arguments])


def _ensure_stdio() -> None:
    """Ensure that stdout and stderr exist and take every character.

    A windowed build on Windows has neither; a console may not encode all characters: they are replaced.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as the program runs
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run_command(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    from trackly_desktop.cli.arguments import UsageError
    from trackly_desktop.cli.parser import make_parser
    from trackly_desktop.system import logs

    args = make_parser().parse_args(arguments)
    logs.install_excepthook()
    if args.command != "self-test":  # the self-test keeps all its files in a folder of its own
        logs.open_log()
    try:
        if args.command == "check":
            from trackly_desktop.cli import check

            return check.run(args)
        if args.command == "verify":
            from trackly_desktop.cli import verify

            return verify.run(args)
        if args.command == "self-test":
            from trackly_desktop.gui.self_test import run_self_test

            return run_self_test(args.screenshot)
        if args.command == "resume":
            from trackly_desktop.cli import resume

            return resume.run_resume(args)
        from trackly_desktop.cli import import_

        return import_.run_import(args)
    except UsageError as problem:
        return _fail(args, str(problem))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        logs.log_unexpected(error)
        return _fail(args, "something went wrong that the program did not foresee; the log says where")


def _fail(args: argparse.Namespace, words: str) -> int:
    """Report why a command ended: in words, and as JSON where that was asked for."""
    from trackly_desktop.cli.check import unreadable
    from trackly_desktop.cli.terminal import answer, tell

    tell(f"trackly-desktop: {words}")
    if getattr(args, "json", False):
        answer(unreadable(args.file, words) if args.command == "check" else {"error": words}, "", as_json=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
