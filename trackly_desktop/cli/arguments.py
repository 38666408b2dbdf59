"""Turn a command line's arguments into an account, a mapping and a request."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from trackly_desktop.accounts.accounts import SANDBOX, Account, Accounts
from trackly_desktop.accounts.credentials import CredentialStore, clean_key
from trackly_desktop.api.urls import UrlProblem, check_server_url
from trackly_desktop.contacts import phone_regions
from trackly_desktop.contacts.dates import ASK, DAY_FIRST, MONTH_FIRST, YEAR_FIRST, DateProblem, find_timezone
from trackly_desktop.contacts.fields import FIELD, Kind
from trackly_desktop.contacts.issues import ParseProblem
from trackly_desktop.contacts.parsers import ParseContext, parse_value
from trackly_desktop.contacts.value_words import parse_yes_no
from trackly_desktop.files.table import FormatOptions, HiddenCells
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates, Options
from trackly_desktop.mapping.column_aliases import normalize_header
from trackly_desktop.mapping.column_mapping import (
    CUSTOM,
    ColumnMapping,
    MappingProblem,
    apply_map_options,
    read_use,
    suggest_mapping,
)
from trackly_desktop.mapping.consent_columns import fold_value
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.messages import parse_problem_text
from trackly_desktop.validation.file_validation import InspectedFile, ValidationRequest

KEY_VARIABLE = "TRACKLY_API_KEY"
_DATE_ORDERS = {"month-first": MONTH_FIRST, "day-first": DAY_FIRST, "year-first": YEAR_FIRST}
_DELIMITERS = {"tab": "\t", "\\t": "\t"}


class UsageError(Exception):
    """An impossible command line; its words are for the operator."""


def find_account(args: argparse.Namespace, environment_key: str | None) -> Account:
    """Return the account of an import, with the server of --base-url.

    Args:
        args: The import's arguments.
        environment_key: The key in the environment; None for none.

    Raises:
        UsageError: There is no such account, or no such address.
    """
    accounts = _read_accounts()
    is_bare = environment_key is not None or args.base_url is not None
    account = _choose_account(accounts, args.account, is_bare=is_bare)
    if args.base_url is None or account.is_sandbox:
        return account
    try:
        return dataclasses.replace(account, base_url=check_server_url(args.base_url))
    except UrlProblem as problem:
        raise UsageError(f"--base-url: {problem}") from problem


def _read_accounts() -> Accounts:
    """Return the accounts that the window keeps.

    Raises:
        UsageError: They cannot be read.
    """
    try:
        return Accounts()
    except (OSError, ValueError) as error:
        raise UsageError(f"The accounts cannot be read: {error}") from error


def _choose_account(accounts: Accounts, name: str | None, *, is_bare: bool) -> Account:
    """Return the named account, else the command line's own, else the only one."""
    if name is not None:
        account = SANDBOX if name.strip().casefold() == SANDBOX.id else accounts.named(name)
        if account is None:
            there_are = ", ".join(known.name for known in accounts.all())
            raise UsageError(f"There is no account “{name}”; there are {there_are}")
        return account
    if is_bare:
        return Account(id="", name="Command line")
    real = [account for account in accounts.all() if not account.is_sandbox]
    if len(real) == 1:
        return real[0]
    raise UsageError("Say which account with --account NAME; “practice” reaches nobody")


def give_key(keys: CredentialStore, account: Account, environment_key: str | None) -> None:
    """Use the environment's key for a real account, in this process only.

    Raises:
        UsageError: The text can be no key.
    """
    if environment_key is not None and not account.is_sandbox:
        try:
            keys.set_for_session(account.id, clean_key(environment_key)[0])
        except ValueError as problem:
            raise UsageError(f"{KEY_VARIABLE}: {problem}") from problem


def make_choice(args: argparse.Namespace) -> FormatOptions:
    """Return how the file is to be read, as far as options say.

    Raises:
        UsageError: An option's value is impossible.
    """
    delimiter = _DELIMITERS.get(args.delimiter, args.delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise UsageError("--delimiter: one sign, like “;”, or “tab”")
    if args.header_row is not None and args.header_row < 0:
        raise UsageError("--header-row: a line from 1, or 0 where there is none")
    return FormatOptions(args.encoding, delimiter, args.header_row, args.sheet, HiddenCells(args.hidden))


def make_mapping(args: argparse.Namespace, opened: InspectedFile) -> ColumnMapping:
    """Return the suggested mapping with the preset and the options applied.

    Raises:
        UsageError: The preset or an option cannot be applied.
    """
    mapping = suggest_mapping(opened.header, opened.profiles, unnamed=opened.how.unnamed_columns)
    try:
        if args.preset is not None:
            mapping = Presets().apply(args.preset, mapping)
        mapping = apply_map_options(mapping, args.maps)
    except MappingProblem as problem:
        raise UsageError(str(problem)) from problem
    zone = mapping.zone if args.timezone is None else args.timezone
    try:
        find_timezone(zone)
    except DateProblem as problem:
        raise UsageError(f"--timezone: {parse_problem_text(problem)}") from problem
    mapping = dataclasses.replace(
        mapping,
        dates=_date_order(args, mapping, opened),
        zone=zone,
        ignored_consent_columns=tuple(
            _consent_column("--ignore-consent-column", name, mapping) for name in args.ignored_consent_columns
        ),
        confirmed_consent_columns=(
            *mapping.confirmed_consent_columns,
            *(_consent_column("--hold-back", name, mapping) for name in args.confirmed_consent_columns),
        ),
        area_code=_area_code(args.area_code, mapping, opened.header),
        area_code_confirmed=mapping.area_code_confirmed or args.area_code is not None,
    )
    for option in args.consent_values:
        column, value, may_be_texted = _consent_value(option, mapping)
        mapping = mapping.with_consent_answer(column, value, may_be_texted=may_be_texted)
    return mapping


def _date_order(args: argparse.Namespace, mapping: ColumnMapping, opened: InspectedFile) -> str:
    """Return the order of day and month: by option, mapping or the column's dates."""
    if args.dates is not None:
        return _DATE_ORDERS[args.dates]
    index = mapping.column_of("signup_date")
    return mapping.dates or (ASK if index is None else opened.profiles[index].dates)


def _area_code(name: str | None, mapping: ColumnMapping, header: Sequence[str]) -> str:
    """Return the normalized name of the column with area codes; empty for none.

    Raises:
        UsageError: The file has no such column.
    """
    if name is None:
        return mapping.area_code
    if name.strip().casefold() == "none":
        return ""
    if normalize_header(name) not in map(normalize_header, header):
        raise UsageError(f"--area-code: the file has no column “{name}”")
    return normalize_header(name)


def _consent_value(option: str, mapping: ColumnMapping) -> tuple[str, str, bool]:
    """Return the column, the folded value and the answer of COLUMN=VALUE=yes.

    Raises:
        UsageError: It is written otherwise, or there is no such column.
    """
    column_and_value, _, answer = option.rpartition("=")
    name, sign, value = column_and_value.partition("=")
    may_be_texted = parse_yes_no(answer)
    if not sign or may_be_texted is None:
        raise UsageError(f"--consent-value: “{option}” is not COLUMN=VALUE=yes or COLUMN=VALUE=no")
    return _consent_column("--consent-value", name, mapping), fold_value(value), may_be_texted


def _consent_column(option: str, name: str, mapping: ColumnMapping) -> str:
    """Return a consent column by its name, in any case.

    Raises:
        UsageError: The file has no such consent column.
    """
    columns = [rule.column for rule in mapping.consent]
    wanted = name.strip().casefold()
    column = next((column for column in columns if column.strip().casefold() == wanted), None)
    if column is None:
        there_are = ", ".join(f"“{column}”" for column in columns) or "there are none in this file"
        raise UsageError(f"{option}: “{name}” is no column that says who may be texted; {there_are}")
    return column


def make_request(
    args: argparse.Namespace,
    opened: InspectedFile,
    account: Account,
    journal: Path,
    options: Options,
    *,
    list_needed: bool,
) -> ValidationRequest:
    """Return the request to validate the file.

    Raises:
        UsageError: An argument is impossible for this file.
    """
    return ValidationRequest(
        path=str(args.file),
        choice=make_choice(args),
        fingerprint=opened.how.fingerprint,
        mapping=make_mapping(args, opened),
        options=options,
        account=account.id,
        account_name=account.name,
        base_url=account.base_url,
        journal=str(journal),
        list_needed=list_needed,
    )


def make_options(args: argparse.Namespace, account: Account) -> Options:
    """Return an import's options.

    Those of `check` are a region and fixed values.

    Raises:
        UsageError: An option's value is impossible.
    """
    region = _region(args.region or account.region)
    fixed = dict(_fixed_value(option, region) for option in getattr(args, "sets", ()))
    if args.list_number is not None:
        fixed |= [_fixed_value(f"list_number={args.list_number}", region)]
    switches = {"use_journeys": "journeys", "override_custom_fields": "override"}
    fixed |= {name: "yes" for name, switch in switches.items() if getattr(args, switch, False)}
    if getattr(args, "resend_journeys", False):
        fixed["skip_journey_if_exists"] = "no"
    if args.command == "check":
        return Options(region=region, fixed=fixed)
    return Options(
        region=region,
        fixed=fixed,
        duplicates=Duplicates(args.duplicates),
        already_added=AlreadyAdded(args.already_added),
        in_flight=args.in_flight if args.in_flight is not None else account.in_flight,
        per_second=args.per_second if args.per_second is not None else account.per_second,
    )


def _region(text: str) -> str:
    region = text.strip().upper()
    if region not in phone_regions.regions():
        raise UsageError(f"--region: “{text}” is no country's two letters, like US or GB")
    return region


def _fixed_value(option: str, region: str) -> tuple[str, str]:
    """Return the field and the text of `field=value`.

    Raises:
        UsageError: There is no such field, or the field cannot have this value.
    """
    name, sign, text = option.partition("=")
    if not sign:
        raise UsageError(f"--set: “{option}” is not field=value")
    try:
        use, _type = read_use(name.strip())
        if not use.startswith(CUSTOM):
            value = parse_value(FIELD[use], text.strip(), ParseContext(region=region))
            if _is_list(use):
                return use, str(value)  # the list is read in the account's country, whatever a row's column says
    except (MappingProblem, ParseProblem, KeyError) as problem:
        option = "--list" if _is_list(name) else f"--set {name}"
        reason = parse_problem_text(problem, text) if isinstance(problem, ParseProblem) else problem
        raise UsageError(f"{option}: {reason}") from problem
    return use, text.strip()


def _is_list(name: str) -> bool:
    """Return whether a field is the sending list."""
    return name in FIELD and FIELD[name].kind is Kind.LIST
