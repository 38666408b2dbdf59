"""A program that delivers a run, as `resume` does, with the clock's part of the policy shortened: it is there to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.shorten_clock import shorten_clock as shorten_policies
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.delivery import retry_policy
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.system.run_lock import RunBusy


async def deliver(journal: Path, run: int, account: str) -> str:
    """To its end; how it ended."""
    keys = CredentialStore()
    keys.set_for_session(account, KEY)
    session = ImportService(journal, keys, timeouts=Timeouts(connect=2.0, read=2.0, write=2.0, whole=4.0))
    try:
        while True:
            try:
                return str((await session.deliver(run)).state)
            except RunBusy:  # another is at it; once that is killed, this one goes on
                await asyncio.sleep(0.02)
    finally:
        await session.close()


def shorten_clock() -> None:
    """Seconds become hundredths; what is decided is not touched."""
    shorten_policies(setattr)
    retry_policy.LONGEST_DELAY = 0.05
    retry_policy.FREE_RETRIES = 1_000_000  # the budget would have an ailing server wait for minutes


if __name__ == "__main__":
    shorten_clock()
    print(asyncio.run(deliver(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
