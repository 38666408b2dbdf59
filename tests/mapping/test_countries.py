"""Countries by name and code."""

from __future__ import annotations

import pytest

from trackly_desktop.mapping.countries import find_region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("US", "US"), ("usa", "US"), ("U.S.A.", "US"), ("United States", "US"), ("Estados Unidos", "US"), ("États-Unis", "US"),
        ("Vereinigtes Königreich", "GB"), ("UK", "GB"), ("England", "GB"), ("Deutschland", "DE"), ("Alemania", "DE"),
        ("Brasil", "BR"), ("España", "ES"), ("DEU", "DE"), ("日本", "JP"), ("Россия", "RU"), ("Wakanda", ""), ("", ""),
    ],
)  # fmt: skip
def test_countries_are_known_by_name_and_code_in_several_languages(text: str, region: str) -> None:
    assert find_region(text) == region
