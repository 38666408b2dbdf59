"""Short chaos tests; the long ones are `make chaos`."""

from __future__ import annotations

import pytest

from tests.chaos.__main__ import KINDS
from tests.chaos.killed import Kind, broken_promises, run_with_kills


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_run_that_is_killed_at_random_times_loses_and_doubles_nothing(kind: Kind) -> None:
    result = run_with_kills(kind, 20_261, 150, 2)
    assert result.kills > 0
    assert broken_promises(kind, result, 150) == []
