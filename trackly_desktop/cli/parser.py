"""Parser of the command line: every command and its options."""

from __future__ import annotations

import argparse
from pathlib import Path

from trackly_desktop import __version__
from trackly_desktop.accounts.accounts import TRACKLY
from trackly_desktop.files.table import HiddenCells
from trackly_desktop.journal import resolutions
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates

MOST_IN_FLIGHT = 256


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="trackly-desktop",
        description="Add contacts to TracklySMS one at a time, or import them from files. Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Trackly Desktop {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check a file; nothing is sent")
    _add_file_arguments(check, list_needed=False)
    import_ = commands.add_parser("import", help="check a file and import it")
    _add_file_arguments(import_, list_needed=True)
    _add_import_arguments(import_)
    resume = commands.add_parser("resume", help="go on with an import that stopped")
    resume.add_argument("run", nargs="?", type=int, help="its number; without it, the newest that is not finished")
    resume.add_argument(
        "--unknown",
        choices=[str(resolution).replace(" ", "-") for resolution in resolutions.UnknownResolution],
        help="what becomes of rows that nobody knows about",
    )
    resume.add_argument("--retry-refused", action="store_true", help="send the refused rows once more")
    _add_output_arguments(resume)
    _add_json_argument(resume)
    verify = commands.add_parser("verify", help="check a proof record against the file that was imported")
    verify.add_argument("record", type=Path)
    verify.add_argument("file", type=Path)
    _add_json_argument(verify)
    self_test = commands.add_parser("self-test", help="do the main job in the real window, on the practice account")
    self_test.add_argument("--screenshot", type=Path, default=Path("self-test.png"), help="where the picture is saved")
    return parser


def _add_file_arguments(parser: argparse.ArgumentParser, *, list_needed: bool) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--list", dest="list_number", required=list_needed, metavar="+1…", help="the sending list's number"
    )
    parser.add_argument("--region", metavar="US", help="whose numbers have no country code (default: the account's)")
    parser.add_argument(
        "--map", dest="maps", action="append", default=[], metavar="Column=field", help="a column's use"
    )
    parser.add_argument("--preset", metavar="NAME", help="a mapping that was saved in the window")
    parser.add_argument(
        "--encoding", metavar="NAME", help="how letters are encoded, like windows-1252 (default: found out)"
    )
    parser.add_argument(
        "--delimiter", metavar="SIGN", help="what is between columns; “tab” for a tab (default: found out)"
    )
    parser.add_argument(
        "--sheet", metavar="NAME", help="which sheet of a workbook (default: the one with most phone numbers)"
    )
    parser.add_argument(
        "--hidden",
        choices=[str(choice) for choice in HiddenCells],
        default=str(HiddenCells.LEAVE_OUT),
        help="rows and columns that are hidden in a workbook, also by a filter",
    )
    parser.add_argument(
        "--header-row",
        type=int,
        metavar="N",
        help="the line of the columns’ names; 0: there is none (default: found out)",
    )
    parser.add_argument(
        "--timezone", metavar="NAME", help="of times without one, like America/New_York (default: this computer's)"
    )
    _add_old_name(parser, "--zone", dest="timezone")
    parser.add_argument(
        "--ignore-consent-column",
        dest="ignored_consent_columns",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column that says who may be texted, and is not to hold anybody back",
    )
    _add_old_name(parser, "--disregard", dest="ignored_consent_columns", action="append")
    parser.add_argument(
        "--hold-back",
        dest="confirmed_consent_columns",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column of any name whose values like “unsubscribed” are to hold people back",
    )
    parser.add_argument(
        "--consent-value",
        dest="consent_values",
        action="append",
        default=[],
        metavar="COLUMN=VALUE=yes|no",
        help="whether people with this value of a consent column may be texted; * for all values that are not clear",
    )
    parser.add_argument(
        "--area-code",
        metavar="COLUMN",
        help="the column whose area codes stand before the phone numbers; “none” for none",
    )
    parser.add_argument("--dates", choices=("month-first", "day-first", "year-first"), help="how 03/04/2025 is meant")
    _add_json_argument(parser)


def _add_import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", metavar="NAME", help="“practice”, or an account of the window's")
    parser.add_argument("--base-url", metavar="URL", help="the server's root, like " + TRACKLY)
    parser.add_argument(
        "--set", dest="sets", action="append", default=[], metavar="field=value", help="for every row that lacks it"
    )
    parser.add_argument("--journeys", action="store_true", help="start welcome journeys: people may be texted at once")
    parser.add_argument("--resend-journeys", action="store_true", help="also for people who are on the list already")
    parser.add_argument(
        "--no-journeys-after", type=int, metavar="DAYS", help="start none for people who signed up longer ago"
    )
    parser.add_argument("--override", action="store_true", help="replace all their custom fields")
    parser.add_argument("--duplicates", choices=[str(choice) for choice in Duplicates], default=str(Duplicates.LAST))
    parser.add_argument(
        "--already-added", choices=[str(choice) for choice in AlreadyAdded], default=str(AlreadyAdded.SEND)
    )
    parser.add_argument(
        "--in-flight", type=_whole_number, metavar="N", help="requests at once, at most (default: the account's, 16)"
    )
    parser.add_argument("--per-second", type=_rate, metavar="N", help="contacts a second, at most (0: no cap)")
    parser.add_argument(
        "--allow-suppression-filename",
        action="store_true",
        help="import a file even if its name says that its people unsubscribed",
    )
    _add_old_name(parser, "--named-like-that", dest="allow_suppression_filename", action="store_true")
    parser.add_argument("--new-run", action="store_true", help="even where an import of this file is not finished")
    _add_old_name(parser, "--anew", dest="new_run", action="store_true")
    _add_output_arguments(parser)


def _add_output_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--results", type=Path, metavar="OUT.csv", help="where every row's outcome is written")
    parser.add_argument("--record", type=Path, metavar="OUT.json", help="where a proof record of the run is written")


def _add_json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the result as one JSON object on the last line")


def _add_old_name(parser: argparse.ArgumentParser, option: str, *, dest: str, action: str = "store") -> None:
    """Add the former name of an option, which scripts may use; no help shows it."""
    parser.add_argument(option, dest=dest, action=action, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _whole_number(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_IN_FLIGHT:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST_IN_FLIGHT}")
    return count


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 <= rate < 1e6:
        raise argparse.ArgumentTypeError("0 or more")
    return rate
