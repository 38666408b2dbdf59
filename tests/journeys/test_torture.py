"""A short torture; the long one is `make torture`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torture.__main__ import KINDS
from tests.torture.killed import broken_promises, torture


@pytest.mark.parametrize("kind", [kind for _name, kind in KINDS], ids=[name for name, _kind in KINDS])
def test_a_run_killed_at_random_moments_loses_and_doubles_nothing(kind: dict[str, Any]) -> None:
    result = torture(20_261, 150, 2, **kind)
    assert result.kills > 0
    assert broken_promises(result, 150, forced=bool(kind.get("forced"))) == []
