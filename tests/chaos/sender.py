"""A program that delivers a run by a fast policy, as `resume` does; tests kill it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.delivery.policies import UNBUDGETED
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.system.run_lock import RunBusy

TIMEOUTS = Timeouts(connect=2.0, read=2.0, write=2.0, whole=4.0)


async def deliver(journal: Path, run_id: int, account_id: str) -> str:
    """Deliver a run to its end. Return its state."""
    keys = CredentialStore()
    keys.set_for_session(account_id, KEY)
    service = ImportService(journal, keys, timeouts=TIMEOUTS, policy=UNBUDGETED)
    try:
        while True:
            try:
                return str((await service.deliver(run_id)).state)
            except RunBusy:  # another program delivers the run; once that is killed, this one continues
                await asyncio.sleep(0.02)
    finally:
        await service.close()


if __name__ == "__main__":
    print(asyncio.run(deliver(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
