"""The command line: what can be said, and what it means for a check or an import."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from trackly_desktop import __version__
from trackly_desktop.accounts.accounts import SANDBOX, TRACKLY, Account, Accounts
from trackly_desktop.accounts.credentials import CredentialStore, clean_key
from trackly_desktop.api.urls import UrlProblem, check_server_url
from trackly_desktop.contacts.dates import ASK, DAY_FIRST, MONTH_FIRST, DateProblem, find_timezone
from trackly_desktop.contacts.fields import FIELD, Kind
from trackly_desktop.contacts.parsers import ParseContext, Unreadable, parse_value
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal import resolutions
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates, Options
from trackly_desktop.mapping.column_mapping import (
    CUSTOM,
    ColumnMapping,
    MappingProblem,
    apply_map_options,
    read_use,
    suggest_mapping,
)
from trackly_desktop.mapping.consent_columns import find_consent_columns
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.validation.file_validation import InspectedFile, ValidationRequest

KEY_VARIABLE = "TRACKLY_API_KEY"
MOST_IN_FLIGHT = 256


class UsageError(Exception):
    """What was said on the command line cannot be done; its words are for the operator."""


def make_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
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
        choices=[str(one).replace(" ", "-") for one in resolutions.UnknownResolution],
        help="what becomes of rows that nobody knows about",
    )
    resume.add_argument("--retry-refused", action="store_true", help="send the refused rows once more")
    _add_output_arguments(resume)
    verify = commands.add_parser("verify", help="check a proof record against the file that was imported")
    verify.add_argument("record", type=Path)
    verify.add_argument("file", type=Path)
    verify.add_argument("--json", action="store_true", help="the result as one JSON object on the last line")
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
        "--sheet", metavar="NAME", help="which sheet of a workbook (default: the first with phone numbers)"
    )
    parser.add_argument(
        "--header-row",
        type=int,
        metavar="N",
        help="the line of the columns’ names; 0: there is none (default: found out)",
    )
    parser.add_argument(
        "--zone", metavar="NAME", help="of times without one, like America/New_York (default: this computer's)"
    )
    parser.add_argument(
        "--disregard",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column that says who may be texted, and is not to hold anybody back",
    )
    parser.add_argument("--dates", choices=("month-first", "day-first"), help="how 03/04/2025 is meant")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object on the last line")


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
    parser.add_argument("--duplicates", choices=[str(one) for one in Duplicates], default=str(Duplicates.LAST))
    parser.add_argument("--already-added", choices=[str(one) for one in AlreadyAdded], default=str(AlreadyAdded.SEND))
    parser.add_argument(
        "--in-flight", type=_whole, metavar="N", help="requests at once, at most (default: the account's, 16)"
    )
    parser.add_argument("--per-second", type=_rate, metavar="N", help="contacts a second, at most (0: no cap)")
    parser.add_argument(
        "--named-like-that",
        action="store_true",
        help="import a file even if its name says that its people unsubscribed",
    )
    parser.add_argument("--anew", action="store_true", help="even where an import of this file is not finished")
    _add_output_arguments(parser, json=False)


def _add_output_arguments(parser: argparse.ArgumentParser, *, json: bool = True) -> None:
    parser.add_argument("--results", type=Path, metavar="OUT.csv", help="where every row's outcome is written")
    parser.add_argument("--record", type=Path, metavar="OUT.json", help="where a proof record of the run is written")
    if json:
        parser.add_argument("--json", action="store_true", help="the result as one JSON object on the last line")


def _whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_IN_FLIGHT:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST_IN_FLIGHT}")
    return number


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 <= rate < 1e6:
        raise argparse.ArgumentTypeError("0 or more")
    return rate


def find_account(said: argparse.Namespace, environment_key: str | None) -> Account:
    """The account that is meant. Raises WrongUse."""
    accounts = read_accounts()
    account = _named_account(accounts, said.account, environment_key is not None or said.base_url is not None)
    if said.base_url is None or account.is_sandbox:
        return account
    try:
        return dataclasses.replace(account, base_url=check_server_url(said.base_url))
    except UrlProblem as problem:
        raise UsageError(f"--base-url: {problem}") from problem


def read_accounts() -> Accounts:
    """The window's accounts. Raises WrongUse."""
    try:
        return Accounts()
    except (OSError, ValueError) as error:
        raise UsageError(f"The accounts cannot be read: {error}") from error


def _named_account(accounts: Accounts, name: str | None, is_bare: bool) -> Account:
    real = [one for one in accounts.all() if not one.is_sandbox]
    if name is not None:
        found = SANDBOX if name.strip().casefold() == SANDBOX.id else accounts.named(name)
        if found is None:
            raise UsageError(f"There is no account “{name}”; there are {', '.join(one.name for one in accounts.all())}")
        return found
    if is_bare:
        return Account(id="", name="Command line")
    if len(real) == 1:
        return real[0]
    raise UsageError("Say which account with --account NAME; “practice” reaches nobody")


def give_key(keys: CredentialStore, account: Account, environment_key: str | None) -> None:
    """Lends the environment's key to the account. Raises WrongUse for text that can be no key."""
    if environment_key is not None and not account.is_sandbox:
        try:
            keys.set_for_session(account.id, clean_key(environment_key)[0])
        except ValueError as problem:
            raise UsageError(f"{KEY_VARIABLE}: {problem}") from problem


def make_mapping(said: argparse.Namespace, opened: InspectedFile) -> ColumnMapping:
    """The guesses, the preset, and what was said by --map. Raises WrongUse."""
    mapping = suggest_mapping(opened.header, opened.profiles)
    try:
        if said.preset is not None:
            mapping = Presets().apply(said.preset, mapping)
        mapping = apply_map_options(mapping, said.maps)
    except MappingProblem as problem:
        raise UsageError(str(problem)) from problem
    number = mapping.column_of("signup_date")
    dates = mapping.dates if number is None else mapping.dates or opened.profiles[number].dates
    if said.dates is not None:
        dates = {"month-first": MONTH_FIRST, "day-first": DAY_FIRST}[said.dates]
    zone = mapping.zone if said.zone is None else said.zone
    try:
        find_timezone(zone)
    except DateProblem as problem:
        raise UsageError(f"--zone: {problem}") from problem
    ignored_consent_columns = tuple(_asking_column(name, opened.header) for name in said.disregard)
    return dataclasses.replace(mapping, dates=dates or ASK, zone=zone, ignored_consent_columns=ignored_consent_columns)


def _asking_column(name: str, header: Sequence[str]) -> str:
    """A column by its name, where it says who may be texted. Raises WrongUse."""
    asking = [header[number] for number in find_consent_columns(header)]
    found = next((one for one in asking if one.strip().casefold() == name.strip().casefold()), None)
    if found is None:
        there_are = ", ".join(f"“{one}”" for one in asking) or "there are none in this file"
        raise UsageError(f"--disregard: “{name}” is no column that says who may be texted; {there_are}")
    return found


def make_choice(said: argparse.Namespace) -> FormatOptions:
    """How the file is to be read, as far as it was said. Raises WrongUse."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(said.delimiter, said.delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise UsageError("--delimiter: one sign, like “;”, or “tab”")
    if said.header_row is not None and said.header_row < 0:
        raise UsageError("--header-row: a line from 1, or 0 where there is none")
    return FormatOptions(encoding=said.encoding, delimiter=delimiter, header=said.header_row, sheet=said.sheet)


def make_request(
    said: argparse.Namespace,
    opened: InspectedFile,
    account: Account,
    journal: Path,
    options: Options,
    *,
    list_needed: bool,
) -> ValidationRequest:
    """What is to be checked. Raises WrongUse."""
    return ValidationRequest(
        path=str(said.file),
        choice=make_choice(said),
        fingerprint=opened.how.fingerprint,
        mapping=make_mapping(said, opened),
        options=options,
        account=account.id,
        account_name=account.name,
        base_url=account.base_url,
        journal=str(journal),
        list_needed=list_needed,
    )


def make_options(said: argparse.Namespace, account: Account) -> Options:
    """An import's choices. Raises WrongUse."""
    region = _region(said.region or account.region)
    fixed = dict(_fixed(one, region) for one in getattr(said, "sets", ()))
    if said.list_number is not None:
        fixed |= [_fixed(f"list_number={said.list_number}", region)]
    switches = {"use_journeys": "journeys", "override_custom_fields": "override"}
    fixed |= {name: "yes" for name, switch in switches.items() if getattr(said, switch, False)}
    if getattr(said, "resend_journeys", False):
        fixed["skip_journey_if_exists"] = "no"
    if said.command == "check":
        return Options(region=region, fixed=fixed)
    return Options(
        region=region,
        fixed=fixed,
        duplicates=Duplicates(said.duplicates),
        already_added=AlreadyAdded(said.already_added),
        in_flight=said.in_flight if said.in_flight is not None else account.in_flight,
        per_second=said.per_second if said.per_second is not None else account.per_second,
    )


def _region(text: str) -> str:
    from trackly_desktop.contacts import phone_numbers

    region = text.strip().upper()
    if region not in phone_numbers.regions():
        raise UsageError(f"--region: “{text}” is no country's two letters, like US or GB")
    return region


def _fixed(said: str, region: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not sign:
        raise UsageError(f"--set: “{said}” is not field=value")
    try:
        use, _type = read_use(name.strip())
        if not use.startswith(CUSTOM):
            read = parse_value(FIELD[use], value.strip(), ParseContext(region=region))
            if FIELD[use].kind is Kind.LIST:
                return use, str(read)  # whatever country a row's own column says
    except (MappingProblem, Unreadable, KeyError) as problem:
        option = "--list" if use_is_list(name) else f"--set {name}"
        raise UsageError(f"{option}: {problem}") from problem
    return use, value.strip()


def use_is_list(name: str) -> bool:
    """Whether a field's name is that of the sending list."""
    return name in FIELD and FIELD[name].kind is Kind.LIST
