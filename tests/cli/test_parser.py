"""Options of the commands, and their former names."""

from __future__ import annotations

import pytest

from trackly_desktop.__main__ import COMMANDS
from trackly_desktop.cli.parser import make_parser

IMPORT = ("import", "people.csv", "--list", "+18005551234")


@pytest.mark.parametrize(
    ("former", "option"),
    [
        (("--zone", "UTC"), ("--timezone", "UTC")),
        (("--disregard", "DNC"), ("--ignore-consent-column", "DNC")),
        (
            ("--disregard", "DNC", "--disregard", "Opt out"),
            ("--ignore-consent-column", "DNC", "--disregard", "Opt out"),
        ),
        (("--anew",), ("--new-run",)),
        (("--named-like-that",), ("--allow-suppression-filename",)),
    ],
)
def test_a_former_name_of_an_option_means_the_same(former: tuple[str, ...], option: tuple[str, ...]) -> None:
    parser = make_parser()
    assert parser.parse_args([*IMPORT, *former]) == parser.parse_args([*IMPORT, *option])
    assert parser.parse_args([*IMPORT, *former]) != parser.parse_args(IMPORT)


@pytest.mark.parametrize("former", ["--zone", "--disregard", "--anew", "--named-like-that"])
def test_help_shows_no_former_name(former: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(["import", "--help"])
    text = capsys.readouterr().out
    assert "--new-run" in text
    assert former not in text


@pytest.mark.parametrize("command", ["check", "import"])
def test_options_that_are_not_used_have_their_defaults(command: str) -> None:
    args = make_parser().parse_args([command, "people.csv", "--list", "+18005551234"])
    assert (args.timezone, args.ignored_consent_columns) == (None, [])
    if command == "import":
        assert (args.new_run, args.allow_suppression_filename) == (False, False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_parsed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        make_parser().parse_args([command, "--help"])
    assert exit_.value.code == 0
