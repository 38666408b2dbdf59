"""`python -m trackly_desktop.sandbox --port N`: the practice account on its own."""

from __future__ import annotations

import argparse
import sys

from trackly_desktop.sandbox.numbers import NUMBERS
from trackly_desktop.sandbox.runner import bind, serve


def main() -> int:
    """Serve until interrupted; return the exit code: 0, or 2 for a port in use."""
    parser = argparse.ArgumentParser(
        prog="python -m trackly_desktop.sandbox",
        description="The practice account: Trackly's API on this machine, where no text reaches anybody.",
        epilog="Numbers that always answer in the same way: "
        + "; ".join(f"{number}: {behaviour}" for number, behaviour in NUMBERS.items()),
    )
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (0 takes a free one)")
    parser.add_argument("--only-post", action="store_true", help="know nothing but POST /api/v2/contacts")
    arguments = parser.parse_args()
    try:
        listener = bind(arguments.port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"Port {arguments.port} cannot be used: {error}\n")
        return 2
    with listener:
        port = listener.getsockname()[1]
        sys.stdout.write(f"Practice account on http://127.0.0.1:{port} (its key is in the README); Ctrl+C ends it\n")
        sys.stdout.flush()
        serve(listener, only_post=arguments.only_post)
    return 0


if __name__ == "__main__":
    sys.exit(main())
