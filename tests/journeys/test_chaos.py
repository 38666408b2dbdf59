"""A short torture; the long one is `make torture`."""

from __future__ import annotations

import pytest

from tests.chaos.__main__ import KINDS
from tests.chaos.killed import Kind, broken_promises, torture


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_run_ended_at_random_moments_loses_and_doubles_nothing(kind: Kind) -> None:
    result = torture(kind, 20_261, 150, 2)
    assert result.kills > 0
    assert broken_promises(kind, result, 150) == []
