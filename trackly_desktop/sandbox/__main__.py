"""`python -m trackly_desktop.sandbox --port N`: the practice account alone, for curl and tests."""

from __future__ import annotations

import argparse
import sys

from trackly_desktop.sandbox.numbers import NUMBERS
from trackly_desktop.sandbox.runner import bind, serve


def main() -> int:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m trackly_desktop.sandbox",
        description="The practice account: Trackly's API on this machine, where no text reaches anybody.",
        epilog="Numbers that always answer in the same way: "
        + "; ".join(f"{number}: {behaviour}" for number, behaviour in NUMBERS.items()),
    )
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (0 takes a free one)")
    parser.add_argument("--only-post", action="store_true", help="know nothing but POST /api/v2/contacts")
    asked = parser.parse_args()
    try:
        listener = bind(asked.port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"Port {asked.port} cannot be used: {error}\n")
        return 2
    with listener:
        port = listener.getsockname()[1]
        sys.stdout.write(f"Practice account on http://127.0.0.1:{port} (its key is in the README); Ctrl+C ends it\n")
        sys.stdout.flush()
        serve(listener, only_post=asked.only_post)
    return 0


if __name__ == "__main__":
    sys.exit(main())
