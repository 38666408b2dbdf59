"""Tables of names that ship beside the code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.journeys.program import environment
from trackly_desktop.contacts.fields import FIELD
from trackly_desktop.mapping.column_aliases import NameGroup
from trackly_desktop.mapping.tables import read_table


def test_every_alias_belongs_to_a_field_of_the_api() -> None:
    assert read_table("field_aliases")["aliases"].keys() <= FIELD.keys()


@pytest.mark.parametrize("group", NameGroup)
def test_every_group_of_names_has_some_and_says_what_they_mean(group: NameGroup) -> None:
    table = read_table("column_names")[group]
    assert table["about"]
    assert len(set(table["names"])) == len(table["names"]) > 0


def test_no_table_is_read_for_the_first_window() -> None:
    code = (
        "import trackly_desktop.gui.main_window, trackly_desktop.mapping.presets, trackly_desktop.mapping.phone_columns;"
        "from trackly_desktop.mapping.tables import read_table; print(read_table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
