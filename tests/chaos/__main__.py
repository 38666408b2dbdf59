"""Long chaos tests: `python -m tests.chaos [--seed N] [--kills N] [--rows N]`."""

from __future__ import annotations

import argparse
import random
from collections import Counter

from tests.chaos.killed import Kind, broken_promises, run_with_kills

DELAY = 0.1
"""Most seconds for an answer: a run lasts long enough to be killed often."""
KINDS = (
    Kind("repeat-safe rows, a server that answers", trouble=0.0),
    Kind("repeat-safe rows, a server that fails"),
    Kind("rows that could text twice, no look-ups", forced=True),
    Kind("rows that could text twice, with look-ups", forced=True, supports_lookup=True),
    Kind("two programs on one journal", forced=True, supports_lookup=True, programs=2),
    Kind("a window that is killed or closed, as by a logout", window=True),
    Kind("an import that is taken back", undo=True, supports_lookup=True),
)


def main() -> int:
    """Return 0 where no promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--kills", type=int, default=60, help="for each kind")
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--only", default="", help="kinds whose name has this")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    broken = 0
    for kind in KINDS:
        if arguments.only not in kind.name:
            continue
        result = run_with_kills(kind, arguments.seed, arguments.rows, arguments.kills, delay=DELAY)
        promises = broken_promises(kind, result, arguments.rows)
        requests = sum(result.account.asked.values())
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in Counter(result.outcomes.values()).most_common())
        print(f"{kind.name}: killed {result.kills} times; {requests:,} requests; {counts}", flush=True)
        for promise in promises:
            print(f"  BROKEN: {promise}", flush=True)
        broken += len(promises)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
