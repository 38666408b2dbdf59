"""Names of custom fields, in the account's style."""

from __future__ import annotations

import pytest

from trackly_desktop.mapping.custom_names import custom_name, style_of


@pytest.mark.parametrize(
    ("names", "column", "name"),
    [
        (["first_name", "zip"], "Shoe Size", "shoe_size"),
        (["firstName", "zipCode"], "Shoe Size", "shoeSize"),
        (["First name", "Zip"], "Shoe Size", "Shoe size"),
        ([], "shoeSize (EU)", "shoe_size"),
    ],
)
def test_a_custom_field_is_named_in_the_accounts_own_style(names: list[str], column: str, name: str) -> None:
    assert custom_name(column, style_of(names)) == name
